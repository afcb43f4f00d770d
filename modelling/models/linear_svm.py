"""Linear support vector machines, with probabilities."""

from __future__ import annotations

from modelling.models.spec import ALL_TASKS, Encoding, Estimator, ModelSpec, SearchParam
from modelling.types import Params, TaskKind

_CALIBRATION_FOLDS = 3


def _build(kind: TaskKind, params: Params, seed: int) -> Estimator:
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import LinearSVC, LinearSVR

    if kind.is_classification:
        # The machine gives distances only: a sigmoid fitted on held-out rows makes them
        # probabilities (Platt 1999).
        machine = LinearSVC(random_state=seed, dual=False, **params)
        return CalibratedClassifierCV(machine, cv=_CALIBRATION_FOLDS, ensemble=False)
    # Its loss counts errors in units of the target.
    machine = LinearSVR(random_state=seed, dual=False, loss="squared_epsilon_insensitive", **params)
    return TransformedTargetRegressor(machine, transformer=StandardScaler())


LINEAR_SVM = ModelSpec(
    key="linear_svm",
    title="Linear SVM",
    family="linear",
    tasks=ALL_TASKS,
    encoding=Encoding.LINEAR,
    base={"C": 1.0, "max_iter": 1000},
    build=_build,
    cpu_us_per_value=0.3,
    base_note="Classes: distances become probabilities by a sigmoid over three held-out parts. "
    "Numbers: the target is standardised and the loss is squared, which always converges.",
    space=(SearchParam(name="C", kind="float", low=1e-4, high=1e2, log=True),),
    base_point={"C": 1.0},
    known_good=({"C": 0.01}, {"C": 0.1}),
)
