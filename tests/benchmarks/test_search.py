"""The strategies of `benchmarks/tuning.py`, run for a moment on a small table."""

import time

import pytest

from benchmarks.strategies.ground import MODEL, encoded
from benchmarks.strategies.search import ROUNDS, STRATEGIES
from modelling.models import model
from modelling.models.space import holds
from modelling.types import TaskKind
from tests.builders import make_spec, mixed_table, write_problem

CPU_S = 0.4
N_FOLDS = 2
PLAIN = ("plain TPE", "random")


@pytest.fixture
def field(tmp_path):
    """A small table, its folds encoded."""
    frame = mixed_table(TaskKind.BINARY, n_rows=600)
    features = tuple(name for name in frame.columns if name != "y")
    task = make_spec(TaskKind.BINARY, features=features, folds=N_FOLDS)
    problem = write_problem(tmp_path / "data", frame, task, text=("text",))
    return encoded(problem, tmp_path / "encoded")


@pytest.mark.parametrize("name", PLAIN)
def test_plain_strategies_search_rounds_too_and_stop_after_the_trial_that_spends_the_budget(
    field, name
):
    found = STRATEGIES[name](field, CPU_S, 0)
    assert set(found.params) == {ROUNDS.name, *(param.name for param in model(MODEL).space)}
    assert holds((ROUNDS, *model(MODEL).space), found.params)
    assert found.fits_cpu_s >= CPU_S
    assert (found.rounds, found.pruned) == (None, 0)
    assert found.complete >= 1


def test_our_strategy_keeps_its_budget_and_says_with_how_many_rounds_to_fit(field):
    found = STRATEGIES["ours"](field, CPU_S, 0)
    most_rounds = model(MODEL).early_stopping.maximum
    assert found.complete >= 1
    assert 1 <= found.params[ROUNDS.name] <= most_rounds
    assert found.fits_cpu_s < 2 * CPU_S


def test_the_same_configuration_scores_the_same_on_the_held_out_rows(field):
    base = model(MODEL).base
    first, again = field.held_out(base), field.held_out(base)
    assert first.score == again.score
    assert first.draws.tolist() == again.draws.tolist()


@pytest.mark.parametrize("name", STRATEGIES)
def test_fits_and_the_search_itself_are_all_the_cpu_there_is(field, name):
    begin = time.process_time()
    found = STRATEGIES[name](field, CPU_S, 0)
    spent = time.process_time() - begin
    assert found.search_cpu_s > 0.0
    assert found.fits_cpu_s + found.search_cpu_s == pytest.approx(spent, abs=0.02)
