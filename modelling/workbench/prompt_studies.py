"""Studies over the prompt of a language model, and the file that fine-tunes one elsewhere."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from modelling.errors import SpecError
from modelling.types import (
    N_TEST,
    N_TRAIN,
    AskedModel,
    Budget,
    Prompt,
    Run,
    RunKind,
    SearchParam,
    TokenPrice,
    TuningSpec,
    Variant,
)
from modelling.workbench.sampled import SampledRows

if TYPE_CHECKING:
    from collections.abc import Iterator

FineTuningForm = Literal["openai", "gemini"]
FINE_TUNING_FORMS: tuple[FineTuningForm, ...] = ("openai", "gemini")
_CHARACTERS_PER_TOKEN = 4.0
_ROLE_TOKENS = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class FineTuningEstimate:
    """The size of a fine-tuning: rows, tokens of one epoch, and the bill in US dollars."""

    n_rows: int
    tokens: int
    usd: float


class PromptStudies(SampledRows):
    """The part of the workbench that improves language models."""

    def start_prompt_tuning(
        self,
        experiment_id: str,
        key: str,
        budget: Budget,
        prompt: Prompt | None = None,
        *,
        consent: bool = False,
        space: Sequence[SearchParam] | None = None,
        sampler: str = "tpe",
        seed: int | None = None,
        n_train: int | None = None,
        n_test: int | None = None,
        cap_usd: float | None = None,
        price: TokenPrice | None = None,
        provider_key: str = "",
    ) -> Run:
        """Queue a study over the prompt of a language model; its end is a look at the locked test.

        Parameters
        ----------
        budget : Budget
            Of the search: trials pay for their tokens. The answers about the locked rows afterwards
            are not in it.
        space : sequence of SearchParam, optional
            An edited space, as `modelling.text.prompt_space.prompt_space` returns it.
        n_train, n_test : int, optional
            Default: as many rows as the model was asked about before.
        cap_usd : float, optional
            What the whole run may pay; default: the budget's money, or a dollar, and what the
            locked rows take at most.

        Raises
        ------
        SpecError
            If there is nothing to ask about, no consent, no key, or no price.
        """
        asked = prompt or self.base_prompt(experiment_id, key)
        spec = self._ask_spec(experiment_id, key, asked, consent, price, provider_key)
        before = self.asked_sizes(experiment_id, key)
        n_test = before[1] if n_test is None else n_test
        if cap_usd is None:
            cap_usd = self.prompt_tuning_cap(experiment_id, key, budget, asked, price, n_test)
        n_train = before[0] if n_train is None else n_train
        ask = replace(spec, n_train=n_train, n_test=n_test, cap_usd=cap_usd)
        task = self.experiment(experiment_id).task
        tuning = TuningSpec(
            models=(ask.llm,),
            budget=budget,
            sampler=sampler,
            seed=task.seed if seed is None else seed,
            spaces={ask.llm: tuple(space or self.prompt_space(key, asked))},
            ask=ask,
        )
        return self._start(experiment_id, RunKind.TUNING, tuning)

    def base_prompt(self, experiment_id: str, key: str) -> Prompt:
        """Return the prompt that a model was asked with, else the proposed one."""
        base = self._asked_base(experiment_id, key)
        return self.proposed_prompt(experiment_id) if base is None else base.prompt

    def asked_sizes(self, experiment_id: str, key: str) -> tuple[int, int]:
        """Return about how many training and locked rows a model was asked, else the usual."""
        base = self._asked_base(experiment_id, key)
        return (N_TRAIN, N_TEST) if base is None else (base.n_train, base.n_test)

    def _asked_base(self, experiment_id: str, key: str) -> AskedModel | None:
        wanted = (self.llm(key).key, Variant.BASE)
        rows = self.asked(experiment_id)
        return next((row for row in rows if (row.key, row.variant) == wanted), None)

    def prompt_tuning_cap(
        self,
        experiment_id: str,
        key: str,
        budget: Budget,
        prompt: Prompt,
        price: TokenPrice | None = None,
        n_test: int = N_TEST,
    ) -> float:
        """Return the most that a study can pay in US dollars: its search, and the locked rows.

        Base and winner are asked about the locked rows; the winner may have the most examples.
        """
        from modelling.text.prompt_space import EXAMPLES

        longest = replace(prompt, shots=max(prompt.shots, *EXAMPLES))
        last = [
            self.ask_estimate(experiment_id, key, one, n_rows=n_test, price=price).usd
            for one in (prompt, longest)
        ]
        return (1.0 if budget.usd is None else budget.usd) + sum(last)

    def prompt_space(self, key: str, prompt: Prompt) -> tuple[SearchParam, ...]:
        """Return everything that a study may change in a prompt."""
        from modelling.text.prompt_space import prompt_space

        return prompt_space(prompt, has_logprobs=self.llm(key).logprobs)

    def fine_tuning_file(
        self, experiment_id: str, prompt: Prompt, form: FineTuningForm = "openai"
    ) -> bytes:
        """Return all training rows as JSON lines that a provider fine-tunes a model on.

        Parameters
        ----------
        form : str
            "openai": conversations as OpenAI, Together and others take them; "gemini": contents as
            Google takes them.

        Raises
        ------
        SpecError
            If the form is unknown.
        """
        if form not in FINE_TUNING_FORMS:
            raise SpecError(
                f"There is no form {form!r}; choose one of {', '.join(FINE_TUNING_FORMS)}."
            )
        lines = (_line(one, form) for one in self._conversations(experiment_id, prompt))
        return "".join(f"{line}\n" for line in lines).encode()

    def fine_tuning_estimate(
        self, experiment_id: str, prompt: Prompt, *, usd_per_million: float, epochs: int = 3
    ) -> FineTuningEstimate:
        """Return what a fine-tuning on the training rows would take, at four characters a token."""
        n_tokens = [
            sum(len(part["content"]) / _CHARACTERS_PER_TOKEN + _ROLE_TOKENS for part in one)
            for one in self._conversations(experiment_id, prompt)
        ]
        tokens = round(float(np.sum(n_tokens)))
        return FineTuningEstimate(
            n_rows=len(n_tokens), tokens=tokens, usd=tokens * epochs * usd_per_million / 1e6
        )

    def _conversations(self, experiment_id: str, prompt: Prompt) -> Iterator[list[dict[str, str]]]:
        """Yield what is said about each training row, with the right answer at the end."""
        from modelling.datasets.text_sample import texts_of
        from modelling.text.prompts import messages, shown_labels

        problem = self.problem(experiment_id)
        rows = problem.load("train")
        plain = replace(prompt, shots=0)
        labels = shown_labels(plain)
        texts = texts_of(problem, rows.features, np.arange(len(rows.truth)))
        for text, code in zip(texts, rows.truth, strict=True):
            answer = {"role": "assistant", "content": labels[int(code)]}
            yield [*messages(plain, (), text), answer]


def _line(conversation: list[dict[str, str]], form: FineTuningForm) -> str:
    if form == "openai":
        return json.dumps({"messages": conversation}, ensure_ascii=False)
    system, asked, answered = conversation
    contents = [
        {"role": role, "parts": [{"text": part["content"]}]}
        for role, part in (("user", asked), ("model", answered))
    ]
    instruction = {"role": "system", "parts": [{"text": system["content"]}]}
    return json.dumps({"systemInstruction": instruction, "contents": contents}, ensure_ascii=False)
