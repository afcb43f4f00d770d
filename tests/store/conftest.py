"""A store on SQLite and, with the marker `servers`, on PostgreSQL."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from modelling.settings import Settings
from modelling.store import Store

POSTGRES = "TUNEWORTH_TEST_POSTGRES_URL"


@dataclass
class Workspace:
    """Settings of one database, and the stores that are open on it."""

    settings: Settings
    stores: list[Store] = field(default_factory=list)

    def open(self) -> Store:
        """Open a store of its own, as another process would."""
        self.stores.append(Store(self.settings))
        return self.stores[-1]

    def close(self) -> None:
        for store in self.stores:
            store.close()


def _empty_postgres() -> str:
    import sqlalchemy

    url = os.environ.get(POSTGRES)
    if not url:
        pytest.fail(f"{POSTGRES} is not set; run `make check-servers`", pytrace=False)
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("DROP SCHEMA public CASCADE"))
        connection.execute(sqlalchemy.text("CREATE SCHEMA public"))
    engine.dispose()
    return url


def _url(kind: str, home: Path) -> str:
    return f"sqlite:///{home}/tuneworth.db" if kind == "sqlite" else _empty_postgres()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def workspace(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workspace]:
    settings = Settings(home=tmp_path, database_url=_url(request.param, tmp_path), workers=1)
    made = Workspace(settings)
    yield made
    made.close()


@pytest.fixture
def store(workspace: Workspace) -> Store:
    return workspace.open()
