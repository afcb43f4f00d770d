"""What is SQLite's own: its one mode, and damage."""

import sqlite3
from dataclasses import replace

import pytest

from modelling.errors import StoreError
from modelling.settings import Settings
from modelling.store import Store
from modelling.store.database import BUSY_TIMEOUT_MS, Database
from modelling.types import Economics
from tests.store.test_store import add_experiment


def settings_of(home):
    return Settings(home=home, database_url=f"sqlite:///{home}/tuneworth.db", workers=1)


@pytest.fixture
def store(tmp_path):
    made = Store(settings_of(tmp_path))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "truncate"),
        ("synchronous", 2),  # FULL
        ("foreign_keys", 1),
        ("busy_timeout", BUSY_TIMEOUT_MS),
    ],
)
@pytest.mark.parametrize("way", ["read", "write"])
def test_every_connection_runs_in_the_one_mode(store, pragma, value, way):
    with getattr(store.database, way)() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_a_writer_keeps_others_from_writing_but_not_from_reading(store, tmp_path):
    add_experiment(store)
    other = sqlite3.connect(tmp_path / "tuneworth.db", timeout=0, isolation_level=None)
    with store.database.write():
        assert other.execute("SELECT count(*) FROM experiments").fetchone() == (1,)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()


def test_a_transaction_that_fails_leaves_the_old_state(store):
    experiment = add_experiment(store)

    def fail_halfway():
        with store.database.write() as connection:
            connection.exec_driver_sql("UPDATE experiments SET test_batches = 7")
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        fail_halfway()
    assert store.catalogue.experiment("e") == experiment


def test_a_database_that_stays_locked_is_reported_as_such(store, tmp_path):
    add_experiment(store)
    other = sqlite3.connect(tmp_path / "tuneworth.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with store.database.read() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=50")
    with pytest.raises(StoreError, match="another process holds it; wait a moment and try again"):
        store.catalogue.set_economics("e", replace(Economics(), horizon_months=1.0))
    other.close()


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"this is no database at all" * 100,
        lambda content: content[:5000],
        lambda content: content[:100] + b"\xff" * 40 + content[140:],
        lambda content: b"\x00" * len(content),
    ],
    ids=["other file", "cut", "page", "zeros"],
)
def test_a_damaged_database_is_one_clear_sentence(tmp_path, damage):
    store = Store(settings_of(tmp_path))
    add_experiment(store)
    store.close()
    path = tmp_path / "tuneworth.db"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(StoreError) as caught:
        Store(settings_of(tmp_path))
    text = str(caught.value)
    assert text.startswith("The workspace's database could not be used (")
    assert text.endswith(
        ": the file is damaged; restore a copy of it, or use another TUNEWORTH_HOME."
    )
    assert "\n" not in text
    assert "SELECT" not in text


def test_damage_found_later_is_a_clear_sentence_too(store, tmp_path):
    add_experiment(store)
    with (tmp_path / "tuneworth.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096 * 20)
    with pytest.raises(StoreError, match="the file is damaged"):
        Store(settings_of(tmp_path)).catalogue.experiments()


def test_a_home_that_cannot_be_a_folder_is_a_clear_sentence(tmp_path):
    (tmp_path / "file").write_text("x")
    for home in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(StoreError, match=r"could not be made \(.*\); check TUNEWORTH_HOME"):
            Store(settings_of(home))


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nonsense", "check TUNEWORTH_HOME or TUNEWORTH_DATABASE_URL"),
        ("oracle+nothing://x", "check TUNEWORTH_HOME or TUNEWORTH_DATABASE_URL"),
        ("mysql+pymysql://x/y", "needs the Python package pymysql, which is missing"),
        (
            "postgresql+psycopg://u:secret@127.0.0.1:1/db",
            "refused|needs the Python package psycopg",
        ),
    ],
)
def test_an_address_that_leads_nowhere_is_a_clear_sentence(url, message):
    with pytest.raises(StoreError, match=message) as caught:
        Database(url)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)
