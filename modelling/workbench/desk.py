"""What all parts of the workbench share: the settings, the store, and the runner's launcher."""

from __future__ import annotations

from typing import Self

from modelling.launch import RunnerLauncher, WhenOwnerEnds
from modelling.settings import Settings
from modelling.store import Store
from modelling.types import Profile
from modelling.workbench.background import Soon


class Desk:
    """One open workspace."""

    def __init__(self, settings: Settings, *, when_owner_ends: WhenOwnerEnds) -> None:
        self.settings = settings
        self._store = Store(settings)
        self._launcher = RunnerLauncher(settings, when_owner_ends)
        self._profiles: Soon[Profile] = Soon()

    @classmethod
    def open(
        cls,
        settings: Settings | None = None,
        *,
        when_owner_ends: WhenOwnerEnds = WhenOwnerEnds.STOP,
    ) -> Self:
        """Open the workspace that ``settings`` (default: the environment) names, or make it."""
        return cls(settings or Settings.from_env(), when_owner_ends=when_owner_ends)

    def close(self) -> None:
        """End a runner that was started from here, and close the database."""
        self._profiles.close()
        self._launcher.end()
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
