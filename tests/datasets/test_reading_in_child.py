"""The child process that reads an upload: whatever comes, one clear answer and no traceback."""

from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from modelling.datasets.reading import label, read_in_child
from modelling.errors import DataError


@pytest.fixture
def read(tmp_path):
    def of(content, name="data.csv"):
        source = tmp_path / "upload"
        source.write_bytes(content)
        return read_in_child(source, tmp_path / "data.parquet", name=name)

    return of


def test_a_table_comes_back_as_parquet_and_description(read, tmp_path):
    ref = read(b"a,b\n1,x\n2,y\n")
    assert (ref.name, ref.n_rows, ref.read.format) == ("data.csv", 2, "csv")
    assert pd.read_parquet(tmp_path / "data.parquet").to_dict("list") == {
        "a": [1, 2],
        "b": ["x", "y"],
    }


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
        assert text.startswith(f"{kind}.csv "), text
        assert "Traceback" not in text
        assert "\n" not in text
        assert str(tmp_path) not in text


def test_memory_is_capped_and_the_answer_says_so(tmp_path):
    # 1.2 GB of text in a file of a few kB: far more than a file of its size gets.
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 6000), pa.array(["x" * 200_000]))
    table = pa.table({"a": column, "b": range(6000)})
    pq.write_table(table, tmp_path / "upload", store_schema=False)
    assert (tmp_path / "upload").stat().st_size < 5_000_000
    with pytest.raises(DataError, match="memory"):
        read_in_child(tmp_path / "upload", tmp_path / "data.parquet", name="bomb.parquet")


@pytest.mark.parametrize("name", ["-x.csv", "--name", "a b.csv", "ünï.csv"])
def test_any_name_is_only_a_label(read, name):
    assert read(b"a,b\n1,x\n2,y\n", name=name).name == name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\data\\x.csv", "x.csv"),
        ("a\r\nb\x1b[31m.csv", "a  b [31m.csv"),
        ("x" * 300, "x" * 80),
        ("", "the file"),
        ("/", "the file"),
    ],
)
def test_a_label_is_short_on_one_line_and_without_folders(name, expected):
    assert label(name) == expected
