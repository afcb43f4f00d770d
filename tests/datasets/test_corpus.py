"""Every file of the corpus: read with the right shape, or refused in one clear sentence."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from modelling.datasets.children import read_in_child
from modelling.datasets.read import read_file
from modelling.datasets.wording import label
from modelling.settings import Settings
from modelling.types import ColumnType
from modelling.workbench import Workbench
from tests.datasets.corpus import ENTRIES, Entry, Reads, Refused
from tests.datasets.corpus.claims import Outcome, disagreements, outcome_of
from tests.datasets.corpus.containers import TEXT
from tests.datasets.corpus.names import NAMES
from tests.datasets.corpus.not_tables import KINDS, MARK

# Hashes and random names of ours, and the database; nothing that came with an upload.
GENERATED = re.compile(r"[0-9a-f]{32,64}(\.\w+)?|t\.db\S*|.*\.lock")
IN_PROCESS = [entry for entry in ENTRIES if not entry.in_child]
IN_CHILD = [entry for entry in ENTRIES if entry.in_child and not entry.long_only]


def entry_id(entry: Entry) -> str:
    return entry.id


@pytest.mark.parametrize("entry", IN_PROCESS, ids=entry_id)
def test_each_file_is_read_or_refused_as_it_must_be(entry: Entry, tmp_path: Path) -> None:
    case = entry.make()
    source, parquet = tmp_path / "upload", tmp_path / "data.parquet"
    source.write_bytes(case.content)
    outcome = outcome_of(lambda: read_file(source, parquet, entry.file_name))
    wrong = disagreements(case.expects, outcome, label=entry.file_name, parquet=parquet)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("entry", IN_CHILD, ids=entry_id)
def test_what_might_end_its_reader_ends_only_a_child(entry: Entry, tmp_path: Path) -> None:
    case = entry.make()
    source, parquet = tmp_path / "upload", tmp_path / "data.parquet"
    source.write_bytes(case.content)
    outcome = outcome_of(lambda: read_in_child(source, parquet, name=entry.file_name))
    wrong = disagreements(case.expects, outcome, label=label(entry.file_name), parquet=parquet)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("It is empty. Choose another.", "the file's name is missing"),
        ("x.csv could not be read (ValueError); save it again.", "'ValueError' shows insides"),
        ("x.csv is not at /tmp/up; choose another file.", "'/tmp' shows insides"),
        ("x.csv is empty\n; choose another file.", "no short line"),
        ("x.csv is empty.", "no next step"),
        ("x.csv is bad. It is. Really. Choose another.", "not one or two sentences"),
        ("x.csv is a PNG image; choose another file.", "expected to hear 'PDF'"),
    ],
)
def test_a_sentence_that_is_not_clear_is_found(tmp_path: Path, message: str, found: str) -> None:
    wrong = disagreements(
        Refused(says="PDF"), Outcome(message=message), label="x.csv", parquet=tmp_path
    )
    assert any(line.startswith(found) for line in wrong), wrong


@pytest.mark.parametrize(
    ("expects", "found"),
    [
        (Refused(), "expected a refusal, got 2 rows"),
        (Reads(rows=3, columns=2), "expected 3 x 2, got 2 x 2"),
        (Reads(rows=2, names=("a", "c")), "expected the names ('a', 'c')"),
        (Reads(rows=2, first={"a": 2}), "expected 2 first in 'a'"),
        (Reads(rows=2, types={"a": ColumnType.DATE}), "expected 'a' to be a date"),
        (Reads(rows=2, info={"delimiter": ";"}), "expected delimiter ';'"),
        (Reads(rows=2, told="NUL"), "expected to be told 'NUL'"),
    ],
)
def test_a_table_that_came_back_wrong_is_found(
    tmp_path: Path, expects: Reads | Refused, found: str
) -> None:
    source, parquet = tmp_path / "upload", tmp_path / "data.parquet"
    source.write_bytes(b"a,b\n1,x\n2,y\n")
    outcome = outcome_of(lambda: read_file(source, parquet, "x.csv"))
    right = Reads(rows=2, names=("a", "b"), first={"a": 1, "b": "x"}, info={"delimiter": ","})
    assert disagreements(right, outcome, label="x.csv", parquet=parquet) == ()
    wrong = disagreements(expects, outcome, label="x.csv", parquet=parquet)
    assert [line.startswith(found) for line in wrong] == [True], wrong


def test_nothing_that_is_uploaded_is_executed(tmp_path: Path) -> None:
    for _, _, content in KINDS:
        (tmp_path / "upload").write_bytes(content)
        outcome_of(lambda: read_file(tmp_path / "upload", tmp_path / "out", "x.csv"))
    assert not Path(MARK).exists()


def test_the_corpus_is_the_cross_product_that_it_claims_to_be() -> None:
    assert len(ENTRIES) >= 250
    assert len({entry.id for entry in ENTRIES}) == len(ENTRIES)
    assert len({entry.file_name for entry in ENTRIES}) == len(ENTRIES)


@pytest.mark.parametrize(
    "entry", [entry for entry in ENTRIES if entry.fault == "none"], ids=entry_id
)
def test_the_bytes_of_a_file_are_the_same_each_time(entry: Entry) -> None:
    assert entry.make().content == entry.make().content


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    home = tmp_path_factory.mktemp("corpus")
    settings = Settings(home=home / "home", database_url=f"sqlite:///{home}/t.db", workers=1)
    with Workbench.open(settings) as bench:
        yield bench


@pytest.mark.parametrize(("name", "expected"), NAMES, ids=lambda value: ascii(value)[:30])
def test_a_name_is_only_a_label(workbench: Workbench, name: str, expected: str) -> None:
    ref = workbench.add_upload(io.BytesIO(TEXT), name)
    assert (ref.name, ref.n_rows, len(ref.columns)) == (expected, 40, 5)
    folder = workbench.settings.home.parent
    stored = [path.name for path in folder.rglob("*") if path.is_file()]
    assert all(GENERATED.fullmatch(file) for file in stored), stored


def test_the_same_name_twice_makes_two_data_sets(workbench: Workbench) -> None:
    first = workbench.add_upload(io.BytesIO(b"a,b\n1,x\n2,y\n"), "data.csv")
    second = workbench.add_upload(io.BytesIO(b"a,b\n3,x\n4,y\n"), "data.csv")
    assert first.id != second.id
    assert workbench.preview(first.id)["a"].tolist() == [1, 2]
    assert workbench.preview(second.id)["a"].tolist() == [3, 4]
