"""Our benchmark of base models against PyCaret, LazyPredict and a plain scikit-learn loop.

The same training rows, folds and models with the same configuration, two cores, all warm; the
loop's scores must equal ours. Run on an otherwise idle machine:
``.venv/bin/python benchmarks/peers.py``.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from platformdirs import user_cache_dir

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT))

from benchmarks.peers.environment import PEERS, Peer, PeerError, ask  # noqa: E402
from benchmarks.peers.hand_over import Answer, Scores  # noqa: E402
from benchmarks.peers.our_side import CORES, Ours, cold_s, measure  # noqa: E402
from benchmarks.peers.tables import LARGE, Table, some_rows, table  # noqa: E402
from modelling.machine import fingerprint  # noqa: E402

TABLE = PROJECT / "benchmarks" / "peers.csv"
SAMPLES = ("credit_risk", "card_transactions", LARGE)
LIBRARIES = ("scikit-learn", "lightgbm", "xgboost-cpu", "catboost")
# Of our scores and the loop's, which are of the same pipelines on the same rows.
MOST_DIFFERENT = 1e-6
# The encoding of these is of single precision, and so are their probabilities. scikit-learn's log
# loss cuts such a zero off at 1e-7 and takes the other of two classes as 1 - p; ours takes what was
# said in double precision, and so sees more of what is sure and wrong.
IN_SINGLE_PRECISION = ("naive_bayes", "logistic")

Line = dict[str, Any]
PRINTED = (
    "sample",
    "n_train_rows",
    "who",
    "cv_s",
    "cpu_s",
    "ours_over_it",
    "prepare_s",
    "cold_s",
    "max_score_difference",
    "single_precision_log_loss_difference",
    "failure",
)
COLUMNS = ("date", *PRINTED, "models", "scores", "setting", "versions", "cpu")


def lines(chosen: Table, peers: tuple[Peer, ...], environments: Path) -> Iterator[Line]:
    """Yield our line of the table, then one for each peer."""
    ours = measure(chosen)
    models = tuple(ours.question.models)
    about: Line = {
        "date": datetime.now(tz=UTC).date().isoformat(),
        "sample": chosen.name,
        "n_train_rows": len(ours.question.truth),
        "models": " ".join(models),
        "cpu": fingerprint(CORES)["cpu"],
    }
    yield about | our_line(ours, cold_s(chosen, models))
    for peer in peers:
        yield about | {"who": peer.name} | peer_line(peer, ours, environments)


def our_line(ours: Ours, cold: float) -> Line:
    """Return what we took."""
    return {
        "who": "ours",
        "cv_s": round(ours.timed.cv_s, 2),
        "cpu_s": round(ours.timed.cv_cpu_s, 2),
        "cold_s": round(cold, 1),
        "scores": shown({key: ours.scores[key] for key in ours.question.models}, ours),
        "setting": f"{CORES} slots, one thread per fit",
        "versions": json.dumps({name: version(name) for name in LIBRARIES}),
    }


def peer_line(peer: Peer, ours: Ours, environments: Path) -> Line:
    """Return what a peer took, or why it gave no answer."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            answer, whole_s = ask(peer, ours.question, Path(folder) / peer.name, environments)
        except PeerError as error:
            return {"failure": str(error)}
    same_pipelines = not peer.requirements.exists()
    return {
        "cv_s": round(answer.call_s, 2),
        "cpu_s": round(answer.call_cpu_s, 2),
        "ours_over_it": round(ours.timed.cv_s / answer.call_s, 3),
        "prepare_s": round(answer.prepare_s, 2),
        "cold_s": round(whole_s, 1),
        "scores": shown(answer.scores, ours),
        "setting": answer.setting,
        "versions": json.dumps(answer.versions),
        **(differences(ours, answer) if same_pipelines else {}),
    }


def differences(ours: Ours, answer: Answer) -> Line:
    """Return how far two sets of scores of the same pipelines are apart, at most."""
    apart = {
        (key, name): abs(ours.scores[key][name] - score)
        for key, found in answer.scores.items()
        for name, score in found.items()
    }
    known = [apart.pop((key, "neg_log_loss"), 0.0) for key in IN_SINGLE_PRECISION]
    return {
        # Of NumPy, since a NaN must come through.
        "max_score_difference": float(np.max(list(apart.values()))),
        "single_precision_log_loss_difference": max(known),
    }


def shown(scores: Scores, ours: Ours) -> str:
    """Return each model's score in the experiment's own metric, where the peer computes it."""
    metric = ours.question.task["metric"]
    return " ".join(f"{key}={found.get(metric, np.nan):.5g}" for key, found in scores.items())


def append(line: Line) -> None:
    """Add a line to the file at once, so that nothing measured is lost."""
    frame = pd.DataFrame([line], columns=list(COLUMNS))
    frame.to_csv(TABLE, mode="a", header=not TABLE.exists(), index=False)


def parse() -> argparse.Namespace:
    """Return the arguments; ``peers`` and ``samples`` as tuples."""
    known = {peer.name: peer for peer in PEERS}
    cache = Path(user_cache_dir("tuneworth", appauthor=False)) / "peers"
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", default=",".join(known))
    parser.add_argument("--samples", default=",".join(SAMPLES))
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--rows", type=int, help="try it on so many rows; nothing is written")
    parser.add_argument("--envs", type=Path, default=cache, help="where environments are kept")
    arguments = parser.parse_args()
    names = arguments.peers.split(",")
    if unknown := [name for name in names if name not in known]:
        parser.error(f"there is no peer {unknown[0]!r}; choose among {', '.join(known)}")
    arguments.peers = tuple(known[name] for name in names)
    arguments.samples = tuple(arguments.samples.split(","))
    return arguments


def measured(arguments: argparse.Namespace) -> Iterator[Line]:
    """Yield a line per table, time and contender."""
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.samples:
            chosen = table(name, arguments.envs)
            if arguments.rows:
                chosen = some_rows(chosen, arguments.rows, Path(folder))
            for _ in range(arguments.times):
                yield from lines(chosen, arguments.peers, arguments.envs)


def main() -> int:
    """Measure, print and append; the exit code is 1 if the loop's scores are not ours."""
    arguments = parse()
    found: list[Line] = []
    for line in measured(arguments):
        found.append(line)
        print({name: line[name] for name in PRINTED if name in line}, flush=True)
        if not arguments.rows:
            append(line)
    print(pd.DataFrame(found, columns=list(PRINTED)).to_string(index=False, na_rep=""))
    apart = [line["max_score_difference"] for line in found if "max_score_difference" in line]
    unequal = [difference for difference in apart if not difference <= MOST_DIFFERENT]
    for difference in unequal:
        print(f"The loop's scores differ from ours by {difference}.", file=sys.stderr)
    return 1 if unequal else 0


if __name__ == "__main__":
    sys.exit(main())
