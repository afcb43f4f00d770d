"""What payoffs do to a ranking and to a verdict, on the samples: three scenarios in words.

``.venv/bin/python benchmarks/scenarios.py`` benchmarks and tunes `card_transactions` and
`house_prices` (60 CPU seconds of search each), prices them, and prints what the What-if page says.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT))

from modelling.comparison.compare import row_label  # noqa: E402
from modelling.economics.wording import (  # noqa: E402
    beside_accuracy,
    in_money,
    money_text,
    what_decided,
)
from modelling.settings import Settings  # noqa: E402
from modelling.types import (  # noqa: E402  # noqa: E402
    Budget,
    CostBasis,
    Economics,
    ExternalCosts,
    ModelResult,
    OtherCost,
    Payoff,
    Variant,
)
from modelling.workbench import Workbench, model_id, usual_payoffs  # noqa: E402

SEARCH_CPU_S = 60.0
MODELS = ("logistic", "tree", "random_forest", "hist_gradient_boosting", "lightgbm")


def measured(bench: Workbench, sample: str, models: Sequence[str], tuned: str) -> str:
    """Return an experiment on a sample with base models and one tuned model."""
    experiment = bench.create_experiment(bench.add_sample(sample).id)
    bench.wait(bench.start_benchmark(experiment.id, models).id)
    bench.wait(bench.start_tuning(experiment.id, [tuned], Budget(cpu_s=SEARCH_CPU_S)).id)
    return experiment.id


def rankings(bench: Workbench, experiment: str, economics: Economics) -> None:
    """Print the models by accuracy and by worth, side by side."""
    comparison, kept = bench.by_accuracy(experiment), bench.ledger(experiment)
    metric = comparison.metric
    priced = [one for one in kept.books.priced(economics) if one.row.test_score is not None]
    by_score = sorted(priced, key=lambda one: -metric.oriented(one.row.test_score or 0.0))
    by_value = sorted(priced, key=lambda one: -(one.value or 0.0))
    print(f"| model | {metric.title} | place | worth of 1,000 | 95 % | place | called |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for one in by_value:
        low, high = one.value_interval or (0.0, 0.0)
        called = kept.books.share_called(one.row, economics) or 0.0
        print(
            f"| {row_label(one.row)} | {one.row.test_score:.4f} | {by_score.index(one) + 1} | "
            f"{money_text(1000 * (one.value or 0.0))} | {money_text(1000 * low)} to "
            f"{money_text(1000 * high)} | {by_value.index(one) + 1} | {called:.1%} |"
        )


def weighed(
    bench: Workbench, experiment: str, base: ModelResult, candidate: ModelResult, at: Economics
) -> None:
    """Print what is said of two models under these assumptions."""
    pair, kept = bench.pair(experiment, base, candidate), bench.ledger(experiment)
    found = kept.books.payback(base, candidate, at)
    if found is None:
        raise SystemExit("a cost was not measured")
    gain = pair.gain
    print(
        f"{row_label(base)} -> {row_label(candidate)}: gain {gain.gain:.5g} "
        f"({gain.interval[0]:.5g} to {gain.interval[1]:.5g}), by accuracy {pair.verdict.verdict}; "
        f"by net value {found.verdict}."
    )
    print(in_money(found, at))
    print(beside_accuracy(pair.verdict.verdict, found, at))
    print(what_decided(kept.books.task, bench.sensitivities(kept, pair, at)))


def with_vendor(bench: Workbench, experiment: str, folder: Path) -> ModelResult:
    """Return a vendor's model on the locked rows: the base model's answers at 2 dollars a 1,000."""
    rows = bench.by_accuracy(experiment).models
    base = next(row for row in rows if row.key == "lightgbm" and row.variant is Variant.BASE)
    answers = bench.answers(experiment, [base])
    probability = answers.predicted[row_label(base)][:, 1]
    frame = bench.rows_to_answer(experiment)[["row"]].assign(
        **{
            f"probability_{answers.classes[0]}": 1 - probability,
            f"probability_{answers.classes[1]}": probability,
        }
    )
    path = folder / "vendor.csv"
    frame.to_csv(path, index=False)
    costs = ExternalCosts(usd_per_1k=2.0)
    bench.wait(bench.add_external(experiment, path, title="Vendor's score", costs=costs).id)
    rows = bench.by_accuracy(experiment).models
    return next(row for row in rows if row.variant is Variant.IMPORTED)


def pair_of(bench: Workbench, experiment: str) -> tuple[ModelResult, ModelResult]:
    """Return the base and the candidate of an experiment's verdict."""
    overall = bench.by_accuracy(experiment).overall
    if overall is None:
        raise SystemExit("nothing was tuned")
    return overall.base, overall.candidate


def main() -> None:
    """Print the three scenarios."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings.from_env({"TUNEWORTH_HOME": str(folder / "home")})
        with Workbench.open(settings) as bench:
            card = measured(bench, "card_transactions", MODELS, "lightgbm")
            task = bench.experiment(card).task
            at = replace(Economics(), payoff=usual_payoffs(task)[0].payoff)
            print(f"1. card_transactions: {usual_payoffs(task)[0].title.lower()} dollars")
            rankings(bench, card, at)
            weighed(bench, card, *pair_of(bench, card), at)

            print("\n2. house_prices: an error of 1,000 dollars costs a cent; half a day to tune")
            house = measured(bench, "house_prices", ["ridge", "lightgbm"], "lightgbm")
            base, candidate = pair_of(bench, house)
            work = OtherCost(
                label="half a day", amount=320.0, basis=CostBasis.ONCE, model=model_id(candidate)
            )
            thin = Economics(
                predictions_per_month=500.0,
                payoff=Payoff(over=-1e-5, under=-1e-5),
                other_costs=(work,),
            )
            weighed(bench, house, base, candidate, thin)

            print("\n3. card_transactions: the same answers from a vendor, 2 dollars a 1,000")
            vendor = with_vendor(bench, card, folder)
            equal = replace(Economics(), payoff=Payoff(outcomes=((0.0, -0.001), (-0.001, 0.0))))
            _, tuned = pair_of(bench, card)
            weighed(bench, card, vendor, tuned, equal)


if __name__ == "__main__":
    main()
