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
    # The trials of the shorter study are in the longer one, and are counted once.
    (gain,) = bench._store.results.gains(experiment.id).values()
    trials = [*bench.trials(longer.id), *bench.trials(whole.id)]
    n_complete = sum(trial.state is TrialState.COMPLETE for trial in trials)
    n_ensembles = len((short, longer, whole))
    assert gain.n_configurations == n_complete + n_ensembles
    assert gain.n_left_out == len(trials) - n_complete
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
    # One that came too late is tried first when the study goes on.
    late = wanted | {"max_depth": 3}
    bench._store.results.add_wish(study.id, "tree", late)
    longer = bench.extend_tuning(study.id, Budget(trials=2))
    serve(lab)
    trials = bench.trials(longer.id)
    assert plain(trials)[:6] == plain(bench.trials(study.id))
    assert [(t.number, dict(t.params)) for t in trials if t.origin == "by hand"] == [
        (1, wanted),
        (6, late),
    ]


def test_a_study_that_has_tried_all_of_its_space_is_not_extended(
    make_lab: Callable[[str], Lab], table: Path
) -> None:
    lab = make_lab("used up")
    bench = lab.workbench
    experiment = experiment_on(bench, table)
    space = (SearchParam(name="C", kind="choice", choices=(0.1, 1.0, 10.0)),)
    study = bench.start_tuning(
        experiment.id, ["logistic"], Budget(cpu_s=600.0), spaces={"logistic": space}
    )
    serve(lab)
    trials = bench.trials(study.id)
    assert {trial.params["C"] for trial in trials} == {0.1, 1.0, 10.0}
    with pytest.raises(SpecError, match=f"{len(trials)} trials.*widen the space"):
        bench.extend_tuning(study.id, Budget(cpu_s=60.0))


def test_money_that_nothing_costs_is_no_budget(make_lab: Callable[[str], Lab], table: Path) -> None:
    bench = make_lab("free").workbench
    experiment = experiment_on(bench, table)
    free = replace(experiment.economics, usd_per_vcpu_hour=0.0)
    bench.set_economics(experiment.id, free)
    with pytest.raises(SpecError, match="never used up while a vCPU hour costs nothing"):
        bench.start_tuning(experiment.id, ["tree"], Budget(usd=0.01))
    assert bench.start_tuning(experiment.id, ["tree"], Budget(usd=0.01, trials=2)).state.is_active


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
