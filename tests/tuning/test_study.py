from collections import Counter
from dataclasses import replace
from statistics import fmean

import pytest
from hypothesis import given, settings, strategies as st

from modelling.models import model
from modelling.models.space import with_space
from modelling.tuning.openings import ON_ALL_ROWS
from modelling.tuning.race import Race
from modelling.types import Budget, SearchParam, TrialState
from tests.tuning.made_up import FOLDS, Drive, chance, drive, failing, result, rough, spec

KEYS = st.sampled_from(["tree", "lightgbm", "logistic"])
SAMPLERS = st.sampled_from(["tpe", "random", "grid"])
SLOTS = st.sampled_from([1, 2, 4])
ORDERS = st.integers(0, 10**6)


def folds_of(run: Drive):
    """Return the folds of each trial in the order in which they were started."""
    found: dict[int, list[int]] = {}
    for job in run.jobs:
        found.setdefault(job.trial, []).append(job.fold)
    return found


# The first trials ---------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["tree", "logistic", "knn", "lightgbm"])
def test_trial_zero_is_the_base_exactly(key):
    run = drive(spec(key))
    first = run.study.trials[0]
    assert first.origin == "base"
    assert dict(first.params) == dict(model(key).base)
    assert not first.stop_early
    assert len(first.folds) == FOLDS
    assert first.state is TrialState.COMPLETE


def test_a_booster_goes_on_with_the_base_stopped_early_and_known_good_ones():
    trials = drive(spec("lightgbm")).study.trials
    assert [trial.origin for trial in trials[:5]] == [
        "base",
        "base, stopped early",
        "known good",
        "known good",
        "random",
    ]
    assert dict(trials[1].params) == {"learning_rate": 0.1, "num_leaves": 31}
    assert all(trial.stop_early is (trial.origin != ON_ALL_ROWS) for trial in trials[1:])
    assert [trial.params for trial in trials[2:4]] == list(model("lightgbm").known_good)


def test_another_model_goes_on_with_known_good_ones_and_never_stops_early():
    trials = drive(spec("tree")).study.trials
    assert [trial.origin for trial in trials[:4]] == ["base", "known good", "known good", "random"]
    assert not any(trial.stop_early for trial in trials)


@pytest.mark.parametrize(
    ("budget", "cost", "known"),
    [
        (Budget(trials=9), 0.0, False),
        (Budget(trials=10), 0.0, True),
        (Budget(cpu_s=100.0, trials=10), 10.0, True),
        (Budget(cpu_s=100.0, trials=10), 10.1, False),
        (Budget(usd=1.0, trials=10), 10.0, True),
        (Budget(usd=1.0, trials=10), 10.1, False),
    ],
)
def test_known_good_ones_run_only_if_each_is_a_tenth_of_the_budget_at_most(budget, cost, known):
    run = drive(spec(budget=budget, estimated_trial_cpu_s=cost), cost=lambda _: 0.001)
    assert ("known good" in {trial.origin for trial in run.study.trials}) is known


# Any order of arrival -----------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(key=KEYS, sampler=SAMPLERS, slots=SLOTS, order=ORDERS, window=st.sampled_from([4, 6]))
def test_the_trials_are_the_same_whatever_runs_at_once_and_ends_first(
    key, sampler, slots, order, window
):
    of = spec(key, sampler=sampler, window=window, budget=Budget(trials=14))
    alone, together = drive(of), drive(of, slots=slots, order=order)
    assert together.rows == alone.rows
    assert together.study.best().number == alone.study.best().number


@settings(max_examples=20, deadline=None)
@given(slots=SLOTS, order=ORDERS, share=st.sampled_from([0.05, 0.2]))
def test_failed_folds_change_nothing_about_that(slots, order, share):
    of, loss = spec(sampler="tpe", budget=Budget(trials=14)), failing(share)
    assert drive(of, loss, slots=slots, order=order).rows == drive(of, loss).rows


