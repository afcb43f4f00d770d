import math

import numpy as np
import pytest

from modelling.comparison import decide, paired_gain
from modelling.comparison.wording import percent, rows_about, significant
from modelling.metrics import METRICS, metric
from modelling.types import VerdictWord

AUC, RMSE = metric("roc_auc"), metric("neg_root_mean_squared_error")


def gain_with(mean, sd, *, spec=AUC, base=0.9, margin=0.005, n_test=5955):
    noise = np.random.default_rng(0).normal(size=2000)
    noise = (noise - noise.mean()) / noise.std(ddof=1)
    draws = np.full(2000, base)
    return paired_gain(
        draws,
        draws + spec.sign * (mean + sd * noise),
        base_score=base,
        candidate_score=base + spec.sign * mean,
        metric=spec,
        margin=margin,
        n_test=n_test,
    )


def decided(gain, spec=AUC, **options):
    return decide(
        gain, metric=spec, base_title="LightGBM", candidate_title="Tuned LightGBM", **options
    )


def test_a_gain_clearly_above_the_margin_is_tune():
    gain = gain_with(0.0121, 0.003)
    low, high = gain.interval
    result = decided(gain)
    assert result.verdict is VerdictWord.TUNE
    assert result.reasons[0] == (
        "From LightGBM to Tuned LightGBM, ROC AUC rose by 0.0121 "
        f"(95 % interval {low:.4f} to {high:.4f}) on 5,955 rows nobody touched."
    )
    assert result.reasons[1] == ("The probability that it is better by more than 0.005 is 99 %.")
    assert "row noise only" in result.reasons[2]


@pytest.mark.parametrize("spec", METRICS, ids=lambda spec: spec.name)
def test_every_metric_is_worded_with_its_direction_and_unit_and_judged_by_its_own_margin(spec):
    margin = spec.margin_for(0.5)
    assert margin == pytest.approx(0.005)  # 0.005 itself, or 1 % of 0.5
    gain = gain_with(0.0121, 0.003, spec=spec, base=0.5, margin=margin)
    result = decided(gain, spec)
    assert result.verdict is VerdictWord.TUNE
    verb = "fell" if spec.name.startswith("neg_") else "rose"
    unit = f" {spec.unit}" if spec.unit else ""
    assert f" {spec.title} {verb} by 0.0121{unit} (95 % interval" in result.reasons[0]


@pytest.mark.parametrize("mean", [-0.02, 0.0, 0.001])
def test_a_gain_clearly_below_the_margin_keeps_the_base(mean):
    result = decided(gain_with(mean, 0.002), search_cpu_s=512.4)
    assert result.verdict is VerdictWord.KEEP_BASE
    assert any("clear answer" in reason or "better model" in reason for reason in result.reasons)
    assert any("512 CPU seconds" in reason for reason in result.reasons)


def test_anything_between_is_not_enough_evidence_and_says_how_many_rows_would_be():
    result = decided(gain_with(0.008, 0.003))
    assert result.verdict is VerdictWord.NOT_ENOUGH_EVIDENCE
    # 5,955 rows times (1.645 * 0.003 / 0.003) squared
    assert result.reasons[2] == (
        "About 16,000 test rows would decide it if the gain stays as it is; there are 5,955."
    )


def test_a_gain_at_the_margin_says_that_rows_would_not_help():
    result = decided(gain_with(0.005, 0.003))
    assert "more test rows would hardly decide it" in result.reasons[2]


@pytest.mark.parametrize(
    ("p_better", "verdict"),
    [
        (0.95, VerdictWord.TUNE),
        (0.9495, VerdictWord.NOT_ENOUGH_EVIDENCE),
        (0.0505, VerdictWord.NOT_ENOUGH_EVIDENCE),
        (0.05, VerdictWord.KEEP_BASE),
    ],
)
def test_the_limits_are_part_of_the_verdict(p_better, verdict):
    n_better = round(2000 * p_better)
    draws = np.repeat([0.92, 0.90], [n_better, 2000 - n_better])
    gain = paired_gain(
        np.full(2000, 0.9),
        draws,
        base_score=0.9,
        candidate_score=draws.mean(),
        metric=AUC,
        margin=0.005,
        n_test=100,
    )
    assert decided(gain).verdict is verdict


def test_several_claims_need_the_adjusted_probability_as_well():
    gain = gain_with(0.0121, 0.003)
    assert decided(gain, p_adjusted=0.05).verdict is VerdictWord.TUNE
    refused = decided(gain, p_adjusted=0.08)
    assert refused.verdict is VerdictWord.NOT_ENOUGH_EVIDENCE
    assert any("Holm" in reason and "8 %" in reason for reason in refused.reasons)


def test_a_search_that_ends_at_the_base_keeps_it():
    result = decided(gain_with(0.02, 0.001), same_configuration=True)
    assert result.verdict is VerdictWord.KEEP_BASE
    assert result.reasons[0] == "The search found nothing better than the base configuration."


def test_equal_predictions_keep_the_base_without_an_odd_sentence():
    result = decided(gain_with(0.0, 0.0))
    assert result.verdict is VerdictWord.KEEP_BASE
    assert "ROC AUC did not change on 5,955 rows" in result.reasons[0]


def test_a_gain_of_zero_with_noise_is_worded_as_no_change():
    reason = decided(gain_with(0.0, 0.002)).reasons[0]
    assert "ROC AUC did not change (95 % interval: a fall of 0.0038 to a rise of 0.0039)" in reason


def test_an_undefined_score_is_not_enough_evidence():
    result = decided(gain_with(math.nan, 0.0))
    assert result.verdict is VerdictWord.NOT_ENOUGH_EVIDENCE
    assert "undefined" in result.reasons[0]


def test_errors_fall_when_they_get_better_and_carry_their_unit():
    better = decided(gain_with(100.0, 30.0, spec=RMSE, base=1250.0, margin=12.5), RMSE)
    assert better.verdict is VerdictWord.TUNE
    assert "RMSE fell by 100 units of the target (95 % interval 4" in better.reasons[0]
    worse = decided(gain_with(-7.0, 30.0, spec=RMSE, base=1250.0, margin=12.5), RMSE)
    assert "RMSE rose by 7 units" in worse.reasons[0]
    assert "a rise of 6" in worse.reasons[0]
    assert "to a fall of 5" in worse.reasons[0]


def test_a_loss_names_its_interval_from_small_to_large():
    reason = decided(gain_with(-0.02, 0.002)).reasons[0]
    assert "ROC AUC fell by 0.0200 (95 % interval 0.0161 to 0.02" in reason


def test_no_margin_means_better_at_all():
    assert "better at all" in decided(gain_with(0.01, 0.001, margin=0.0)).reasons[1]


def test_probabilities_near_a_limit_are_not_rounded_onto_it():
    assert percent(0.9495) == "94.95 %"
    assert percent(0.0505) == "5.05 %"
    assert percent(0.62) == "62 %"
    assert percent(0.0) == "less than 1 %"


def test_numbers_are_short_and_never_in_powers_of_ten():
    assert [significant(value) for value in (0.005, 1234567.0, 0.25, 0.0)] == [
        "0.005",
        "1,234,567",
        "0.25",
        "0",
    ]
    assert [rows_about(15_832, 5955), rows_about(97, 50), rows_about(5_980, 5_960)] == [
        "16,000",
        "97",
        "6,000",
    ]
