"""Language models on samples of an experiment's rows: whom to ask, what it takes, what came."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from modelling.errors import SpecError
from modelling.settings import environment_key
from modelling.types import (
    AskedModel,
    AskSpec,
    ExternalCosts,
    ModelResult,
    Prompt,
    ResultStatus,
    Run,
    RunKind,
    SplitStrategy,
    TaskSpec,
    TokenPrice,
    Variant,
)
from modelling.workbench.next_steps import NextSteps

if TYPE_CHECKING:
    from modelling.comparison import Comparison
    from modelling.text.catalogue import Llm

FAMILY = "language model"
_MOODS = "Which mood has this message?"
_MILLISECONDS = 1000.0
# Same draws as the runner's, so that intervals agree.
_DRAWS = 2000
_LOOKED_AT = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class AskEstimate:
    """What asking would take at most: calls, tokens read, dollars; and for 1,000 answers."""

    n_calls: int
    tokens: int
    usd: float
    usd_per_1k: float
    price_source: str


class AskedModels(NextSteps):
    """The part of the workbench that asks language models."""

    def llms(self) -> tuple[Llm, ...]:
        """Return the language models of the catalogue and of the user's own file."""
        from modelling.text.catalogue import catalogue

        return catalogue(self.settings.home)

    def has_key(self, llm: Llm) -> bool:
        """Whether a model can be asked without a key being typed."""
        return not llm.provider.key or bool(environment_key(llm.provider.key))

    def proposed_prompt(self, experiment_id: str) -> Prompt:
        """Return a prompt to begin with, from the task's own words.

        Raises
        ------
        SpecError
            If the experiment has no text, or no classes, to ask about.
        """
        task = self.experiment(experiment_id).task
        if not task.kind.is_classification:
            raise SpecError("Language models are asked for classes; this task predicts a number.")
        if not self.texts(experiment_id):
            raise SpecError("Language models are asked about text; this experiment has none.")
        return Prompt(question=_question(task), labels=task.classes, descriptions=task.label_texts)

    def ask_estimate(
        self, experiment_id: str, key: str, prompt: Prompt, *, n_rows: int, price: TokenPrice | None
    ) -> AskEstimate:
        """Return what asking about so many rows would take at most, before anything is sent.

        Raises
        ------
        UnknownPriceError
            If nobody knows the price of the model.
        """
        from modelling.text.asking import Question, upper_tokens
        from modelling.text.prices import PriceList

        llm = self._llm(key)
        texts = self._longest_texts(experiment_id)
        examples = tuple((text, 0) for text in (texts * prompt.shots)[: prompt.shots])
        question = Question(llm=llm, prompt=prompt, examples=examples)
        prices = PriceList(llm=llm, own=price)
        upper = [upper_tokens(question.about(text)) for text in texts]
        usd = float(np.mean([prices.usd(tokens) for tokens in upper]))
        return AskEstimate(
            n_calls=n_rows,
            tokens=round(n_rows * float(np.mean([tokens.read for tokens in upper]))),
            usd=n_rows * usd,
            usd_per_1k=1000.0 * usd,
            price_source=prices.source,
        )

    def start_asking(
        self,
        experiment_id: str,
        key: str,
        prompt: Prompt | None = None,
        *,
        consent: bool = False,
        n_train: int = 100,
        n_test: int = 200,
        cap_usd: float = 1.0,
        price: TokenPrice | None = None,
        provider_key: str = "",
    ) -> Run:
        """Queue asking a language model; it is a look at the locked test.

        Parameters
        ----------
        consent : bool
            That the text column and the names of the classes may leave this machine. A server on
            this machine needs none.
        provider_key : str
            The provider's key, if it is not in the environment; it is not stored with the run.

        Raises
        ------
        SpecError
            If there is nothing to ask about, no consent, no key, or no price.
        """
        from modelling.text.keys import left

        asked = prompt or self.proposed_prompt(experiment_id)
        self.proposed_prompt(experiment_id)
        llm = self._llm(key)
        if not (consent or llm.provider.is_local):
            raise SpecError(
                f"Texts of this experiment would be sent to {llm.provider.title}; allow that first."
            )
        if not (self.has_key(llm) or provider_key):
            raise SpecError(
                f"{llm.provider.title} needs a key: set {llm.provider.key} or type it in."
            )
        self.ask_estimate(experiment_id, key, asked, n_rows=n_test, price=price)
        spec = AskSpec(
            llm=llm.key,
            prompt=asked,
            n_train=n_train,
            n_test=n_test,
            cap_usd=cap_usd,
            price=price,
            ticket=left(self.settings.home, provider_key) if provider_key else "",
        )
        return self._start(experiment_id, RunKind.ASK, spec)

    def asked(self, experiment_id: str) -> tuple[AskedModel, ...]:
        """Return what language models answered about an experiment's rows."""
        return self._store.results.asked(experiment_id)

    def sampled(self, experiment_id: str) -> Comparison | None:
        """Return all models on the rows that language models were asked about; None without any.

        Every model is scored on the same rows, so that they can be compared; scores of a sample
        vary more than those of the whole locked test.
        """
        from modelling.comparison.compare import compare, row_name

        asked = self.asked(experiment_id)
        if not asked:
            return None
        found = [(one, self._answers_of(one)) for one in asked]
        sample = found[0][1].test
        same = [(_as_result(one), got) for one, got in found if np.array_equal(got.test, sample)]
        rows = [(row, got.test_answers) for row, got in same]
        rows += self._on_sample(experiment_id, sample)
        scored = [self._on_rows(experiment_id, row, answers, sample) for row, answers in rows]
        return compare(
            [row for row, _ in scored],
            draws={row_name(row): draws for row, draws in scored},
            selection_gains={},
            task=self.experiment(experiment_id).task,
            n_test=len(sample),
        )

    def _llm(self, key: str) -> Llm:
        from modelling.text.catalogue import find

        return find(key, self.llms())

    def _answers_of(self, asked: AskedModel) -> _Answers:
        with np.load(self._store.blobs.path(asked.answers)) as parts:
            return _Answers(test=parts["test"], test_answers=parts["test_answers"])

    def _longest_texts(self, experiment_id: str) -> list[str]:
        """Return some texts of the training rows, the longer half: an estimate is an upper one."""
        from modelling.datasets.stored import read_column

        problem = self.problem(experiment_id)
        column = read_column(problem.dataset, problem.text[0])
        texts = [str(text) for text in column.iloc[problem.positions("train")[:_LOOKED_AT]]]
        return sorted(texts, key=len)[len(texts) // 2 :]

    def _on_sample(
        self, experiment_id: str, sample: NDArray[np.int64]
    ) -> list[tuple[ModelResult, NDArray[Any]]]:
        """Return the other models with their answers for the sampled rows."""
        from modelling.comparison.compare import current_rows

        task = self.experiment(experiment_id).task
        rows = current_rows(self._store.results.models(experiment_id), task)
        return [
            (row, self._predicted(row)[sample])
            for row in rows
            if row.status is ResultStatus.OK and row.test_prediction_blob is not None
        ]

    def _on_rows(
        self,
        experiment_id: str,
        row: ModelResult,
        answers: NDArray[Any],
        sample: NDArray[np.int64],
    ) -> tuple[ModelResult, NDArray[np.float64]]:
        """Return a row with its scores on the sampled rows, and the resampled ones."""
        from modelling.comparison.gain import interval
        from modelling.comparison.resampling import weights_for
        from modelling.datasets.locked import locked_truth
        from modelling.metrics import metric
        from modelling.metrics.resampled import weighted_scores
        from modelling.metrics.scores import all_scores

        task = self.experiment(experiment_id).task
        truth = locked_truth(self.problem(experiment_id))[sample]
        weights = weights_for(SplitStrategy.STRATIFIED, truth, None, task.seed, _DRAWS)
        draws = weighted_scores(metric(task.metric), truth, answers, weights)
        scores = all_scores(task.kind, truth, answers)
        scored = replace(
            row,
            test_score=scores[task.metric],
            test_interval=interval(draws),
            metrics=scores,
            test_prediction_blob=None,
        )
        return scored, draws


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Answers:
    """The sampled rows, as places within the locked test, and the answers about them."""

    test: NDArray[np.int64]
    test_answers: NDArray[np.float64]


def _as_result(asked: AskedModel) -> ModelResult:
    """Return a language model as a row among the others; what it cost is paid per answer."""
    milliseconds = _MILLISECONDS * asked.seconds_p50
    costs: dict[str, Any] = {"external": ExternalCosts(usd_per_1k=asked.usd_per_1k)}
    if asked.is_local:
        # A server on this machine is busy on one core while it answers.
        costs = {"fit_cpu_s": 0.0, "predict_cpu_ms_per_1k": 1000.0 * milliseconds}
    return ModelResult(
        run_id=asked.run_id,
        key=asked.key,
        title=asked.title,
        family=FAMILY,
        variant=Variant.BASE,
        params={"question": asked.prompt.question, "examples": asked.prompt.shots},
        cv_score=asked.cv_score,
        predict_ms_single_p50=milliseconds,
        predict_ms_single_p95=_MILLISECONDS * asked.seconds_p95,
        **costs,
    )


def _question(task: TaskSpec) -> str:
    from modelling.text.moods import signs_of

    if signs_of(task.classes) is not None:
        return _MOODS
    return f"Which {task.target} does this text have?"