@settings(max_examples=40, deadline=None)
@given(
    key=KEYS,
    sampler=SAMPLERS,
    slots=SLOTS,
    order=ORDERS,
    cut=st.integers(0, 60),
    again=st.tuples(SLOTS, ORDERS),
)
def test_a_study_that_was_cut_off_anywhere_goes_on_to_the_same_trials(
    key, sampler, slots, order, cut, again
):
    of = spec(key, sampler=sampler)
    before = drive(of, slots=slots, order=order, at_most=cut)
    after = drive(of, slots=again[0], order=again[1], after=before)
    assert after.rows == drive(of).rows
    done = {(fold.trial, fold.fold) for fold in before.results}
    assert done.isdisjoint((job.trial, job.fold) for job in after.jobs)


@settings(max_examples=20, deadline=None)
@given(slots=SLOTS, order=ORDERS, cut=st.integers(0, 60))
def test_a_study_with_failures_can_be_cut_off_as_well(slots, order, cut):
    of, loss = spec(), failing(0.15)
    before = drive(of, loss, slots=slots, order=order, at_most=cut)
    assert drive(of, loss, after=before).rows == drive(of, loss).rows


@given(KEYS, SLOTS, ORDERS, st.integers(0, 40))
@settings(max_examples=25)
def test_a_wish_that_waited_while_a_study_was_cut_off_comes_after_what_was_fitted(
    key, slots, order, cut
):
    of = spec(key, budget=Budget(trials=45))
    wish = model(key).known_good[-1]
    first = drive(of, slots=slots, order=order, at_most=cut)
    fitted = {fold.trial for fold in first.results}
    rest = drive(of, slots=slots, order=order, after=first, asked=wish)
    for number in fitted:
        assert rest.study.trials[number].params == first.study.trials[number].params
        assert rest.study.trials[number].origin == first.study.trials[number].origin
    (by_hand,) = [trial for trial in rest.study.trials if trial.origin == "by hand"]
    assert by_hand.params == wish
    assert by_hand.number == max(fitted, default=0) + 1
    assert len(rest.study.trials) == 45


def test_a_finished_study_needs_no_job_to_be_rebuilt():
    done = drive(spec())
    again = drive(spec(), after=done)
    assert again.jobs == []
    assert again.study.finished
    assert again.rows == done.rows


def test_another_seed_gives_other_trials():
    one, other = drive(spec()), drive(spec(seed=1))
    assert [trial.params for trial in one.rows[:3]] == [trial.params for trial in other.rows[:3]]
    assert one.rows[3].params != other.rows[3].params


# The race -----------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(key=KEYS, slots=SLOTS, order=ORDERS)
def test_folds_of_a_trial_follow_each_other_and_none_starts_after_a_stop(key, slots, order):
    run = drive(spec(key, budget=Budget(trials=20)), slots=slots, order=order)
    for number, folds in folds_of(run).items():
        assert folds == list(range(len(folds)))
        trial = run.study.trials[number]
        assert len(folds) == len(trial.folds)
        if trial.state is TrialState.PRUNED:
            assert len(folds) < FOLDS
            assert trial.rule.stops(trial.losses)
            assert not any(trial.rule.stops(trial.losses[:n]) for n in range(1, len(folds)))


@pytest.mark.parametrize("key", ["tree", "lightgbm"])
def test_a_trial_is_raced_against_what_was_known_a_window_before(key):
    """The rule of every trial, computed once more from the finished study."""
    study = drive(spec(key, budget=Budget(trials=30)), slots=4, order=3).study
    for trial in study.trials:
        race = Race()
        for other in study.trials[: max(0, trial.number - 4)]:
            if other.state is TrialState.COMPLETE and not other.late:
                race.add(other.losses, None if other.rule is None else other.rule.incumbent)
        assert trial.rule == race.rule()


def test_a_stopped_trial_says_by_how_much_it_was_behind():
    study = drive(spec(budget=Budget(trials=30))).study
    stopped = next(trial for trial in study.trials if trial.state is TrialState.PRUNED)
    n = len(stopped.losses)
    behind = fmean(
        own - other
        for own, other in zip(stopped.losses, stopped.rule.incumbent.losses, strict=False)
    )
    assert stopped.reason.startswith(f"After fold {n} its loss was {behind:.4g} behind the best")
    assert stopped.value == pytest.approx(stopped.rule.incumbent.mean + behind)


