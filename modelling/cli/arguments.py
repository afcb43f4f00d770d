"""What the command line understands (DESIGN.md, the command line)."""

from __future__ import annotations

import argparse
import math
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from modelling.datasets.choices import TaskChoices
from modelling.errors import SpecError
from modelling.types import (
    N_TEST,
    N_TRAIN,
    Budget,
    ClassWeight,
    TargetScale,
    TaskKind,
    TokenPrice,
)

_BUDGET = re.compile(r"^(\d+(?:\.\d+)?)\s*(s|cpu-s|trials?|usd)$")
DEFAULT_BUDGET = "60cpu-s"
_SCALES = {None: TargetScale.IDENTITY, "log": TargetScale.LOG, "rank": TargetScale.RANK}
# Fewer say nothing, and a part of a study needs every class.
_FEWEST_ROWS = 10
Number = TypeVar("Number", int, float)


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are one line and exit code 2, like every other bad input."""

    def error(self, message: str):  # type: ignore[no-untyped-def]  # noqa: D102
        raise SpecError(f"{message}; see {self.prog} --help.")


def make_parser() -> Parser:
    """Return the parser of all commands."""
    parser = Parser(prog="tuneworth", description="Is tuning worth it?")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=Parser)
    profile = commands.add_parser("profile", help="what a file holds")
    profile.add_argument("file", type=Path)
    profile.add_argument("--target")
    _json(profile)
    benchmark = commands.add_parser("benchmark", help="compare base models on the same folds")
    _task_options(benchmark)
    compare = commands.add_parser("compare", help="benchmark, tune, verdict")
    _task_options(compare)
    compare.add_argument("--tune", type=_names, help="models to tune; default: the best base")
    compare.add_argument("--budget", default=DEFAULT_BUDGET, help="60s, 200cpu-s, 50trials, 2usd")
    compare.add_argument("--margin", type=_margin, help="smallest gain that matters")
    compare.add_argument(
        "--rigour",
        choices=("quick", "rigorous"),
        default="quick",
        help="rigorous: repeat base and search on five parts of all rows (nested, five times the "
        "price); its verdict replaces that of the locked test",
    )
    _json(commands.add_parser("runs", help="list runs"))
    for name, text in (("stop", "stop a run"), ("resume", "let a run go on and wait for it")):
        commands.add_parser(name, help=text).add_argument("run")
    runner = commands.add_parser("runner", help="serve queued runs until stopped")
    runner.add_argument("--owned", choices=("finish", "stop"), help=argparse.SUPPRESS)
    return parser


def parse_budget(text: str) -> Budget:
    """Return the budget that ``text`` names.

    Raises
    ------
    SpecError
        If it names none.

    Examples
    --------
    >>> parse_budget("60cpu-s").cpu_s
    60.0
    """
    matched = _BUDGET.match(text.strip().lower())
    if matched is None or not 0 < float(matched[1]) < math.inf:
        raise SpecError(
            f"{text!r} is no budget; expected a number above zero and a unit, as in 60s, 200cpu-s, "
            "50trials or 2usd."
        )
    amount, unit = float(matched[1]), matched[2]
    if unit.startswith("trial"):
        return Budget(trials=max(1, int(amount)))
    return {
        "s": Budget(wall_s=amount),
        "cpu-s": Budget(cpu_s=amount),
        "usd": Budget(usd=amount),
    }[unit]


def choices_of(arguments: argparse.Namespace) -> TaskChoices:
    """Return the task that the options ask for."""
    return TaskChoices(
        target=arguments.target,
        kind=None if arguments.task is None else TaskKind(arguments.task),
        metric=arguments.metric,
        positive=arguments.positive,
        group=arguments.group,
        time=arguments.time,
        stake=arguments.stake,
        drop=arguments.drop,
        test_share=arguments.test_share,
        folds=arguments.folds,
        seed=arguments.seed,
        margin=getattr(arguments, "margin", None),
        merge_below=arguments.merge_rare,
        scale=_SCALES[arguments.scale],
        test_column=arguments.test_column,
        test_value=arguments.test_value,
        class_weight=ClassWeight(arguments.class_weight),
    )


def _task_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--target", required=True)
    parser.add_argument("--test", type=Path, help="your own test set; else a share is locked")
    parser.add_argument("--models", type=_names, help="keys, separated by commas")
    parser.add_argument("--metric", help="scikit-learn's name of a metric: roc_auc, neg_log_loss")
    parser.add_argument("--task", choices=[str(kind) for kind in TaskKind])
    parser.add_argument("--positive", help="the class that is looked for")
    for role in ("group", "time", "stake"):
        parser.add_argument(f"--{role}", metavar="COLUMN")
    parser.add_argument("--drop", type=_names, default=(), help="columns to leave out")
    parser.add_argument(
        "--merge-rare",
        type=_rows,
        metavar="N",
        help="make one class of those with fewer than N rows; default: none",
    )
    parser.add_argument(
        "--scale",
        choices=[name for name in _SCALES if name is not None],
        help="fit a regression on the logarithm or the ranks of its target; scores stay in the "
        "units of the target",
    )
    parser.add_argument(
        "--class-weight",
        choices=[str(weight) for weight in ClassWeight],
        default=str(ClassWeight.NONE),
        help="balanced: every class weighs the same in all fits; probabilities are then no longer "
        "those of the data",
    )
    parser.add_argument("--test-share", type=_share, default=0.25)
    parser.add_argument(
        "--test-column",
        metavar="COLUMN",
        help="the column that marks the locked test; it is no feature",
    )
    parser.add_argument(
        "--test-value",
        metavar="VALUE",
        help="what --test-column holds in the rows of the locked test; other rows train, rows "
        "without a value do neither",
    )
    parser.add_argument("--folds", type=_folds, default=5)
    _llm_options(parser)
    parser.add_argument("--seed", type=_seed, default=0)
    _json(parser)


def _llm_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--allow-llm",
        action="store_true",
        help="texts and class names may be sent to the models llm:PROVIDER/MODEL of --models",
    )
    parser.add_argument(
        "--max-usd", type=_usd, default=1.0, help="what all language models may cost together"
    )
    parser.add_argument(
        "--token-price",
        type=_token_price,
        metavar="READ/WRITTEN",
        help="US dollars for a million tokens, as in 0.15/0.60; default: the price list",
    )
    parser.add_argument(
        "--llm-rows",
        type=_llm_rows,
        default=(N_TRAIN, N_TEST),
        metavar="TRAIN,TEST",
        help="how many training and locked rows a language model is asked about; default "
        f"{N_TRAIN},{N_TEST}",
    )


def _json(parser: argparse.ArgumentParser) -> None:
    what = "write the result as JSON; - for stdout"
    parser.add_argument("--json", metavar="FILE", type=_result_file, help=what)


def _result_file(text: str) -> str:
    # Known before the work starts, not after it.
    if text != "-" and not Path(text).absolute().parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder to write {text} into")
    return text


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise argparse.ArgumentTypeError(f"expected names separated by commas, got {text!r}")
    return names


def _number(
    kind: Callable[[str], Number], text: str, low: float, high: float, expected: str
) -> Number:
    try:
        value = kind(text)
    except ValueError:
        value = None
    if value is None or not low <= value <= high:
        raise argparse.ArgumentTypeError(f"expected {expected}, got {text}")
    return value


def _share(text: str) -> float:
    return _number(float, text, 0.05, 0.8, "a share from 0.05 to 0.8")


def _folds(text: str) -> int:
    return _number(int, text, 2, 20, "2 to 20 folds")


def _rows(text: str) -> int:
    return _number(int, text, 2, 2**31 - 1, "a number of rows from 2 on")


def _seed(text: str) -> int:
    return _number(int, text, 0, 2**31 - 1, f"a seed from 0 to {2**31 - 1}")


def _usd(text: str) -> float:
    return _number(float, text, 0.0, sys.float_info.max, "an amount of zero or more")


def _token_price(text: str) -> TokenPrice:
    parts = text.split("/")
    try:
        fresh, output = (float(part) for part in parts)
        return TokenPrice(fresh=fresh, output=output)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"expected two prices of zero or more as in 0.15/0.60, got {text}"
        ) from error


def _llm_rows(text: str) -> tuple[int, int]:
    try:
        n_train, n_test = (int(part) for part in text.split(","))
    except ValueError:
        n_train = n_test = 0
    if min(n_train, n_test) < _FEWEST_ROWS:
        raise argparse.ArgumentTypeError(
            f"expected two numbers of rows from {_FEWEST_ROWS} on, as in 100,200, got {text}"
        )
    return n_train, n_test


def _margin(text: str) -> float:
    return _number(float, text, 0.0, sys.float_info.max, "a number of zero or more")
