from modelling.charts.stopped import stopped_figure, stopped_numbers
from modelling.types import Trial, TrialState

PRUNED, COMPLETE = TrialState.PRUNED, TrialState.COMPLETE


def make_trial(folds_done: int, state: TrialState = PRUNED) -> Trial:
    return Trial(
        model="tree", number=0, origin="tpe", params={}, state=state, folds_done=folds_done
    )


def test_only_stopped_trials_are_counted_at_their_last_fold():
    trials = [make_trial(2), make_trial(2), make_trial(4), make_trial(5, COMPLETE)]
    numbers = stopped_numbers(trials, n_folds=5, title="Tree", family="tree")
    assert numbers.counts == (0, 2, 0, 1)
    figure, finding = stopped_figure(numbers)
    assert list(figure.data[0].x) == [1, 2, 3, 4]
    assert finding == "Of Tree, the fold race stopped 3 trials: 2 after fold 2, 1 after fold 4."


def test_the_count_axis_does_not_jump_with_the_first_trials():
    few, _ = stopped_figure(stopped_numbers([], n_folds=5, title="Tree", family="tree"))
    more, _ = stopped_figure(
        stopped_numbers([make_trial(2)] * 4, n_folds=5, title="Tree", family="tree")
    )
    assert few.layout.yaxis.range == more.layout.yaxis.range
