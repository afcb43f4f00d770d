"""Compressed files: unpacked one level, within limits, and never under a name of theirs."""

import bz2
import lzma

import pytest

from modelling.datasets.files.unpack import MAX_UNPACKED_BYTES, PREVIEW_BYTES, unpacked
from modelling.errors import UnreadableFileError
from tests.datasets.corpus.packing import Member, gz, member_zip, repeated_deflate, zip_of, zst

TABLE = b"a,b\n1,2\n3,4\n"


@pytest.fixture
def unpack(tmp_path):
    def of(content: bytes, *, preview: bool = False) -> tuple[bytes, str | None]:
        source, scratch = tmp_path / "upload", tmp_path / "scratch"
        source.write_bytes(content)
        scratch.mkdir(exist_ok=True)
        path, compression = unpacked(source, scratch, "data.csv", preview=preview)
        assert path in (source, scratch / "unpacked")
        return path.read_bytes(), compression

    return of


@pytest.mark.parametrize(
    ("content", "compression"),
    [
        (gz(TABLE), "gz"),
        (gz(TABLE[:4]) + gz(TABLE[4:]), "gz"),
        (bz2.compress(TABLE), "bz2"),
        (lzma.compress(TABLE), "xz"),
        (zst(TABLE), "zst"),
        (zst(TABLE[:4]) + zst(TABLE[4:]), "zst"),
        (member_zip("table.csv", TABLE), "zip"),
        (TABLE, None),
    ],
)
def test_what_was_packed_comes_out(unpack, content, compression):
    assert unpack(content) == (TABLE, compression)


def test_only_one_level_is_unpacked(unpack):
    assert unpack(gz(gz(TABLE))) == (gz(TABLE), "gz")


def test_a_workbook_is_no_archive_of_files(unpack):
    members = [Member(name=name) for name in ("[Content_Types].xml", "xl/workbook.xml")]
    assert unpack(zip_of(members)) == (zip_of(members), None)


LEFT_BEHIND = ("__MACOSX/._table.csv", "folder/", ".DS_Store", "folder/.hidden")


def test_folders_and_what_systems_leave_behind_do_not_count(unpack):
    members = [*(Member(name=name) for name in LEFT_BEHIND), Member(name="t.csv", content=TABLE)]
    assert unpack(zip_of(members)) == (TABLE, "zip")


@pytest.mark.parametrize("name", ["../../escaped.csv", "/tmp/escaped.csv", "C:\\escaped.csv"])
def test_the_name_of_a_member_is_never_a_path(unpack, tmp_path, name):
    assert unpack(member_zip(name, TABLE)) == (TABLE, "zip")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["scratch", "unpacked", "upload"]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["a.csv", "b.csv"], "a zip archive with 2 files (a.csv, b.csv); expected exactly one."),
        (list("abcde"), "a zip archive with 5 files (a, b, c, ...); expected exactly one."),
        (["folder/"], "a zip archive with no file; expected exactly one."),
        ([], "a zip archive with no file; expected exactly one."),
    ],
)
def test_an_archive_of_other_than_one_file_says_what_it_holds(unpack, names, said):
    with pytest.raises(UnreadableFileError) as caught:
        unpack(zip_of(Member(name=name) for name in names))
    assert said in str(caught.value)


def test_a_link_in_an_archive_is_no_file(unpack):
    link = Member(name="table.csv", content=b"/etc/passwd", mode=0o120777)
    with pytest.raises(UnreadableFileError, match="with no file"):
        unpack(zip_of([link]))


def test_a_password_is_asked_to_be_removed(unpack):
    secret = Member(name="table.csv", content=TABLE, flags=0x1)
    with pytest.raises(UnreadableFileError, match="protected by a password; remove it"):
        unpack(zip_of([secret]))


def test_an_archive_of_too_many_files_is_refused_by_its_count(unpack):
    with pytest.raises(UnreadableFileError, match="more than 10,000 files"):
        unpack(zip_of(Member(name=str(number)) for number in range(10_001)))


@pytest.mark.parametrize(
    "content",
    [
        gz(TABLE * 1000)[:-20],
        gz(TABLE * 1000)[:50] + b"junk" + gz(TABLE * 1000)[54:],
        bz2.compress(TABLE * 1000)[:-20],
        lzma.compress(TABLE * 1000)[:-20],
        zst(TABLE * 1000)[:-20],
        member_zip("table.csv", TABLE * 1000)[:-20],
        zip_of([Member(name="table.csv", content=TABLE, crc=1)]),
        zip_of([Member(name="table.csv", content=TABLE * 9, declared=5)]),
        zip_of([Member(name="table.csv", packed=b"\xff\xff\xff", declared=50)]),
    ],
    ids=["gz", "gz inside", "bz2", "xz", "zst", "directory", "checksum", "size", "stream"],
)
def test_a_damaged_file_is_called_that(unpack, content):
    with pytest.raises(UnreadableFileError, match=r"data\.csv is a damaged \w+ (file|archive)"):
        unpack(content)


MEGABYTE = bytes(2**20)


@pytest.mark.parametrize(
    "content",
    [gz(MEGABYTE) * 200, bz2.compress(MEGABYTE) * 200, lzma.compress(MEGABYTE) * 200],
    ids=["gz", "bz2", "xz"],
)
def test_a_bomb_is_stopped_when_64_mb_came_out(unpack, tmp_path, content):
    with pytest.raises(UnreadableFileError, match="unpacks to 64 MB or more from 0"):
        unpack(content)
    assert (tmp_path / "scratch" / "unpacked").stat().st_size < 66 * 2**20


def test_a_bomb_that_declares_its_size_is_not_touched(unpack, tmp_path):
    packed = repeated_deflate(b"", MEGABYTE, 3000, b"")
    content = zip_of([Member(name="a.csv", packed=packed, declared=3000 * 2**20)])
    with pytest.raises(UnreadableFileError, match="unpacks to 3,000 MB or more"):
        unpack(content)
    assert not (tmp_path / "scratch" / "unpacked").exists()


def test_what_unpacks_to_little_may_pack_as_well_as_it_likes(unpack):
    # A ratio of about 1,000, but 32 MB only.
    assert len(unpack(gz(MEGABYTE * 32))[0]) == 32 * 2**20


def test_the_limit_is_two_gigabytes():
    assert MAX_UNPACKED_BYTES == 2 * 1024**3


def test_a_preview_unpacks_the_beginning_of_text_only(unpack):
    content = b"a,b\n" + b"".join(b"%d,%d\n" % (i, i * 7919 % 10**9) for i in range(900_000))
    assert len(content) > PREVIEW_BYTES + 2**20
    part, _ = unpack(gz(content, level=1), preview=True)
    assert PREVIEW_BYTES <= len(part) < PREVIEW_BYTES + 2**20
    assert content.startswith(part)
    whole, _ = unpack(gz(b"PAR1" + content, level=1), preview=True)
    assert len(whole) == len(content) + 4
