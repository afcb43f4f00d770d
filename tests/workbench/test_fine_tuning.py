"""Training rows as providers fine-tune on them: no locked row, the right answer, the estimate."""

import json

import pytest

from modelling.errors import SpecError
from modelling.types import Prompt
from modelling.workbench import FINE_TUNING_FORMS
from tests.runner.test_ask_run import served

PROMPT = Prompt(question="Which mood?", labels=("bad", "good"), shots=4, mask=True)


def test_each_training_row_is_a_line_with_its_answer_and_no_locked_row_is_there(tmp_path):
    with served(tmp_path) as (bench, experiment, fake):
        lines = bench.fine_tuning_file(experiment, PROMPT).decode().splitlines()
        locked = list(bench.rows_to_answer(experiment)["text"])
        n_train = bench.experiment(experiment).n_train
        estimate = bench.fine_tuning_estimate(experiment, PROMPT, usd_per_million=5.0, epochs=3)
        assert fake.calls == []
    found = [json.loads(line)["messages"] for line in lines]
    assert len(found) == n_train == 120
    for system, user, answer in found:
        assert [part["role"] for part in (system, user, answer)] == ["system", "user", "assistant"]
        assert "Which mood?" in system["content"]
        number = int(user["content"].split()[2])
        assert answer["content"] == ("good" if number % 4 else "bad")
    assert not any(text in line for text in locked for line in lines)
    n_characters = sum(len(part["content"]) for one in found for part in one)
    assert estimate.n_rows == 120
    assert estimate.tokens == pytest.approx(n_characters / 4 + 120 * 3 * 4, abs=1)
    assert estimate.usd == pytest.approx(estimate.tokens * 3 * 5.0 / 1e6)


def test_the_other_form_is_that_of_google(tmp_path):
    with served(tmp_path) as (bench, experiment, _):
        first = json.loads(bench.fine_tuning_file(experiment, PROMPT, "gemini").splitlines()[0])
        with pytest.raises(SpecError, match="openai, gemini"):
            bench.fine_tuning_file(experiment, PROMPT, "other")  # type: ignore[arg-type]
    assert set(first) == {"systemInstruction", "contents"}
    assert [part["role"] for part in first["contents"]] == ["user", "model"]
    assert FINE_TUNING_FORMS == ("openai", "gemini")
