"""Right about ranks, wrong about labels: what is said of it."""

from modelling.comparison.lean import lean_sentences
from modelling.types import Decision, Variant
from tests.charts.made_up_asked import make_asked

CLASSES = ("bad", "good")
BIASED = make_asked(answered_shares=(0.02, 0.98), true_shares=(0.5, 0.5))
LEARNED = make_asked(
    variant=Variant.TUNED,
    decision=Decision.THRESHOLD,
    metrics={"roc_auc": 0.9, "accuracy": 0.82},
)


def test_a_lean_is_named_with_what_the_ranks_say_and_what_mends_it():
    (sentence,) = lean_sentences([BIASED, LEARNED], CLASSES)
    assert sentence == (
        "Mini leans to good: 98 % of its answers, 50 % of the rows. Its ranks say more than its "
        "labels: ROC AUC 0.90, accuracy 0.50. A threshold learned from 100 training rows is the "
        "cheapest improvement of Mini: accuracy 0.50 to 0.82, without another call."
    )


def test_nothing_is_said_of_a_model_that_answers_in_proportion():
    assert lean_sentences([make_asked()], CLASSES) == ()


def test_without_probabilities_nothing_is_said_of_ranks():
    labels_only = make_asked(
        answered_shares=(0.9, 0.1), true_shares=(0.5, 0.5), has_probabilities=False
    )
    (sentence,) = lean_sentences([labels_only], CLASSES)
    assert sentence == "Mini leans to bad: 90 % of its answers, 50 % of the rows."


def test_what_a_search_found_is_not_called_free():
    searched = make_asked(variant=Variant.TUNED, decision=Decision.THRESHOLD, n_trials=20)
    (sentence,) = lean_sentences([BIASED, searched], CLASSES)
    assert "cheapest" not in sentence
