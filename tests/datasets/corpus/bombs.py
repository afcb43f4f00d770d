"""Small files that would unpack, or be believed, to more than any machine holds.

About 10 GB each where they unpack; none is ever unpacked here.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import partial

import numpy as np
import pyarrow as pa

from tests.datasets.corpus import bare_parquet
from tests.datasets.corpus.entry import Case, Entry, Expectation, Reads, Refused, Survives
from tests.datasets.corpus.formats import arrow, arrow_file, arrow_stream, parquet
from tests.datasets.corpus.packing import STREAMS, Member, gz, repeated_deflate, zip_of
from tests.datasets.corpus.table import plain

MEGABYTE = 2**20
TIMES = 10_000
HEADER = b"a,b,c\n"
ZEROS = bytes(MEGABYTE)
LINES = (b"1,2,x\n" * (MEGABYTE // 6))[:MEGABYTE]
TOO_LARGE = Refused(says="unpack|large|big|limit|at most|memory|more than")


def _refused(content: bytes, expects: Expectation = TOO_LARGE) -> Case:
    return Case(content=content, expects=expects)


# Streams ------------------------------------------------------------------------------------


def zeros_in_stream(pack: Callable[[bytes], bytes]) -> Case:
    return _refused(pack(ZEROS) * TIMES, Refused())


def lines_in_stream(pack: Callable[[bytes], bytes]) -> Case:
    return _refused(pack(HEADER) + pack(LINES) * TIMES)


def honest_beginning(pack: Callable[[bytes], bytes]) -> Case:
    """The first megabytes are a table as any other, so that they say nothing of the rest."""
    numbers = np.random.default_rng(0).integers(0, 10**9, (100_000, 3))
    start = HEADER + b"".join(b"%d,%d,%d\n" % tuple(row) for row in numbers.tolist())
    return _refused(pack(start) + pack(LINES) * TIMES)


def size_that_lies() -> Case:
    """The last four bytes of gz claim how much there is to unpack."""
    return _refused(gz(HEADER) + gz(LINES) * TIMES + gz(b"1,2,x\n"))


def zst_of_one_value() -> Case:
    """One frame without a declared size, whose blocks say "so many times this byte"."""
    largest = 1 << 17
    block = (largest << 3 | 1 << 1).to_bytes(3, "little") + b"1"
    last = (1 << 3 | 1).to_bytes(3, "little") + b"\n"
    window_of_8_mb = b"\0\x68"
    return _refused(b"\x28\xb5\x2f\xfd" + window_of_8_mb + block * (8 * TIMES) + last)


def zst_with_a_huge_window() -> Case:
    """A frame that asks for 2 GB to look back into before the first byte comes."""
    last = (6 << 3 | 1).to_bytes(3, "little") + b"a,b\n1,"
    return _refused(b"\x28\xb5\x2f\xfd" + b"\0\xa8" + last, Survives())


# Zip archives -------------------------------------------------------------------------------


def _zip(block: bytes, *, declared: int) -> bytes:
    packed = repeated_deflate(HEADER, block, TIMES, b"")
    return zip_of([Member(name="table.csv", packed=packed, declared=declared, crc=1)])


def zeros_in_zip() -> Case:
    return _refused(_zip(ZEROS, declared=len(HEADER) + TIMES * MEGABYTE))


def lines_in_zip() -> Case:
    return _refused(_zip(LINES, declared=len(HEADER) + TIMES * MEGABYTE))


def zip_with_a_lying_directory() -> Case:
    return _refused(_zip(LINES, declared=1_000), Refused())


def zip_that_claims_too_much() -> Case:
    member = Member(name="table.csv", content=HEADER + b"1,2,x\n", declared=2**50)
    return _refused(zip_of([member]))


# JSON and text that is not packed -----------------------------------------------------------


def only_delimiters() -> Case:
    return _refused(b"," * (20 * MEGABYTE), Refused(says="columns|no values|table"))


def only_line_ends() -> Case:
    return _refused(b"\n" * (20 * MEGABYTE), Refused(says="is empty"))


def one_endless_line() -> Case:
    return _refused(b"x" * (20 * MEGABYTE), Refused())


def one_endless_quote() -> Case:
    return _refused(HEADER + b'1,2,"' + b"x,\n" * (7 * MEGABYTE), Refused())


def values_that_patterns_choke_on() -> Case:
    """Texts that almost are numbers, dates or blanks, for as long as one looks."""
    odd = ("1" * 50_000 + "x", " " * 50_000 + "x", "1," * 25_000, "-" * 50_000, "2026-" * 10_000)
    rows = (f'{i},"{text}"\n' for i in range(40) for text in odd)
    return _refused(b"a,b\n" + "".join(rows).encode(), Reads(rows=200, names=("a", "b")))


# Parquet and Arrow --------------------------------------------------------------------------


def parquet_700_million_rows() -> Case:
    return _refused(bare_parquet.repeated_value(700_000_000))


def parquet_in_many_groups() -> Case:
    return _refused(bare_parquet.repeated_value(1_000_000, groups=5_000))


def parquet_just_below_the_limits() -> Case:
    """Within the limit of values, but eight times what the memory cap allows."""
    return _refused(bare_parquet.repeated_value(90_000_000))


def parquet_2_40_rows() -> Case:
    return _refused(bare_parquet.repeated_value(1_000, declared=2**40))


def parquet_fewer_rows_than_pages() -> Case:
    return _refused(bare_parquet.repeated_value(700_000_000, declared=100), Survives())


def parquet_of_long_texts() -> Case:
    """Six thousand times the same text of 200 kB."""
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 6_000), pa.array(["x" * 200_000]))
    return _refused(parquet(pa.table({"a": texts, "b": range(6_000)})))


def parquet_with_a_huge_footer() -> Case:
    whole = parquet(plain())
    return _refused(whole[:-8] + struct.pack("<I", 2**31 - 1) + b"PAR1", Refused(says="damaged"))


def parquet_groups_in_groups() -> Case:
    return _refused(bare_parquet.deep_schema(100_000), Refused())


def _claiming(content: bytes, true: int, claimed: int) -> bytes:
    changed = content.replace(struct.pack("<q", true), struct.pack("<q", claimed))
    if changed == content:
        raise ValueError(f"expected {true} somewhere in the file")
    return changed


def _table_of(n_rows: int) -> pa.Table:
    return arrow(plain(n_rows)).select(["age", "income"])


def arrow_buffer_that_lies() -> Case:
    content = _claiming(arrow_file(_table_of(1_234)), true=1_234 * 8, claimed=2**40)
    return _refused(content, Refused())


def arrow_rows_that_lie() -> Case:
    content = _claiming(arrow_stream(_table_of(1_234)), true=1_234, claimed=2**40)
    return _refused(content, Refused())


def arrow_unpacked_size_that_lies() -> Case:
    content = _claiming(arrow_file(_table_of(1_234), "zstd"), true=1_234 * 8, claimed=2**40)
    return _refused(content, Refused())


def arrow_batch_repeated() -> Case:
    """A stream may repeat a batch: a million zeros in a few bytes, two thousand times."""
    zeros = pa.table({"a": np.zeros(10**6), "b": np.zeros(10**6)})
    stream = arrow_stream(zeros, "zstd")
    start = len(arrow_stream(zeros.slice(0, 0))) - 8
    return _refused(stream[:start] + stream[start:-8] * 2_000 + stream[-8:])


def arrow_of_long_texts() -> Case:
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 6_000), pa.array(["x" * 200_000]))
    # As a dictionary it even fits, if nobody writes it out.
    table = pa.table({"a": texts, "b": range(6_000)})
    return _refused(arrow_file(table, "zstd"), Survives())


Make = Callable[[], Case]
STREAM_BOMBS: tuple[Callable[[Callable[[bytes], bytes]], Case], ...] = (
    zeros_in_stream, lines_in_stream, honest_beginning,
)  # fmt: skip
OTHERS: tuple[tuple[str, tuple[Make, ...]], ...] = (
    (".csv.gz", (size_that_lies,)),
    (".csv.zst", (zst_of_one_value, zst_with_a_huge_window)),
    (".zip", (zeros_in_zip, lines_in_zip, zip_with_a_lying_directory, zip_that_claims_too_much)),
    (".csv", (only_delimiters, only_line_ends, one_endless_line, one_endless_quote,
        values_that_patterns_choke_on)),
    (".parquet", (parquet_700_million_rows, parquet_in_many_groups, parquet_just_below_the_limits,
        parquet_2_40_rows, parquet_fewer_rows_than_pages, parquet_of_long_texts,
        parquet_with_a_huge_footer, parquet_groups_in_groups)),
    (".arrow", (arrow_buffer_that_lies, arrow_rows_that_lie, arrow_unpacked_size_that_lies,
        arrow_batch_repeated, arrow_of_long_texts)),
)  # fmt: skip


def _entry(make: Make, fault: str, format_: str, suffix: str) -> Entry:
    return Entry(
        fault=fault.replace("_", " "), format=format_, suffix=suffix, make=make, in_child=True
    )


ENTRIES: tuple[Entry, ...] = (
    *(
        _entry(partial(make, pack), f"bomb: {make.__name__}", f"csv in {name}", f".csv{suffix}")
        for make in STREAM_BOMBS
        for name, suffix, pack in STREAMS
    ),
    *(
        _entry(make, f"bomb: {make.__name__}", suffix.lstrip("."), suffix)
        for suffix, makes in OTHERS
        for make in makes
    ),
)
