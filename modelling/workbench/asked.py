"""Language models on samples of an experiment's rows: whom to ask, what it takes, what came."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from modelling.errors import SpecError
from modelling.settings import openai_url
from modelling.types import (
    CAP_USD,
    N_TEST,
    N_TRAIN,
    AskedModel,
    AskSpec,
    Prompt,
    Run,
    RunKind,
    TaskSpec,
    TokenPrice,
)
from modelling.workbench.llm_states import (
    AskEstimate,
    LlmState,
    check_client,
    has_key,
    is_listening,
    likely_usd_per_1k,
    questions,
    state_of,
    today,
)
from modelling.workbench.next_steps import NextSteps

if TYPE_CHECKING:
    from modelling.text.catalogue import Llm

_MOODS = "Which mood has this message?"
_LOOKED_AT = 400
_MOST_REMEMBERED = 20


class AskedModels(NextSteps):
    """The part of the workbench that asks language models."""

    def __init__(self, *values: Any, **more: Any) -> None:
        super().__init__(*values, **more)
        # By experiment: every look at a page estimates from them, and a table may be large.
        self._long_texts: dict[str, list[str]] = {}

    def llms(self) -> tuple[Llm, ...]:
        """Return the language models of the catalogue and of the user's own file."""
        from modelling.text.catalogue import catalogue

        return catalogue(self.settings.home, openai_url=openai_url())

    def llm(self, key: str) -> Llm:
        """Return one of them, or any model of a known provider by its id.

        Raises
        ------
        SpecError
            If there is no such provider.
        """
        from modelling.text.catalogue import find

        return find(key, self.llms())

    def has_key(self, llm: Llm) -> bool:
        """Whether a model can be asked without a key being typed."""
        return has_key(llm.provider)

    def has_price(self, experiment_id: str, key: str, prompt: Prompt) -> bool:
        """Whether the price of a model is known, or it has none."""
        from modelling.text.prices import UnknownPriceError

        try:
            self.ask_estimate(experiment_id, key, prompt, n_rows=1, price=None)
        except UnknownPriceError:
            return False
        return True

    def asking_obstacle(self, experiment_id: str) -> str | None:
        """Return why language models cannot be asked here, as a sentence; None if they can."""
        if not self.experiment(experiment_id).task.kind.is_classification:
            return "Language models are asked for classes; this task predicts a number."
        if not self.texts(experiment_id):
            return "Language models are asked about text; this experiment has none."
        return None

    def llm_states(
        self, experiment_id: str, prompt: Prompt, *, with_keys: Collection[str] = ()
    ) -> tuple[LlmState, ...]:
        """Return every known model with what it needs and what it would cost.

        Parameters
        ----------
        with_keys : collection of str
            Providers whose key is known to the caller, besides those of the environment.
        """
        texts = self._longest_texts(experiment_id)
        listening = {llm.provider.id: is_listening(llm.provider) for llm in self.llms()}
        return tuple(
            state_of(llm, prompt, texts, listening[llm.provider.id], with_keys)
            for llm in self.llms()
        )

    def proposed_prompt(self, experiment_id: str) -> Prompt:
        """Return a prompt to begin with, from the task's own words.

        Raises
        ------
        SpecError
            If the experiment has no text, or no classes, to ask about.
        """
        obstacle = self.asking_obstacle(experiment_id)
        if obstacle is not None:
            raise SpecError(obstacle)
        task = self.experiment(experiment_id).task
        return Prompt(question=_question(task), labels=task.classes, descriptions=task.label_texts)

    def prompt_preview(self, experiment_id: str, key: str, prompt: Prompt) -> list[dict[str, str]]:
        """Return what would be sent about the first training row, word for word, by role."""
        from modelling.datasets.text_sample import Sample, examples
        from modelling.text.asking import Question

        problem = self.problem(experiment_id)
        sample = Sample.of(problem, "train", N_TRAIN, n_blocks=1)
        shown = examples(problem, sample.places, prompt)
        question = Question(llm=self.llm(key), prompt=prompt, examples=shown)
        return question.about(sample.texts[0])

    def ask_estimate(
        self, experiment_id: str, key: str, prompt: Prompt, *, n_rows: int, price: TokenPrice | None
    ) -> AskEstimate:
        """Return what asking about so many rows would take at most, before anything is sent.

        Raises
        ------
        UnknownPriceError
            If nobody knows the price of the model.
        """
        from modelling.text.prices import PriceList

        llm = self.llm(key)
        texts = self._longest_texts(experiment_id)
        question, prices = questions(llm, prompt, texts), PriceList(llm=llm, own=price)
        upper = [question.upper_tokens(question.about(text)) for text in texts]
        return AskEstimate(
            n_calls=n_rows,
            tokens=round(n_rows * float(np.mean([tokens.read for tokens in upper]))),
            usd=n_rows * float(np.mean([prices.usd(tokens) for tokens in upper])),
            usd_per_1k=likely_usd_per_1k(question, texts, prices),
            price_source=prices.source,
        )

    def start_asking(
        self,
        experiment_id: str,
        key: str,
        prompt: Prompt | None = None,
        *,
        consent: bool = False,
        n_train: int = N_TRAIN,
        n_test: int = N_TEST,
        n_injected: int = 0,
        cap_usd: float = CAP_USD,
        price: TokenPrice | None = None,
        provider_key: str = "",
    ) -> Run:
        """Queue asking a language model; it is a look at the locked test.

        Parameters
        ----------
        consent : bool
            That the text column and the names of the classes may leave this machine. A server on
            this machine needs none.
        n_injected : int
            So many training rows are asked about again with an order in their text.
        provider_key : str
            The provider's key, if it is not in the environment; it is not stored with the run.

        Raises
        ------
        SpecError
            If there is nothing to ask about, no consent, no key, or no price.
        """
        spec = self._ask_spec(experiment_id, key, prompt, consent, price, provider_key)
        sized = replace(
            spec, n_train=n_train, n_test=n_test, n_injected=n_injected, cap_usd=cap_usd
        )
        return self._start(experiment_id, RunKind.ASK, sized)

    def check_asking(
        self, experiment_id: str, key: str, *, consent: bool, price: TokenPrice | None = None
    ) -> None:
        """Refuse in words what `start_asking` would refuse.

        Raises
        ------
        SpecError
            If there is nothing to ask about, no consent, no key, or no price.
        """
        self._ask_spec(experiment_id, key, None, consent, price, "")

    def asked(self, experiment_id: str) -> tuple[AskedModel, ...]:
        """Return what language models answered about an experiment's rows."""
        return self._store.results.asked(experiment_id)

    def _ask_spec(
        self,
        experiment_id: str,
        key: str,
        prompt: Prompt | None,
        consent: bool,
        price: TokenPrice | None,
        provider_key: str,
    ) -> AskSpec:
        """Return whom to ask, once everything that it needs is there."""
        from modelling.text.keys import left

        asked = prompt or self.proposed_prompt(experiment_id)
        if len(asked.labels) != len(self.proposed_prompt(experiment_id).labels):
            raise SpecError("The prompt needs one label for each class of the task.")
        llm = self.llm(key)
        check_client()
        if llm.is_retired(today()):
            raise SpecError(
                f"{llm.provider.title} took {llm.title} off on {llm.retires}; choose another model."
            )
        if not (consent or llm.provider.is_local):
            raise SpecError(
                f"Texts of this experiment would be sent to {llm.provider.title}; allow that first."
            )
        if not (has_key(llm.provider) or provider_key):
            raise SpecError(
                f"{llm.provider.title} needs a key: set {llm.provider.key} or type it in."
            )
        self.ask_estimate(experiment_id, key, asked, n_rows=1, price=price)
        ticket = left(self.settings.home, provider_key) if provider_key else ""
        return AskSpec(llm=llm.key, prompt=asked, price=price, ticket=ticket)

    def _longest_texts(self, experiment_id: str) -> list[str]:
        """Return some texts of the training rows, the longer half: an estimate is an upper one."""
        from modelling.datasets.stored import read_column

        if experiment_id not in self._long_texts:
            problem = self.problem(experiment_id)
            column = read_column(problem.dataset, problem.text[0])
            texts = [str(text) for text in column.iloc[problem.positions("train")[:_LOOKED_AT]]]
            while len(self._long_texts) >= _MOST_REMEMBERED:
                self._long_texts.pop(next(iter(self._long_texts)))
            self._long_texts[experiment_id] = sorted(texts, key=len)[len(texts) // 2 :]
        return self._long_texts[experiment_id]


def _question(task: TaskSpec) -> str:
    from modelling.text.moods import signs_of

    if signs_of(task.classes) is not None:
        return _MOODS
    return f"Which {task.target} does this text have?"