def test_the_race_saves_most_of_the_folds_of_bad_trials():
    def loss(job):
        return 0.0 + 0.01 * chance(job.fold) if job.trial == 0 else 10.0 + 0.01 * chance(job.fold)

    run = drive(spec(budget=Budget(trials=20)), loss)
    counts = {number: len(folds) for number, folds in folds_of(run).items()}
    # The first five race against nobody; the rest stop after one fold, but for two that are
    # completed because they are among the best three.
    assert Counter(counts.values())[1] >= 13


# The best -----------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(key=KEYS, slots=SLOTS, order=ORDERS)
def test_in_the_end_the_best_three_by_told_value_have_all_their_folds(key, slots, order):
    run = drive(spec(key, budget=Budget(trials=20)), slots=slots, order=order)
    assert run.study.finished

    def told(trial):
        # What the sampler was told, before a late completion replaced it.
        early = trial.losses
        if trial.rule is None:
            return fmean(early)
        for n in range(1, FOLDS):
            if trial.rule.stops(early[:n]):
                return trial.rule.told_value(early[:n])
        return fmean(early)

    # What is fitted on all rows comes after that, or as the last of a budget of trials.
    proposed = [trial for trial in run.study.trials if trial.origin != ON_ALL_ROWS]
    best = sorted(proposed, key=lambda trial: (told(trial), trial.number))[:3]
    assert all(trial.state is TrialState.COMPLETE for trial in best)
    late = [trial for trial in run.study.trials if trial.late]
    assert {trial.number for trial in late} <= {trial.number for trial in best}
    for trial in late:
        assert trial.value == pytest.approx(fmean(trial.losses))


@settings(max_examples=30, deadline=None)
@given(key=KEYS, order=ORDERS)
def test_the_best_is_never_worse_than_the_base(key, order):
    study = drive(spec(key), slots=4, order=order).study
    assert study.best().value <= study.trials[0].value
    complete = [trial.value for trial in study.trials if trial.state is TrialState.COMPLETE]
    assert study.best().value == min(complete)


def test_of_equal_trials_the_earlier_one_is_best():
    study = drive(spec(), lambda job: 0.5 + 0.01 * job.fold).study
    assert study.best().number == 0
    assert all(trial.state is TrialState.COMPLETE for trial in study.trials)


# On all rows --------------------------------------------------------------------------------


def base_ahead(job):
    """What stops early is behind the base until it learns from all rows."""
    handicap = 2.0 if job.stop_early else 0.0
    return rough(job) + handicap if job.trial else 1.0 + 0.3 * chance("fold", job.fold)


def best_stopped_early(trials):
    complete = [t for t in trials if t.stop_early and t.state is TrialState.COMPLETE]
    return min(complete, key=lambda trial: (trial.value, trial.number))


BUDGETS = st.one_of(
    st.builds(Budget, trials=st.integers(10, 20)), st.builds(Budget, cpu_s=st.floats(60.0, 100.0))
)


@settings(max_examples=20, deadline=None)
@given(budget=BUDGETS, slots=SLOTS, order=ORDERS)
def test_where_the_base_leads_the_best_is_fitted_on_all_rows_in_the_end(budget, slots, order):
    of = spec("lightgbm", budget=budget, slots=slots)
    run = drive(of, base_ahead, slots=slots, order=order)
    *others, last = run.study.trials
    best = best_stopped_early(trial for trial in others if not trial.late or budget.cpu_s)
    assert last.origin == ON_ALL_ROWS
    # The mean of the rounds of five folds: 10, 20, 30, 40, 50.
    assert dict(last.params) == {**best.params, "n_estimators": 30}
    assert not last.stop_early
    assert last.point is None
    assert all(trial.origin != ON_ALL_ROWS for trial in others)
    assert run.study.best() is (last if last.state is TrialState.COMPLETE else others[0])


def test_where_something_that_stops_early_leads_that_is_not_needed():
    trials = drive(spec("lightgbm", budget=Budget(trials=20))).study.trials
    assert min(trials, key=lambda trial: trial.value).stop_early
    assert all(trial.origin != ON_ALL_ROWS for trial in trials)


def test_few_trials_are_all_for_the_search():
    trials = drive(spec("lightgbm", budget=Budget(trials=9)), base_ahead).study.trials
    assert len(trials) == 9
    assert all(trial.origin != ON_ALL_ROWS for trial in trials)


