"""The rigorous preset on the command line: a verdict from all rows, or one sentence why not."""

import json

import pytest

from tests.reports.schema import PAIR, RESULT, VERDICTS


@pytest.fixture(scope="module")
def run(make_command_line):
    return make_command_line("rigorous")


def test_the_verdict_comes_from_the_outer_parts(run):
    done = run(
        *("compare", "good.csv", "--target", "y", "--models", "dummy,tree", "--tune", "tree"),
        *("--budget", "3trials", "--folds", "2", "--rigour", "rigorous", "--json", "-"),
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result.keys() == RESULT
    pair = result["pairs"][-1]
    assert pair.keys() == PAIR
    assert pair["role"] == "experiment"
    assert pair["p_worse"] + pair["p_equal"] + pair["p_better"] == pytest.approx(1.0)
    assert result["verdict"]["verdict"] in VERDICTS
    assert "over 5 outer parts of all" in " ".join(result["verdict"]["reasons"]) or (
        "found nothing better" in " ".join(result["verdict"]["reasons"])
    )
    # The parts have locked rows of their own: those of the experiment were scored as without them.
    assert result["task"]["peeks"] == 1


def test_rows_in_time_are_refused_before_anything_runs(run):
    done = run(
        *("compare", "good.csv", "--target", "y", "--time", "a", "--models", "dummy,tree"),
        *("--rigour", "rigorous"),
    )
    assert done.returncode == 2
    assert "cannot be held out in turn" in done.stderr
    assert "benchmark:" not in done.stderr
