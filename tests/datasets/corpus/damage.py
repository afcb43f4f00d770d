"""Files that broke on their way: cut off, or with one byte that is another."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tests.datasets.corpus.entry import Case, Entry, Refused, Survives
from tests.datasets.corpus.formats import COLUMNAR, Format, named
from tests.datasets.corpus.table import plain

BROKEN: tuple[Format, ...] = named(
    "csv in gz", "csv in bz2", "csv in xz", "csv in zst", "csv in zip", "xlsx",
    "parquet snappy", "parquet zstd", "parquet none", "feather lz4", "feather plain",
    "arrow stream", "arrow stream zstd",
)  # fmt: skip
CUT_TEXT: tuple[Format, ...] = named("json records", "json lines", "json columns")
# They carry a checksum of what they hold; the others cannot know that a value was changed.
CHECKED = ("csv in gz", "csv in bz2", "csv in xz", "csv in zip", "xlsx")
PLACES: tuple[tuple[str, float], ...] = (
    ("the first bytes", 0.0),
    ("a quarter", 0.25),
    ("the middle", 0.5),
    ("three quarters", 0.75),
    ("the last bytes", 1.0),
)
N_ROWS = 1_000


def _whole(format_: Format) -> bytes:
    return format_.write(plain(N_ROWS))


def cut_in_half(format_: Format) -> Case:
    content = _whole(format_)
    # In lines of text half a file may be a whole one; a few bytes on, one line is broken.
    return Case(content=content[: len(content) // 2 + 20], expects=Refused())


def cut_before_its_end(format_: Format) -> Case:
    return Case(content=_whole(format_)[:-12], expects=Refused())


def first_bytes_only(format_: Format) -> Case:
    return Case(content=_whole(format_)[:10], expects=Refused())


def flipped(share: float, format_: Format) -> Case:
    content = bytearray(_whole(format_))
    # Not the signature itself and not the very last byte: they would only change what it seems.
    place = 5 + int(share * (len(content) - 12))
    content[place] ^= 0xFF
    inside = format_.name in CHECKED and 0 < share < 1
    return Case(content=bytes(content), expects=Refused() if inside else Survives())


def _entry(
    fault: str, format_: Format, make: Callable[[Format], Case], *, in_child: bool = False
) -> Entry:
    return Entry(
        fault=fault,
        format=format_.name,
        suffix=format_.suffix,
        make=partial(make, format_),
        in_child=in_child,
        long_only=in_child,
    )


CUTS: tuple[tuple[str, Callable[[Format], Case]], ...] = (
    ("cut in half", cut_in_half),
    ("cut before its end", cut_before_its_end),
    ("first bytes only", first_bytes_only),
)
ENTRIES: tuple[Entry, ...] = (
    *(_entry(fault, format_, make) for fault, make in CUTS for format_ in BROKEN),
    *(_entry("cut in half", format_, cut_in_half) for format_ in CUT_TEXT),
    *(
        _entry(
            f"one byte flipped at {place}",
            format_,
            partial(flipped, share),
            # A reader in C may believe a changed offset.
            in_child=format_.kind == COLUMNAR,
        )
        for place, share in PLACES
        for format_ in BROKEN
    ),
)