@settings(max_examples=10, deadline=None)
@given(budget=BUDGETS, slots=SLOTS, order=ORDERS)
def test_a_study_that_is_extended_keeps_every_trial_that_it_has(budget, slots, order):
    short = drive(
        spec("lightgbm", budget=budget, slots=slots), base_ahead, slots=slots, order=order
    )
    twice = Budget(trials=budget.trials and 2 * budget.trials, cpu_s=budget.cpu_s and 150.0)
    of = spec("lightgbm", budget=twice, opening=budget, slots=slots)
    longer = drive(of, base_ahead, after=short)
    kept = longer.rows[: len(short.rows)]
    assert [(row.origin, row.params) for row in kept] == [
        (row.origin, row.params) for row in short.rows
    ]
    assert len(longer.rows) > len(short.rows)


@settings(max_examples=20, deadline=None)
@given(slots=SLOTS, order=ORDERS, cut=st.integers(0, 60))
def test_a_study_whose_base_leads_can_be_cut_off_anywhere(slots, order, cut):
    of = spec("lightgbm")
    before = drive(of, base_ahead, slots=slots, order=order, at_most=cut)
    assert drive(of, base_ahead, after=before).rows == drive(of, base_ahead).rows


# Failures -----------------------------------------------------------------------------------


def test_a_trial_that_fails_on_a_fold_gets_no_other_and_says_why():
    run = drive(spec(), lambda job: None if (job.trial, job.fold) == (3, 1) else rough(job))
    failed = run.study.trials[3]
    assert (failed.state, failed.reason) == (TrialState.FAILED, "It did not work.")
    assert folds_of(run)[3] == [0, 1]
    assert failed.value is None
    assert len(run.study.trials) == 12


def test_a_base_that_fails_does_not_end_the_study():
    study = drive(spec(), lambda job: None if job.trial == 0 else rough(job)).study
    assert study.trials[0].state is TrialState.FAILED
    assert study.best().number > 0
    assert len(study.trials) == 12


@settings(max_examples=15, deadline=None)
@given(slots=SLOTS, order=ORDERS)
def test_a_study_in_which_nothing_works_is_given_up_at_the_same_trial_every_time(slots, order):
    of = spec(budget=Budget(trials=50))
    study = drive(of, lambda _: None, slots=slots, order=order).study
    assert study.finished
    assert study.best() is None
    # Eight failures are known once the window has passed them.
    assert len(study.trials) == 8 + of.window


def test_a_fold_that_fails_when_a_stopped_trial_is_completed_is_not_tried_again():
    def loss(job):
        if job.trial == 0:
            return 0.1 * job.fold
        # Just behind the base at first, and broken later.
        return None if job.fold >= 3 else 0.1 * job.fold + 0.3

    study = drive(spec(budget=Budget(trials=10)), loss).study
    assert study.finished
    assert study.best().number == 0


# Budget -------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(trials=st.integers(1, 25), slots=SLOTS, order=ORDERS, key=KEYS)
def test_a_budget_of_trials_is_met_exactly(trials, slots, order, key):
    run = drive(spec(key, budget=Budget(trials=trials)), slots=slots, order=order)
    assert len(run.study.trials) == trials
    assert run.study.finished
    assert run.study.share_spent() == 1.0


def test_a_grid_that_is_used_up_ends_the_study():
    run = drive(spec("logistic", sampler="grid", budget=Budget(trials=50)))
    assert [trial.origin for trial in run.study.trials].count("grid") == 4
    assert run.study.finished


@settings(max_examples=40, deadline=None)
@given(
    cpu_s=st.floats(5.0, 90.0),
    slots=SLOTS,
    order=ORDERS,
    key=KEYS,
    uneven=st.booleans(),
)
def test_a_budget_of_cpu_seconds_is_passed_by_no_more_than_was_under_way(
    cpu_s, slots, order, key, uneven
):
    def cost(job):
        return 0.5 + chance("cost", job.trial, job.fold) if uneven else 1.0

    of = spec(key, budget=Budget(cpu_s=cpu_s), slots=slots)
    run = drive(of, slots=slots, order=order, cost=cost)
    assert run.study.finished
    # Under way when the last trial starts: one trial per slot; reserved: the best three.
    assert run.cpu_s <= cpu_s + 1.5 * FOLDS * slots
    # A study that ended early ended because its space was covered.
    if len(run.study.trials) < 100:
        assert run.cpu_s >= cpu_s - 1.5 * FOLDS * (slots + 4)


