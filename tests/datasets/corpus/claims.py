"""What must hold for every file of the corpus, whoever reads it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from modelling.codec import from_json, to_json
from modelling.errors import DataError
from modelling.types import DatasetRef
from tests.datasets.corpus.entry import Expectation, Reads, Refused

# Words of the insides: exception classes, libraries, paths of the machine.
INSIDES = re.compile(
    r"Traceback|\w+(Error|Exception)\b|\b(pandas|pyarrow|numpy|expat|thrift|errno|C error)|zlib\."
    r"|::|/tmp|/home|/usr|\.py\b|0x[0-9a-f]{6}"
)
NEXT_STEP = re.compile(
    r"\b(save|choose|use|write|check|split|upload|send|correct|unpack|remove|delete|export|keep"
    r"|rename|close|download|copy|leave)\b",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"[.!?](?=\s|$)")
# The first account of every Unix machine: a file of this one must never be seen.
FOREIGN = "root:"
MAX_MESSAGE = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of one file: a reference, or the sentence that it was refused with."""

    ref: DatasetRef | None = None
    message: str = ""

    @property
    def word(self) -> str:
        return "refused" if self.ref is None else "read"


def outcome_of(read: Callable[[], DatasetRef]) -> Outcome:
    """Return what ``read`` gave, or the message that it is for a user."""
    try:
        return Outcome(ref=read())
    except DataError as error:
        return Outcome(message=str(error))


def disagreements(
    expects: Expectation, outcome: Outcome, *, label: str, parquet: Path
) -> tuple[str, ...]:
    """Return in words all that is not as it must be."""
    if outcome.ref is None:
        return (*_of_message(outcome.message, label), *_of_refusal(expects, outcome.message))
    found = list(_of_storage(outcome.ref, parquet, label))
    if isinstance(expects, Refused):
        found.append(f"expected a refusal, got {outcome.ref.n_rows} rows: {_shape(outcome.ref)}")
    elif isinstance(expects, Reads):
        found += _of_table(expects, outcome.ref, pd.read_parquet(parquet))
    return tuple(found)


def _of_message(message: str, label: str) -> Iterator[str]:
    rest = message.replace(label, "")
    if label not in message:
        yield f"the file's name is missing in: {message}"
    if inside := INSIDES.search(rest):
        yield f"{inside[0]!r} shows insides in: {message}"
    if not message.isprintable() or len(message) > MAX_MESSAGE + len(label):
        yield f"no short line: {message[:500]!r}"
    if not 1 <= len(SENTENCE_END.findall(rest)) <= 2 or not message.endswith("."):
        yield f"not one or two sentences: {message}"
    if not NEXT_STEP.search(rest):
        yield f"no next step in: {message}"
    if FOREIGN in message:
        yield "shows a file of the machine"


def _of_refusal(expects: Expectation, message: str) -> Iterator[str]:
    if isinstance(expects, Reads):
        yield f"expected {expects.rows} rows, was refused: {message}"
    elif isinstance(expects, Refused) and not re.search(expects.says, message):
        yield f"expected to hear {expects.says!r}, heard: {message}"


def _of_storage(ref: DatasetRef, parquet: Path, label: str) -> Iterator[str]:
    if ref.name != label:
        yield f"expected the label {label!r}, got {ref.name!r}"
    if from_json(DatasetRef, to_json(ref)) != ref:
        yield "the reference does not survive its codec"
    stored = pq.ParquetFile(parquet)
    names = tuple(column.name for column in ref.columns)
    if stored.metadata.num_rows != ref.n_rows or tuple(stored.schema_arrow.names) != names:
        yield f"the stored table is another one than {_shape(ref)}"
    if hashlib.sha256(parquet.read_bytes()).hexdigest() != ref.id:
        yield "the id is not the hash of what is stored"
    if len(set(names)) < len(names) or any(not _is_name(name) for name in names):
        yield f"names are not unique, short and on one line: {names!r}"[:500]
    if FOREIGN in to_json(ref):
        yield "shows a file of the machine"


def _of_table(expects: Reads, ref: DatasetRef, frame: pd.DataFrame) -> Iterator[str]:
    names = tuple(column.name for column in ref.columns)
    if ref.n_rows != expects.rows or expects.n_columns not in (0, len(names)):
        yield f"expected {expects.rows} x {expects.n_columns or 'any'}, got {_shape(ref)}"
        return
    if expects.names and names != expects.names:
        yield f"expected the names {expects.names!r}, got {names!r}"[:600]
    yield from _of_columns(expects, ref, frame)
    for field, value in expects.info.items():
        got = getattr(ref.read, field)
        if got != value:
            yield f"expected {field} {value!r}, got {got!r}"
    findings = "\n".join(finding.message for finding in ref.findings)
    if not re.search(expects.told, findings):
        yield f"expected to be told {expects.told!r}, was told: {findings}"[:600]


def _of_columns(expects: Reads, ref: DatasetRef, frame: pd.DataFrame) -> Iterator[str]:
    for name, value in expects.first.items():
        got = frame[name].iloc[0] if name in frame else "no such column"
        if (None if pd.isna(got) else got) != value:
            yield f"expected {value!r:.80} first in {name!r:.80}, got {got!r:.80}"
    for name, type_ in expects.types.items():
        column = ref.column(name)
        if column is None or column.type is not type_:
            yield f"expected {name!r} to be a {type_}, got {column and str(column.type)}"


def _is_name(name: str) -> bool:
    return name.isprintable() and 0 < len(name) <= 120


def _shape(ref: DatasetRef) -> str:
    return f"{ref.n_rows} x {len(ref.columns)} ({', '.join(c.name for c in ref.columns[:6])})"[:200]
