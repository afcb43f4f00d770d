"""Connections and transactions; SQLite in its one mode (DESIGN.md, storage)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, select
from sqlalchemy.exc import DatabaseError, IntegrityError, SQLAlchemyError

from modelling.errors import StoreError
from modelling.store.tables import SCHEMA_VERSION, facts, metadata

BUSY_TIMEOUT_MS = 30_000


class Database:
    """Reads and writes of one database; every write is one transaction.

    Raises
    ------
    StoreError
        If it cannot be opened, or was written by another version of the product.
    """

    def __init__(self, url: str) -> None:
        try:
            self._engine = _engine(url)
        except SQLAlchemyError as error:
            raise _store_error(error) from error
        except ImportError as error:
            raise StoreError(
                f"TUNEWORTH_DATABASE_URL needs the Python package {error.name}, which is missing; "
                "install it, or unset the variable to use SQLite."
            ) from error
        try:
            self._create()
        except SQLAlchemyError as error:
            self.close()
            raise _store_error(error) from error
        except StoreError:
            self.close()
            raise

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a connection for reading."""
        with _translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that is committed at the end, or rolled back on an error."""
        engine = self._engine.execution_options(tuneworth_write=True)
        with _translated(), engine.begin() as connection:
            yield connection

    @property
    def dialect(self) -> str:
        """Name of the database's dialect."""
        return self._engine.dialect.name

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def _create(self) -> None:
        # Looked up first: opening a workspace should not queue behind a writer.
        with self._engine.connect() as connection:
            exists = self._engine.dialect.has_table(connection, facts.name)
        if not exists:
            self._create_tables()
        with self._engine.connect() as connection:
            version = connection.scalar(select(facts.c.value).where(facts.c.name == "schema"))
        if version != SCHEMA_VERSION:
            raise StoreError(
                f"This workspace is of schema version {version}, but this product reads version "
                f"{SCHEMA_VERSION}; use the version that made it, or another TUNEWORTH_HOME."
            )

    def _create_tables(self) -> None:
        try:
            with self.write() as connection:
                metadata.create_all(connection)
                connection.execute(insert(facts).values(name="schema", value=SCHEMA_VERSION))
        except (StoreError, IntegrityError):
            # Another process made them in the same moment; the version check that follows tells.
            with self._engine.connect() as connection:
                if not self._engine.dialect.has_table(connection, facts.name):
                    raise


def upsert(
    connection: Connection, table: Any, values: dict[str, Any], keys: tuple[str, ...]
) -> None:
    """Insert a row, or replace the one with the same ``keys``."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql as dialect
    else:
        from sqlalchemy.dialects import sqlite as dialect  # type: ignore[no-redef]
    rest = {name: value for name, value in values.items() if name not in keys}
    statement = dialect.insert(table).values(**values)
    connection.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=rest))


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _: object) -> None:
        # The driver's own implicit BEGIN would be DEFERRED, which deadlocks two writers.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=TRUNCATE",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("tuneworth_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise
    except DatabaseError as error:
        raise _store_error(error) from error


def _store_error(error: SQLAlchemyError) -> StoreError:
    reason = str(getattr(error, "orig", None) or error).splitlines()[0]
    if "locked" in reason:
        hint = "another process holds it; wait a moment and try again"
    elif "malformed" in reason or "not a database" in reason:
        hint = "the file is damaged; restore a copy of it, or use another TUNEWORTH_HOME"
    elif "full" in reason:
        hint = "the disk is full; free some space and try again"
    else:
        hint = "check TUNEWORTH_HOME or TUNEWORTH_DATABASE_URL"
    return StoreError(f"The workspace's database could not be used ({reason}): {hint}.")
