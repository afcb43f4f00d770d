"""Rows without a stake count with the median of the others, and it is said."""

import csv

import numpy as np

from components.what_if import books
from modelling.settings import Settings
from modelling.types import Payoff
from modelling.workbench import TaskChoices, Workbench


def test_rows_without_a_stake_count_with_the_median_and_it_is_said(tmp_path):
    path = tmp_path / "frauds.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(["score", "amount", "fraud"])
        for i in range(200):
            amount = "" if i % 5 == 0 else 10 + i % 7
            lines.writerow([i % 13, amount, "yes" if i % 13 > 9 else "no"])
    settings = Settings.from_env({"TUNEWORTH_HOME": str(tmp_path / "home")})
    with Workbench.open(settings) as bench:
        choices = TaskChoices(target="fraud", positive="yes", stake="amount")
        experiment = bench.create_experiment(bench.add_file(path).id, choices)
        bench.wait(bench.start_benchmark(experiment.id, ["logistic"]).id, timeout_s=60)
        kept = bench.ledger(experiment.id)
        rows = bench.rows_to_answer(experiment.id)
        n_missing = int(rows["amount"].isna().sum())
        assert kept.n_without_stake == n_missing > 0
        (note, *_) = books.notes(experiment, kept)
        assert note == (
            f"{n_missing} locked rows have no amount: they count with the median of the others."
        )
        lost = Payoff(outcomes=((0.0, 0.0), (0.0, 0.0)), stakes=((0.0, 0.0), (-1.0, 0.0)))
        values = [
            kept.books.worths[name].value(np.array([0.0] * 4 + [0.0, 0.0, -1.0, 0.0]))
            for name in kept.books.worths
        ]
        assert lost.uses_stakes
        assert np.isfinite(values).all()
