"""The child process that reads an upload: whatever comes, one clear answer and no traceback."""

import logging
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from modelling.datasets.capped import ask
from modelling.datasets.children import read_in_child
from modelling.datasets.wording import label
from modelling.errors import DataError
from modelling.types import ReadOptions
from tests.datasets.corpus import excel
from tests.datasets.corpus.packing import gz


@pytest.fixture
def read(tmp_path):
    def of(content, name="data.csv", **kwargs):
        source = tmp_path / "upload"
        source.write_bytes(content)
        return read_in_child(source, tmp_path / "data.parquet", name=name, **kwargs)

    return of


def test_a_table_comes_back_as_parquet_and_description(read, tmp_path):
    ref = read(b"a,b\n1,x\n2,y\n")
    assert (ref.name, ref.n_rows, ref.read.format) == ("data.csv", 2, "csv")
    assert pd.read_parquet(tmp_path / "data.parquet").to_dict("list") == {
        "a": [1, 2],
        "b": ["x", "y"],
    }


def test_what_was_asked_for_reaches_the_child_and_comes_back(read):
    odd = "\0\r\n\"'é\u2028"
    options = ReadOptions(header_rows=0, missing_in={"column_2": (odd, "x")}, deduplicate=True)
    ref = read(b"a,b\n1,x\n1,x\n2,y\n", options=options, head=3)
    assert (ref.n_rows, ref.options) == (2, options)


HOSTILE = {
    "empty": b"",
    "one column": b"a\n1\n",
    "quotes": b"a,b\n" + b'"' * 10_001,
    "only delimiters": b"," * 500 + b"\n" + b"," * 500,
    "nul": b"a,b\n1,\0\n",
    "not text": bytes(range(1, 256)) * 40,
    "utf-16 of odd length": b"\xff\xfea,b\n",
    "pickle": b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00cos\nsystem\n",
    "deep json": b"[" * 100_000,
    "gz of nothing": gz(b""),
    "gz bomb": gz(bytes(2**20)) * 200,
    "workbook of two cells": excel.pack(
        {
            **excel.parts({"One": []}),
            excel.FIRST_SHEET: excel.SHEET_START
            + '<row r="1"><c r="A1"><v>1</v></c></row>'
            + '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
            + excel.SHEET_END,
        }
    ),
}


def test_hostile_files_get_one_clear_line(tmp_path):
    def answer(item):
        number, (kind, content) = item
        source = tmp_path / f"{number}"
        source.write_bytes(content)
        try:
            read_in_child(source, tmp_path / f"{number}.parquet", name=f"{kind}.csv")
        except DataError as error:
            return str(error)
        return None

    with ThreadPoolExecutor(2) as threads:
        answers = dict(zip(HOSTILE, threads.map(answer, enumerate(HOSTILE.items())), strict=True))
    for kind, text in answers.items():
        assert text is not None, kind
        assert f"{kind}.csv " in text
        assert "Traceback" not in text
        assert text.isprintable()
        assert str(tmp_path) not in text
    # Nothing is left behind, and nothing half done is there.
    assert {path.name for path in tmp_path.iterdir()} == {str(i) for i in range(len(HOSTILE))}


def test_memory_is_capped_and_the_answer_says_so(tmp_path):
    # 1.2 GB of text in a file of a few kB: far more than a file of its size gets.
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 6000), pa.array(["x" * 200_000]))
    table = pa.table({"a": column, "b": range(6000)})
    pq.write_table(table, tmp_path / "upload", store_schema=False)
    assert (tmp_path / "upload").stat().st_size < 5_000_000
    with pytest.raises(DataError, match="bomb.parquet needs more memory than a file of its size"):
        read_in_child(tmp_path / "upload", tmp_path / "data.parquet", name="bomb.parquet")


def test_a_library_that_aborts_for_want_of_memory_ends_only_the_child(read):
    strings = excel.shared_strings(["x"], count=2**32 - 1)
    parts = excel.parts({"One": [["a", "b"], [1, "x"]]}, shared=True)
    with pytest.raises(DataError, match="bomb.xlsx needs more memory than a file of its size"):
        read(excel.pack({**parts, excel.SHARED_STRINGS: strings}), name="bomb.xlsx")


def test_a_compressed_file_gets_the_memory_of_what_comes_out(read, tmp_path):
    # 60 MB of one value, so the file itself has 60 kB.
    rows = b"x" * 100 + b",1\n"
    content = b"a,b\n" + rows * 600_000
    assert len(zlib.compress(content)) < 2**19
    assert read(gz(content)).n_rows == 600_000


def test_a_child_that_breaks_is_one_sentence_here_and_a_traceback_in_the_log(caplog):
    with (
        caplog.at_level(logging.ERROR, logger="modelling.datasets.capped"),
        pytest.raises(DataError) as caught,
    ):
        ask("modelling.datasets.read", "--no-such-option", name="data.csv")
    assert str(caught.value) == (
        "data.csv could not be read as a table; its contents may be damaged. Save it as CSV or "
        "Parquet."
    )
    assert "unrecognized arguments" in caplog.text or "required" in caplog.text


def test_a_refusal_does_not_wait_for_pandas():
    code = "import sys, modelling.datasets.read; print('pandas' in sys.modules)"
    import subprocess

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("name", ["-x.csv", "--name", "a b.csv", "ünï.csv", "nul\0.csv", "\ud800"])
def test_any_name_is_only_a_label(read, name):
    assert read(b"a,b\n1,x\n2,y\n", name=name).name == label(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\data\\x.csv", "x.csv"),
        ("\\\\server\\share\\x.csv", "x.csv"),
        ("a\r\nb\x1b[31m.csv", "a  b [31m.csv"),
        ("a\0b.csv", "a b.csv"),
        ("\u202egpj.csv", "gpj.csv"),
        ("\ud800.csv", ".csv"),
        ("x" * 300, "x" * 80),
        ("", "the file"),
        ("/", "the file"),
    ],
)
def test_a_label_is_short_on_one_line_and_without_folders(name, expected):
    assert label(name) == expected
