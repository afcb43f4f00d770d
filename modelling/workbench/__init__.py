"""The facade that pages, notebooks and the command line call.

It is light: scikit-learn and all that fits models lives in the runner's children.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from modelling.datasets.choices import TaskChoices
from modelling.datasets.columns.manner import MISSING as DEFAULT_MISSING
from modelling.datasets.samples import Sample
from modelling.economics.cost import model_id as model_id
from modelling.economics.machines import AS_OF as AS_OF, MACHINES as MACHINES
from modelling.economics.usual import usual_payoffs as usual_payoffs
from modelling.launch import WhenOwnerEnds
from modelling.metrics import MetricSpec
from modelling.models.estimate import Estimate
from modelling.models.spec import ModelSpec
from modelling.text.injected import ORDERS
from modelling.tuning.report import ENOUGH_SHARE, MIN_FULL_TRIALS, SearchReport
from modelling.workbench.across import Across as Across
from modelling.workbench.answers import Changes as Changes
from modelling.workbench.asking import Along as Along
from modelling.workbench.ledgers import Ledger as Ledger
from modelling.workbench.llm_states import (
    AskEstimate as AskEstimate,
    LlmState as LlmState,
    Readiness as Readiness,
)
from modelling.workbench.prompt_studies import (
    FINE_TUNING_FORMS as FINE_TUNING_FORMS,
    PromptStudies,
)
from modelling.workbench.rigorous import Rigorous as Rigorous

# Kinds of orders within texts: each is asked about apart.
N_ORDERS = len(ORDERS)

if TYPE_CHECKING:
    from modelling.comparison import Comparison as Comparison, Pair as Pair
    from modelling.comparison.answers import Answers as Answers
    from modelling.comparison.details import (
        FoldsMetric as FoldsMetric,
        ModelDetails as ModelDetails,
    )
    from modelling.comparison.leaderboard import Standing as Standing
    from modelling.economics.decision import Priced as Priced, Sensitivity as Sensitivity
    from modelling.economics.next_step import NextStep as NextStep
    from modelling.economics.payback import Payback as Payback


class Workbench(PromptStudies):
    """One workspace: its data sets, experiments, runs and results.

    Each part is a module of its own that builds on the one before: `Files`, `Data`, `Experiments`,
    `Work`, `Studies`, `Ladder`, `Results`, `Predictions`, `LockedAnswers`,
    `External`, `Hindsights`, `Explanations`, `RigorousChecks`, `FreshTests`,
    `AcrossRuns`, `Money`, `Scenarios`, `Asking`,
    `NextSteps`, `AskedModels`, `SampledRows`, `PromptStudies`.

    Examples
    --------
    >>> workbench = Workbench.open()                                     # doctest: +SKIP
    >>> data = workbench.add_sample("card_transactions")                 # doctest: +SKIP
    >>> experiment = workbench.create_experiment(data.id)                # doctest: +SKIP
    >>> run = workbench.wait(workbench.start_benchmark(experiment.id).id)  # doctest: +SKIP
    """


__all__ = [
    "DEFAULT_MISSING",
    "ENOUGH_SHARE",
    "MIN_FULL_TRIALS",
    "Estimate",
    "MetricSpec",
    "ModelSpec",
    "Sample",
    "SearchReport",
    "TaskChoices",
    "WhenOwnerEnds",
    "Workbench",
]