@settings(max_examples=20, deadline=None)
@given(budgets=st.tuples(st.floats(5.0, 90.0), st.floats(5.0, 90.0)), slots=SLOTS, order=ORDERS)
def test_a_larger_budget_of_time_only_adds_trials(budgets, slots, order):
    small, large = sorted(budgets)

    def proposed(cpu_s):
        # One in ten of the budget decides on known-good ones: the estimate makes it certain.
        of = spec(budget=Budget(cpu_s=cpu_s), slots=slots, estimated_trial_cpu_s=0.0)
        run = drive(of, slots=slots, order=order)
        return [trial.params for trial in run.study.trials]

    fewer, more = proposed(small), proposed(large)
    assert more[: len(fewer)] == fewer


def test_a_budget_of_wall_time_ends_a_study():
    run = drive(spec(budget=Budget(wall_s=100.0)), wall_s_per_fold=1.0)
    assert 60 <= len(run.results) <= 100 + FOLDS
    assert run.study.finished


def test_a_budget_of_money_is_cpu_seconds_at_their_price():
    by_money = drive(spec(budget=Budget(usd=0.5), usd_per_cpu_s=0.01))
    by_time = drive(spec(budget=Budget(cpu_s=50.0)))
    assert by_money.rows == by_time.rows


def test_time_buys_no_more_trials_than_a_space_of_its_size_needs():
    run = drive(spec("logistic", budget=Budget(cpu_s=1e9)), cost=lambda _: 1e-6)
    assert len(run.study.trials) == 200


@pytest.mark.parametrize("sampler", ["tpe", "random"])
def test_a_space_that_is_used_up_ends_the_study(sampler):
    space = (SearchParam(name="C", kind="choice", choices=(0.01, 0.1, 1.0, 10.0)),)
    of = spec("logistic", budget=Budget(cpu_s=1e9), sampler=sampler)
    narrowed = replace(of, model=with_space(of.model, space))
    run = drive(narrowed, loss=lambda job: None if job.params["C"] == 10.0 else rough(job))
    tried = [trial.params["C"] for trial in run.study.trials]
    assert set(tried) == {0.01, 0.1, 1.0, 10.0}
    # Those that fail are known as such a window later.
    assert len(tried) <= 4 + of.window
    assert run.study.finished


def test_the_share_spent_only_grows():
    study = drive(spec(), at_most=0).study
    shares = []
    for _ in range(200):
        job = study.next_job(0.0)
        if job is None:
            break
        study.handle(result(job, rough(job)))
        shares.append(study.share_spent())
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] == 1.0


# What is stored -----------------------------------------------------------------------------


def test_each_change_of_a_trial_is_handed_out_once():
    study = drive(spec(), at_most=1).study
    changed = study.drain()
    assert [trial.number for trial in changed] == [0]
    assert (changed[0].folds_done, changed[0].state) == (1, TrialState.RUNNING)
    assert study.drain() == []
    study.next_job(0.0)
    assert [trial.number for trial in study.drain()] == [0]


def test_the_cost_of_a_trial_is_that_of_all_its_folds():
    study = drive(spec(), cost=lambda job: 0.5 + job.fold).study
    first = study.trials[0].row("tree", 7.0)
    assert first.cpu_s == pytest.approx(0.5 + 1.5 + 2.5 + 3.5 + 4.5)
    assert (first.folds_done, first.study_wall_s) == (FOLDS, 7.0)


def test_a_wider_window_is_another_study():
    """The window is part of the record: it decides what each proposal may know."""
    narrow = drive(spec(sampler="tpe", window=1, budget=Budget(trials=25)))
    wide = drive(spec(sampler="tpe", window=8, budget=Budget(trials=25)))
    assert narrow.rows != wide.rows
    assert replace(narrow.rows[0], value=None) == replace(wide.rows[0], value=None)
