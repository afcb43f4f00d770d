import numpy as np
import pandas as pd
import pytest

from modelling.datasets.external import external_answers
from modelling.errors import DataError
from modelling.types import TaskKind
from tests.builders import make_spec

POSITIONS = np.array([2, 5, 7])
TRUTH = np.array([0, 1, 1])
BINARY, REGRESSION = make_spec(), make_spec(TaskKind.REGRESSION)


def answers(task=BINARY, truth=TRUTH, **columns):
    return external_answers(pd.DataFrame(columns), task, POSITIONS, truth)


def test_answers_come_into_the_order_of_the_locked_rows():
    found = answers(row=[7, 2, 5], probability_no=[0.1, 0.8, 0.4], probability_yes=[0.9, 0.2, 0.6])
    np.testing.assert_allclose(found.predicted[:, 1], [0.2, 0.6, 0.9])
    assert (found.n_invalid, found.tokens, found.latency_ms) == (0, None, None)


def test_the_positive_class_alone_is_enough():
    found = answers(row=[2, 5, 7], probability_yes=[0.2, 0.6, 0.9])
    np.testing.assert_allclose(found.predicted, [[0.8, 0.2], [0.4, 0.6], [0.1, 0.9]])


def test_decisions_become_probabilities_of_zero_and_one():
    found = answers(row=[2, 5, 7], prediction=["no", "yes", "no"])
    np.testing.assert_array_equal(found.predicted, [[1, 0], [0, 1], [1, 0]])


def test_an_answer_outside_the_classes_is_counted_as_wrong():
    found = answers(row=[2, 5, 7], prediction=["no", "I cannot say", "yes"])
    assert found.n_invalid == 1
    assert np.argmax(found.predicted, axis=1).tolist() == [0, 0, 1]


def test_values_of_a_regression_with_tokens_and_latency():
    found = answers(
        REGRESSION,
        np.zeros(3),
        row=[5, 7, 2],
        prediction=["1.5", "2", "-3"],
        tokens=[100, 200, 300],
        latency_ms=[10, 30, 20],
    )
    assert found.predicted.tolist() == [-3.0, 1.5, 2.0]
    assert (found.tokens, found.latency_ms) == (200.0, 20.0)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"id": [2, 5, 7], "prediction": ["no"] * 3}, 'no column "row".*id, prediction'),
        ({"row": [2, 5], "prediction": ["no"] * 2}, "1 of the 3 locked rows.*row 7"),
        ({"row": [2, 5, 5, 7], "prediction": ["no"] * 4}, "Row 5 has more than one answer"),
        ({"row": [2, 5, 7], "answer": ["no"] * 3}, 'neither "prediction" nor'),
        ({"row": [2, 5, 7], "prediction": ["a", "b", "c"]}, "No answer is one of the classes"),
        ({"row": [2, 5, 7], "probability_no": [0.1] * 3}, 'no column "probability_yes"'),
        ({"row": [2, 5, 7], "probability_yes": [0.1, 1.2, 0.3]}, "lie between 0 and 1"),
        ({"row": [2, 5, 7], "probability_yes": [0.1, None, 0.3]}, "no numbers, such as.*row 5"),
        (
            {"row": [2, 5, 7], "probability_yes": [0.1] * 3, "probability_no": [0.1] * 3},
            "row 2 add up to 0.2",
        ),
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence(columns, said):
    with pytest.raises(DataError, match=said):
        answers(**columns)


def test_a_value_that_is_no_number_is_named():
    with pytest.raises(DataError, match='"n/a" in row 5'):
        answers(REGRESSION, np.zeros(3), row=[2, 5, 7], prediction=["1", "n/a", "3"])
