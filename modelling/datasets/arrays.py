"""What several parts do with a column of Arrow: look at some of it, hide some, number its texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# So many values of a column show what it is like.
PROBED = 200
# Models compute in float64, which holds every whole number up to here.
EXACT_INTEGERS = 2**53


def spread(values: pa.ChunkedArray | pa.Array, n: int) -> pa.ChunkedArray | pa.Array:
    """Return at most ``n`` values that are not null, evenly spread over the column."""
    n_present = len(values) - values.null_count
    places = np.linspace(0, n_present - 1, min(n, n_present)).astype("int64")
    # No copy of the column without its gaps: it may be a large text.
    rows = np.flatnonzero(values.is_valid())[places] if values.null_count else places
    return values.take(pa.array(rows))


def hide(values: pa.ChunkedArray, hidden: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return ``values`` with nulls where ``hidden`` is true."""
    if not holds(hidden):
        return values
    return pc.if_else(hidden, pa.scalar(None, values.type), values)


def holds(flags: pa.ChunkedArray | pa.Array) -> bool:
    """Whether any flag is true; nulls are not."""
    return bool(pc.any(flags).as_py())


def matches(text: pa.ChunkedArray | pa.Array, pattern: str) -> bool:
    """Whether ``pattern`` (RE2) is found in any text."""
    return holds(pc.match_substring_regex(text, pattern))


@dataclass(frozen=True, kw_only=True, slots=True)
class CodedText:
    """A column of text by its distinct values, so that each is looked at once.

    ``texts`` (n_distinct,) are the values, ``codes`` (n_rows,) their positions, null where missing,
    and ``counts`` (n_distinct,) their rows.
    """

    texts: pa.Array
    codes: pa.Array
    counts: np.ndarray

    @classmethod
    def of(cls, text: pa.ChunkedArray) -> Self:
        """Return the column by its distinct values."""
        coded = pa.concat_arrays(text.dictionary_encode().unify_dictionaries().chunks)
        counts = np.bincount(coded.indices.drop_null(), minlength=len(coded.dictionary))
        return cls(texts=coded.dictionary, codes=coded.indices, counts=counts)

    def per_row(self, values: pa.Array) -> pa.ChunkedArray:
        """Return one of ``values`` (n_distinct,) for each row."""
        return pa.chunked_array([values.take(self.codes)])

    def share(self, chosen: np.ndarray) -> float:
        """Return the share of the rows that hold a text that is ``chosen`` (n_distinct,)."""
        return float(self.counts[chosen].sum() / max(1, self.counts.sum()))

    def others(self, chosen: np.ndarray) -> tuple[str, ...]:
        """Return the texts that are not ``chosen``, the most frequent first."""
        left = np.flatnonzero(~chosen)
        ordered = left[np.argsort(-self.counts[left], kind="stable")]
        return tuple(self.texts.take(pa.array(ordered)).to_pylist())
