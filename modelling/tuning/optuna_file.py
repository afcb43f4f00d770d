"""A study as an Optuna storage file, and the configurations of one that comes from elsewhere.

The file is Optuna's journal: lines of JSON, which `optuna-dashboard` opens by its path and Optuna
by `JournalStorage(JournalFileBackend(path))`. Nothing in it is ever executed or unpickled.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from modelling.errors import DataError
from modelling.models.space import holds
from modelling.tuning.propose import distribution
from modelling.types import Direction, FoldResult, Params, SearchParam, Trial, TrialState

MAX_BYTES = 64 * 1024**2
MAX_IMPORTED = 20


def write_study(
    path: Path,
    name: str,
    trials: Sequence[Trial],
    folds: Iterable[FoldResult],
    *,
    space: Sequence[SearchParam],
    metric: str,
    direction: Direction,
) -> None:
    """Write the ended trials of one study to ``path``, a file that does not exist yet.

    Values are published scores in the direction of the metric; each fold's score is an
    intermediate value. What does not fit into Optuna's own fields (origin, reason, CPU seconds, a
    configuration outside the search space) is among the user attributes.

    Parameters
    ----------
    name : str
        Name of the study in the file.
    metric : str
        Name of the metric in ``FoldResult.scores``.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    scores: dict[int, dict[int, float]] = {}
    for fold in folds:
        score = fold.scores.get(metric)
        if score is not None and math.isfinite(score):
            scores.setdefault(fold.trial, {})[fold.fold] = score
    study = optuna.create_study(study_name=name, storage=_storage(path), direction=direction.value)
    ended = [trial for trial in trials if trial.state is not TrialState.RUNNING]
    study.add_trials(
        [_frozen(trial, scores.get(trial.number, {}), space, direction) for trial in ended]
    )


def read_configurations(path: Path, space: Sequence[SearchParam]) -> tuple[Params, ...]:
    """Return the best configurations of the studies in a file that lie in ``space``, best first.

    Configurations that name other parameters, or values outside their range, are left out.

    Raises
    ------
    DataError
        If the file is no Optuna journal, is too large, or holds nothing that fits the space, or
        only studies of several objectives.
    """
    if path.stat().st_size > MAX_BYTES:
        raise DataError(
            f"The study file has {path.stat().st_size / 1e6:.0f} MB; at most "
            f"{MAX_BYTES / 1e6:.0f} MB are read. Export fewer trials."
        )
    studies = [study for study in _studies(path) if len(study.directions) == 1]
    if not studies:
        raise DataError(
            "The file holds only studies of several objectives; a study here has one, so export "
            "one of those."
        )
    found = [params for study in studies for params in _best_first(study, space)]
    if not found:
        names = ", ".join(param.name for param in space)
        raise DataError(
            f"No trial of the file fits the search space ({names}); check that it tuned the same "
            "model, or widen the ranges."
        )
    return tuple(found[:MAX_IMPORTED])


def _studies(path: Path) -> list[Any]:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    reason: Exception | None = None
    try:
        names = optuna.get_all_study_names(_storage(path))
        studies = [optuna.load_study(study_name=name, storage=_storage(path)) for name in names]
    # A file that is no journal raises whatever the library stumbles over first.
    except Exception as error:  # noqa: BLE001
        studies, reason = [], error
    if not studies:
        raise DataError(
            "This is no Optuna journal file (lines of JSON as JournalFileBackend writes them); "
            "export the study to one and try again."
        ) from reason
    return studies


def _storage(path: Path) -> Any:
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock

    # The default lock is a symbolic link beside the file, which some file systems refuse.
    return JournalStorage(JournalFileBackend(str(path), lock_obj=JournalFileOpenLock(str(path))))


def _frozen(
    trial: Trial, scores: dict[int, float], space: Sequence[SearchParam], direction: Direction
) -> Any:
    from optuna.trial import TrialState as Optunas, create_trial

    states = {
        TrialState.COMPLETE: Optunas.COMPLETE,
        TrialState.PRUNED: Optunas.PRUNED,
        TrialState.FAILED: Optunas.FAIL,
    }
    inside = [param for param in space if holds([param], trial.params)]
    sign = 1.0 if direction is Direction.MINIMIZE else -1.0
    failed = trial.state is TrialState.FAILED or trial.value is None
    return create_trial(
        state=states[trial.state],
        value=None if failed else sign * float(trial.value or 0.0),
        params={param.name: trial.params[param.name] for param in inside},
        distributions={param.name: distribution(param) for param in inside},
        intermediate_values=scores,
        user_attrs={
            "number": trial.number,
            "origin": trial.origin,
            "cpu_s": trial.cpu_s,
            "configuration": json.dumps(dict(trial.params)),
            **({"reason": trial.reason} if trial.reason else {}),
        },
    )


def _best_first(study: Any, space: Sequence[SearchParam]) -> list[Params]:
    from optuna.study import StudyDirection
    from optuna.trial import TrialState as Optunas

    sign = 1.0 if study.direction is StudyDirection.MINIMIZE else -1.0
    known = [
        trial
        for trial in study.get_trials(states=(Optunas.COMPLETE,))
        if holds(space, trial.params) and trial.value is not None
    ]
    known.sort(key=lambda trial: sign * trial.value)
    configurations = [{param.name: trial.params[param.name] for param in space} for trial in known]
    return [params for at, params in enumerate(configurations) if params not in configurations[:at]]
