import codecs

import pytest

from modelling.datasets.files.formats.encoding import BLOCK_BYTES, Encoding, detect_encoding
from modelling.errors import UnreadableFileError


@pytest.fixture
def detect(tmp_path):
    def of(content: bytes, wanted: str | None = None) -> Encoding:
        path = tmp_path / "upload"
        path.write_bytes(content)
        return detect_encoding(path, "data.csv", wanted)

    return of


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"a,b\n1,2\n", "utf-8"),
        ("ä,b\nö,2\n".encode(), "utf-8"),
        (codecs.BOM_UTF8 + b"a,b\n1,2\n", "utf-8-sig"),
        ("a,b\n1,2\n".encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + "a,b\n1,2\n".encode("utf-16-be"), "utf-16"),
        ("a,b\n1,2\n".encode("utf-32"), "utf-32"),
        ("a,b\n1,2\n".encode("utf-16-le"), "utf-16-le"),
        ("a,b\n1,2\n".encode("utf-16-be"), "utf-16-be"),
        ("ä,b\n€,2\n".encode("cp1252"), "cp1252"),
        # Windows-1252 has no sign at 0x81.
        (b"\xe4,b\n\x81,2\n", "latin-1"),
    ],
)
def test_the_encoding_is_found(detect, content, name):
    assert detect(content) == Encoding(name=name)


def test_one_letter_of_an_old_encoding_is_found_at_the_end_of_the_file(detect):
    content = b"a,b\n" + b"xx,1\n" * (BLOCK_BYTES // 4) + "Müller,2\n".encode("cp1252")
    assert detect(content).name == "cp1252"


def test_a_letter_that_a_block_cuts_in_two_is_one_letter(detect):
    content = b"a,b\n" + b"x" * (BLOCK_BYTES - 5) + "ä,1\n".encode()
    assert content[:BLOCK_BYTES][-1:] == "ä".encode()[:1]
    assert detect(content) == Encoding(name="utf-8")


def test_one_damaged_byte_among_many_letters_makes_no_other_encoding(detect):
    content = ("größe,straße\n" * 100).encode() + b"\xff,1\n"
    found = detect(content)
    assert found == Encoding(name="utf-8", is_damaged=True)
    (finding,) = found.findings("data.csv")
    assert finding.message == "data.csv holds bytes that are no utf-8; they are shown as \ufffd."


def test_a_replacement_sign_that_is_in_the_file_is_no_damage(detect):
    assert detect("ä\ufffd,ö\n".encode()) == Encoding(name="utf-8")


def test_nul_characters_are_counted_and_told(detect):
    found = detect(b"a,b\n" + b"1,2\n" * 100 + b"\x00,\x003\n")
    assert (found.name, found.n_nul) == ("utf-8", 2)
    (finding,) = found.findings("data.csv")
    assert finding.message == "data.csv holds 2 NUL characters; they are left out."


@pytest.mark.parametrize(
    "content",
    [
        bytes(range(1, 256)) * 40,
        b"a,b\n1,\x00\n",
        b"a,b\n" + b"1,2\n" * BLOCK_BYTES + bytes(BLOCK_BYTES),
    ],
    ids=["signs", "nul", "nul after a megabyte"],
)
def test_what_holds_many_control_signs_is_binary(detect, content):
    with pytest.raises(UnreadableFileError, match="data.csv is a binary file; expected a table"):
        detect(content)


@pytest.mark.parametrize("sign", [b"\x01", b"\x1f"])
def test_signs_that_divide_values_are_no_sign_of_a_binary_file(detect, sign):
    assert detect(b"a" + sign + b"b\n1" + sign + b"2\n").name == "utf-8"


@pytest.mark.parametrize(
    ("content", "wanted", "expected"),
    [
        (b"\xe4\n", "cp1250", Encoding(name="cp1250")),
        (b"\xe4\n", "Latin-1", Encoding(name="iso8859-1")),
        (b"\xe4\n", "utf-8", Encoding(name="utf-8", is_damaged=True)),
        ("ä\n".encode(), "utf-8", Encoding(name="utf-8")),
        (codecs.BOM_UTF8 + b"a\n", "utf-8", Encoding(name="utf-8-sig")),
        ("ä\n".encode(), "cp1252", Encoding(name="cp1252")),
        ("日本\n".encode("shift-jis"), "shift-jis", Encoding(name="shift_jis")),
        # Whether there is a mark, the file knows better than the analyst.
        ("a\n".encode("utf-16"), "utf-16-le", Encoding(name="utf-16")),
        ("a\n".encode("utf-16-be"), "utf-16", Encoding(name="utf-16-be")),
        ("äöü\n".encode("utf-32-le"), "utf-32", Encoding(name="utf-32-le")),
        (b"\x93\xfa\xff\n", "shift-jis", Encoding(name="shift_jis", is_damaged=True)),
    ],
)
def test_the_encoding_that_is_asked_for_is_taken(detect, content, wanted, expected):
    assert detect(content, wanted) == expected


@pytest.mark.parametrize(
    "wanted",
    [
        *("klingon", "", "rot13", "hex", "zlib", "idna", "punycode", "undefined"),
        *("unicode_escape", "utf-8\0", "x" * 10_000, "../../x", "ä"),
    ],
)
def test_what_is_no_encoding_is_said_to_be_none(detect, wanted):
    with pytest.raises(UnreadableFileError, match="there is no such encoding. Choose") as caught:
        detect(b"a,b\n1,2\n", wanted)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 250
