"""Profiles that were computed once, by data set and choices."""

from __future__ import annotations

from sqlalchemy import select

from modelling.codec import from_json, to_json
from modelling.store.database import Database, upsert
from modelling.store.tables import profiles
from modelling.types import Profile


class Profiles:
    """A cache: any row may be dropped and is computed again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, dataset_id: str, key: str) -> Profile | None:
        """Return the profile of a data set under the choices of ``key``, or None."""
        query = select(profiles.c.body).where(
            profiles.c.dataset_id == dataset_id, profiles.c.key == key
        )
        with self._database.read() as connection:
            body = connection.scalar(query)
        return None if body is None else from_json(Profile, body)

    def put(self, dataset_id: str, key: str, profile: Profile) -> None:
        """Remember a profile."""
        values = {"dataset_id": dataset_id, "key": key, "body": to_json(profile)}
        with self._database.write() as connection:
            upsert(connection, profiles, values, ("dataset_id", "key"))
