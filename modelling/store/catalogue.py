"""Data sets and experiments."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, select, update

from modelling.codec import from_json, to_json
from modelling.errors import NotFoundError
from modelling.store.database import Database, upsert
from modelling.store.tables import datasets, experiments, scenarios
from modelling.types import DatasetRef, Economics, Experiment, Scenario


def now() -> str:
    """Return the current moment as text, for display and order only; never for durations."""
    return datetime.now(tz=UTC).isoformat(timespec="milliseconds")


class Catalogue:
    """What was uploaded, and what is to be found out about it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_dataset(self, ref: DatasetRef) -> None:
        """Remember a data set; the same content again only renews its description."""
        values = {"id": ref.id, "created_at": now(), "body": to_json(ref)}
        with self._database.write() as connection:
            upsert(connection, datasets, values, ("id",))

    def dataset(self, dataset_id: str) -> DatasetRef:
        """Return a data set.

        Raises
        ------
        NotFoundError
            If there is none of that id.
        """
        with self._database.read() as connection:
            body = connection.scalar(select(datasets.c.body).where(datasets.c.id == dataset_id))
        if body is None:
            raise NotFoundError(f"There is no data set {dataset_id[:12]!r} in this workspace.")
        return from_json(DatasetRef, body)

    def add_experiment(self, experiment: Experiment) -> None:
        """Remember an experiment."""
        with self._database.write() as connection:
            connection.execute(
                experiments.insert().values(
                    id=experiment.id,
                    dataset_id=experiment.dataset_id,
                    created_at=experiment.created_at,
                    test_batches=experiment.test_batches,
                    parent_id=None if experiment.outer is None else experiment.outer.parent,
                    economics=to_json(experiment.economics),
                    body=to_json(experiment),
                )
            )

    def experiment(self, experiment_id: str) -> Experiment:
        """Return an experiment.

        Raises
        ------
        NotFoundError
            If there is none of that id.
        """
        with self._database.read() as connection:
            row = connection.execute(
                select(experiments).where(experiments.c.id == experiment_id)
            ).one_or_none()
        if row is None:
            raise NotFoundError(f"There is no experiment {experiment_id[:12]!r} in this workspace.")
        return _experiment(row)

    def experiments(self, limit: int = 50) -> tuple[Experiment, ...]:
        """Return the newest experiments, newest first."""
        query = select(experiments).where(experiments.c.parent_id.is_(None))
        return self._all(query.order_by(experiments.c.created_at.desc()).limit(limit))

    def experiments_on(self, dataset_id: str) -> tuple[Experiment, ...]:
        """Return all experiments on a data set; parts of a nested cross-validation are none."""
        query = select(experiments).where(experiments.c.dataset_id == dataset_id)
        return self._all(query.where(experiments.c.parent_id.is_(None)))

    def parts_of(self, experiment_id: str) -> tuple[Experiment, ...]:
        """Return the parts of all nested cross-validations of an experiment, oldest first."""
        query = select(experiments).where(experiments.c.parent_id == experiment_id)
        return self._all(query.order_by(experiments.c.created_at))

    def _all(self, query: Any) -> tuple[Experiment, ...]:
        with self._database.read() as connection:
            return tuple(_experiment(row) for row in connection.execute(query))

    def set_economics(self, experiment_id: str, economics: Economics) -> None:
        """Change the economic assumptions of an experiment."""
        change = update(experiments).where(experiments.c.id == experiment_id)
        with self._database.write() as connection:
            connection.execute(change.values(economics=to_json(economics)))

    def scenarios(self, experiment_id: str) -> tuple[Scenario, ...]:
        """Return the named assumptions of an experiment, oldest first."""
        query = select(scenarios).where(scenarios.c.experiment_id == experiment_id)
        with self._database.read() as connection:
            return tuple(
                Scenario(name=row.name, economics=from_json(Economics, row.economics))
                for row in connection.execute(query.order_by(scenarios.c.created_at))
            )

    def put_scenario(self, experiment_id: str, scenario: Scenario) -> None:
        """Keep named assumptions; the same name again replaces them."""
        key = {"experiment_id": experiment_id, "name": scenario.name}
        values = {**key, "created_at": now(), "economics": to_json(scenario.economics)}
        with self._database.write() as connection:
            upsert(connection, scenarios, values, tuple(key))

    def drop_scenario(self, experiment_id: str, name: str) -> None:
        """Forget named assumptions."""
        chosen = (scenarios.c.experiment_id == experiment_id, scenarios.c.name == name)
        with self._database.write() as connection:
            connection.execute(delete(scenarios).where(*chosen))


def _experiment(row: Any) -> Experiment:
    return replace(
        from_json(Experiment, row.body),
        economics=from_json(Economics, row.economics),
        test_batches=row.test_batches,
    )
