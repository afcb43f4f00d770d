import pytest

from modelling.charts.history import history_figure, history_numbers
from modelling.charts.studies import trial_score
from modelling.metrics import metric
from modelling.types import Trial, TrialCounts, TrialState

AUC, RMSE = metric("roc_auc"), metric("neg_root_mean_squared_error")
NAMES = {"tree": ("Decision tree", "tree"), "knn": ("Neighbours", "neighbours")}


def make_trial(number: int, value: float | None, state=TrialState.COMPLETE, model="tree") -> Trial:
    return Trial(
        model=model,
        number=number,
        origin="tpe",
        params={},
        state=state,
        value=value,
        folds_done=5,
        cpu_s=2.0,
    )


STUDY = [
    make_trial(0, -0.70),
    make_trial(1, -0.68),
    make_trial(2, -0.90, TrialState.PRUNED),
    make_trial(3, -0.75),
    make_trial(4, None, TrialState.FAILED),
    make_trial(5, None, TrialState.RUNNING),
]


def test_the_best_so_far_is_of_complete_trials_only_against_the_time_spent():
    """Trial 2 was stopped early: its value is a guess, not a result."""
    (study,) = history_numbers(STUDY, metric=AUC, names=NAMES).studies
    assert [(point.cpu_s, point.score) for point in study.best] == [(2.0, 0.70), (8.0, 0.75)]
    assert (study.base_score, study.best_score) == (0.70, 0.75)
    assert study.cpu_s == 12.0
    assert study.counts == TrialCounts(complete=3, pruned=1, failed=1)
    assert study.running == 1


def test_an_error_metric_keeps_its_published_sign():
    trials = [make_trial(0, 31.0), make_trial(1, 30.0), make_trial(2, 32.0)]
    (study,) = history_numbers(trials, metric=RMSE, names=NAMES).studies
    assert [(point.cpu_s, point.score) for point in study.best] == [(2.0, 31.0), (4.0, 30.0)]


@pytest.mark.parametrize(("metric", "value", "score"), [(AUC, -0.8, 0.8), (RMSE, 3.5, 3.5)])
def test_a_told_loss_is_turned_back_into_the_score(metric, value, score):
    assert trial_score(make_trial(0, value), metric) == score


def test_each_model_of_a_run_is_a_study_of_its_own():
    trials = [make_trial(0, -0.6, model="knn"), *STUDY]
    studies = history_numbers(trials, metric=AUC, names=NAMES).studies
    assert [study.title for study in studies] == ["Neighbours", "Decision tree"]


def test_states_have_shapes_of_their_own():
    figure, finding = history_figure(history_numbers(STUDY, metric=AUC, names=NAMES))
    symbols = [trace.marker.symbol for trace in figure.data if trace.mode == "markers"]
    assert {"circle", "triangle-down-open"} <= set(symbols)
    assert "best selection score 0.7500" in finding
    assert "3 trials complete, 1 stopped early, 1 failed" in finding


def test_hopeless_trials_do_not_squeeze_the_rest():
    trials = [make_trial(i, -0.80 - 0.001 * i) for i in range(10)]
    trials += [make_trial(10 + i, -0.1, TrialState.PRUNED) for i in range(3)]
    figure, _ = history_figure(history_numbers(trials, metric=AUC, names=NAMES))
    assert figure.layout.yaxis.range[0] > 0.75
    assert figure.layout.annotations[0].text == "3 worse trials outside this range"


def test_before_the_first_trial_ends_it_says_so():
    figure, finding = history_figure(history_numbers(STUDY[5:], metric=AUC, names=NAMES))
    assert finding == "No trial is complete yet."
    assert figure.layout.yaxis.range is None


def test_the_course_can_be_drawn_against_trials():
    trials = [make_trial(0, -0.7), make_trial(1, -0.75), make_trial(2, -0.72)]
    numbers = history_numbers(trials, metric=AUC, names={}, by="trials")
    figure, finding = history_figure(numbers)
    line = next(trace for trace in figure.data if trace.mode == "lines")
    assert list(line.x) == [0, 1, 2]
    assert figure.layout.xaxis.title.text.startswith("Trials")
    assert "against trials" in finding


def test_the_band_of_noise_follows_the_best_so_far():
    trials = [make_trial(0, -0.7), make_trial(1, -0.75)]
    numbers = history_numbers(trials, metric=AUC, names={}, noise={"tree": 0.01})
    lower, upper, line = [
        trace for trace in history_figure(numbers)[0].data if trace.mode == "lines"
    ]
    assert list(line.y) == [0.7, 0.75, 0.75]
    assert list(lower.y) == pytest.approx([0.69, 0.74, 0.74])
    assert list(upper.y) == pytest.approx([0.71, 0.76, 0.76])
    assert upper.fill == "tonexty"
    assert "noise of the folds" in line.name


@pytest.mark.parametrize("state", [TrialState.FAILED, TrialState.RUNNING])
def test_without_trial_zero_nothing_else_passes_for_the_base(state):
    trials = [make_trial(0, None, state), *STUDY[1:]]
    (study,) = history_numbers(trials, metric=AUC, names=NAMES).studies
    assert (study.base_score, study.best_score) == (None, 0.75)
