"""Studies through the runner: extended, with trials by hand, in an edited space."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from modelling.errors import SpecError
from modelling.models import model
from modelling.types import Budget, RunState, SearchParam, Trial, TrialState, Variant
from tests.runner.conftest import Lab, experiment_on, serve


def plain(trials: tuple[Trial, ...]) -> list[tuple[object, ...]]:
    """Return what must be equal; completing the best afterwards depends on where a study ends."""
    return [(t.number, t.origin, dict(t.params)) for t in trials]


def test_an_extended_study_has_the_trials_of_one_that_was_longer_from_the_start(
    make_lab: Callable[[str], Lab], table: Path
) -> None:
    lab = make_lab("extended")
    bench = lab.workbench
    experiment = experiment_on(bench, table)
    short = bench.start_tuning(experiment.id, ["tree"], Budget(trials=12), seed=3)
    serve(lab)
    longer = bench.extend_tuning(short.id, Budget(trials=8))
    whole = bench.start_tuning(experiment.id, ["tree"], Budget(trials=20), seed=3)
    serve(lab)
    assert plain(bench.trials(longer.id)) == plain(bench.trials(whole.id))
    assert plain(bench.trials(short.id)) == plain(bench.trials(longer.id))[:12]
    # What was spent before belongs to it.
    tuned = {
        row.run_id: row
        for row in bench._store.results.models(experiment.id)
        if row.variant is Variant.TUNED
    }
    assert tuned[longer.id].search_cpu_s > tuned[short.id].search_cpu_s
    assert bench.run(longer.id).fit_cpu_s > bench.run(short.id).fit_cpu_s


def test_only_an_ended_study_is_extended_and_in_its_own_unit(
    make_lab: Callable[[str], Lab], table: Path
) -> None:
    lab = make_lab("refused")
    bench = lab.workbench
    experiment = experiment_on(bench, table)
    study = bench.start_tuning(experiment.id, ["tree"], Budget(trials=2))
    with pytest.raises(SpecError, match="Only a study that has ended"):
        bench.extend_tuning(study.id, Budget(trials=2))
    serve(lab)
    with pytest.raises(SpecError, match="another kind of budget"):
        bench.extend_tuning(study.id, Budget(cpu_s=5))


def test_a_trial_by_hand_comes_next_and_stays_when_the_study_is_extended(
    make_lab: Callable[[str], Lab], table: Path
) -> None:
    lab = make_lab("by hand")
    bench = lab.workbench
    experiment = experiment_on(bench, table)
    wanted = {param.name: model("tree").known_good[0][param.name] for param in model("tree").space}
    study = bench.start_tuning(experiment.id, ["tree"], Budget(trials=6))
    bench.queue_trial(study.id, "tree", wanted)
    serve(lab)
    (by_hand,) = [t for t in bench.trials(study.id) if t.origin == "by hand"]
    assert (by_hand.number, dict(by_hand.params)) == (1, wanted)
    assert by_hand.state is TrialState.COMPLETE
    with pytest.raises(SpecError, match="has ended"):
        bench.queue_trial(study.id, "tree", wanted)
    longer = bench.extend_tuning(study.id, Budget(trials=2))
    serve(lab)
    assert plain(bench.trials(longer.id))[:6] == plain(bench.trials(study.id))


def test_a_trial_by_hand_outside_the_space_is_refused(
    make_lab: Callable[[str], Lab], table: Path
) -> None:
    bench = make_lab("outside").workbench
    experiment = experiment_on(bench, table)
    study = bench.start_tuning(experiment.id, ["tree"], Budget(trials=6))
    with pytest.raises(SpecError, match="outside the search space"):
        bench.queue_trial(study.id, "tree", {"max_depth": -1})
    with pytest.raises(SpecError, match="no study of 'knn'"):
        bench.queue_trial(study.id, "knn", {})


def test_a_study_stays_inside_an_edited_space_and_tries_what_was_given(
    make_lab: Callable[[str], Lab], table: Path
) -> None:
    lab = make_lab("edited")
    bench = lab.workbench
    experiment = experiment_on(bench, table)
    first, *others = model("tree").space
    fixed = SearchParam(name=first.name, kind="choice", choices=(3,))
    space = (fixed, *(replace(p, high=p.low + 0.5 * (p.high - p.low)) for p in others))
    given = {param.name: param.low for param in others} | {first.name: 3}
    study = bench.start_tuning(
        experiment.id, ["tree"], Budget(trials=8), spaces={"tree": space}, given={"tree": (given,)}
    )
    serve(lab)
    assert bench.run(study.id).state is RunState.FINISHED
    trials = bench.trials(study.id)
    assert [t.origin for t in trials][:2] == ["base", "given"]
    for trial in trials[1:]:
        assert trial.params[first.name] == 3
        for param in space[1:]:
            assert param.low <= trial.params[param.name] <= param.high  # type: ignore[operator]
