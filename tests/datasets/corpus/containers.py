"""Compressed files and archives around tables: what else is in them, and what is broken."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from functools import partial

from tests.datasets.corpus import excel
from tests.datasets.corpus.dialects import COMMA, SEMICOLON
from tests.datasets.corpus.entry import Case, Entry, Refused, Survives, in_words
from tests.datasets.corpus.formats import json_records, parquet
from tests.datasets.corpus.packing import STREAMS, Member, bz, gz, member_zip, xz, zip_of, zst
from tests.datasets.corpus.table import plain

ENCRYPTED = 0x801
SYMLINK = 0o120777
TEXT = COMMA.text(plain()).encode()
TABLE = COMMA.reads()


def _zip(*members: Member) -> bytes:
    return zip_of(members)


def with_a_password() -> Case:
    # Twelve bytes of key, then noise: what an archive with a password looks like from outside.
    noise = bytes(i * 37 % 256 for i in range(len(TEXT) + 12))
    member = Member(name="table.csv", content=TEXT, packed=noise, flags=ENCRYPTED)
    return Case(content=_zip(member), expects=Refused(says="password|encrypted"))


def two_files() -> Case:
    one, other = (Member(name=f"{name}.csv", content=TEXT) for name in "ab")
    return Case(content=_zip(one, other), expects=Refused(says="2|two|files|more than one"))


def beside_what_macs_add() -> Case:
    """Archives made on a Mac hold a hidden twin of each file."""
    table = Member(name="table.csv", content=TEXT)
    twin = Member(name="__MACOSX/._table.csv", content=b"\0\5\x16\7" + bytes(60))
    return Case(content=_zip(table, twin), expects=TABLE)


def in_a_folder() -> Case:
    folder = Member(name="data/", mode=0o40755)
    table = Member(name="data/table.csv", content=TEXT)
    return Case(content=_zip(folder, table), expects=TABLE)


def only_a_folder() -> Case:
    return Case(content=_zip(Member(name="data/", mode=0o40755)), expects=Refused(says="no |empty"))


def no_member() -> Case:
    return Case(content=zip_of(()), expects=Refused(says="no |empty"))


def name_that_climbs() -> Case:
    """The name of a member leads outside; nothing is ever unpacked under it."""
    member = Member(name="../../../../tmp/table.csv", content=TEXT)
    return Case(content=_zip(member), expects=TABLE)


def absolute_name() -> Case:
    return Case(content=_zip(Member(name="/etc/cron.d/table.csv", content=TEXT)), expects=TABLE)


def symbolic_link() -> Case:
    member = Member(name="table.csv", content=b"/etc/passwd", mode=SYMLINK)
    return Case(content=_zip(member), expects=Refused())


def zip_in_zip() -> Case:
    inner = member_zip("table.csv", TEXT)
    return Case(content=member_zip("inner.zip", inner), expects=Refused(says="zip|archive"))


def empty_member() -> Case:
    return Case(content=member_zip("table.csv", b""), expects=Refused(says="is empty"))


def wrong_checksum() -> Case:
    member = Member(name="table.csv", content=TEXT, crc=1)
    return Case(content=_zip(member), expects=Refused(says="damaged"))


def picture() -> Case:
    content = b"\x89PNG\r\n\x1a\n" + bytes(100)
    return Case(content=member_zip("table.csv", content), expects=Refused(says="PNG"))


def many_files() -> Case:
    members = (Member(name=f"{i}.csv", content=b"a,b\n1,2\n") for i in range(5_000))
    return Case(content=zip_of(members), expects=Refused(says="5,?000|files|more than one"))


def workbook() -> Case:
    return Case(content=member_zip("t.xlsx", excel.workbook(plain())), expects=Survives())


def parquet_file() -> Case:
    return Case(content=member_zip("t.parquet", parquet(plain())), expects=Survives())


def json_file() -> Case:
    return Case(content=member_zip("t.json", json_records(plain())), expects=Survives())


IN_ZIP: tuple[Callable[[], Case], ...] = (
    with_a_password, two_files, beside_what_macs_add, in_a_folder, only_a_folder, no_member,
    name_that_climbs, absolute_name, symbolic_link, zip_in_zip, empty_member, wrong_checksum,
    picture, many_files, workbook, parquet_file, json_file,
)  # fmt: skip

Pack = Callable[[bytes], bytes]


def nothing(pack: Pack) -> Case:
    return Case(content=pack(b""), expects=Refused(says="is empty"))


def packed_twice(pack: Pack) -> Case:
    return Case(content=pack(pack(TEXT)), expects=Refused(says="archive|compressed|packed"))


def in_two_parts(pack: Pack) -> Case:
    """Two streams one after the other are one file, as ``cat`` makes it."""
    half = len(TEXT) // 2
    return Case(content=pack(TEXT[:half]) + pack(TEXT[half:]), expects=TABLE)


def old_encoding(pack: Pack) -> Case:
    text = SEMICOLON.text(plain()).encode("cp1252")
    return Case(content=pack(text), expects=SEMICOLON.reads())


def pdf(pack: Pack) -> Case:
    return Case(content=pack(b"%PDF-1.7\n" + bytes(200)), expects=Refused(says="PDF"))


def tar(pack: Pack) -> Case:
    return Case(content=pack(tar_of("table.csv", TEXT)), expects=Refused(says="tar|archive|binary"))


IN_STREAM: tuple[Callable[[Pack], Case], ...] = (
    nothing, packed_twice, in_two_parts, old_encoding, pdf, tar,
)  # fmt: skip
MIXED: tuple[tuple[str, str, Case], ...] = (
    ("zip in gz", ".csv.gz", Case(content=gz(member_zip("t.csv", TEXT)), expects=Refused())),
    ("gz in zip", ".zip", Case(content=member_zip("t.csv.gz", gz(TEXT)), expects=Refused())),
    ("bz2 in xz", ".csv.xz", Case(content=xz(bz(TEXT)), expects=Refused())),
    ("xz in zst", ".csv.zst", Case(content=zst(xz(TEXT)), expects=Refused())),
    ("noise after gz", ".csv.gz", Case(content=gz(TEXT) + b"noise" * 9, expects=Survives())),
)


def tar_of(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def _mixed(case: Case) -> Case:
    return case


ENTRIES: tuple[Entry, ...] = (
    *(Entry(fault=in_words(make), format="zip", suffix=".zip", make=make) for make in IN_ZIP),
    *(
        Entry(fault=in_words(make), format=name, suffix=f".csv{suffix}", make=partial(make, pack))
        for make in IN_STREAM
        for name, suffix, pack in STREAMS
    ),
    *(
        Entry(fault=fault, format="mixed archives", suffix=suffix, make=partial(_mixed, case))
        for fault, suffix, case in MIXED
    ),
)
