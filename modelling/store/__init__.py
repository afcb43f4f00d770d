"""The store: one database (SQLite or PostgreSQL) and one folder of blobs."""

from __future__ import annotations

from modelling.errors import StoreError
from modelling.settings import Settings
from modelling.store.blobs import Blobs
from modelling.store.catalogue import Catalogue
from modelling.store.database import Database
from modelling.store.profiles import Profiles
from modelling.store.results import Results
from modelling.store.runs import Runs
from modelling.store.uploads import Uploads


class Store:
    """All that a workspace remembers.

    Parameters
    ----------
    settings : Settings
        Where the database and the blobs are; both are made if they are missing.

    Raises
    ------
    StoreError
        If the folder cannot be made, the database cannot be opened, or it is of another schema
        version.
    """

    def __init__(self, settings: Settings) -> None:
        try:
            settings.home.mkdir(parents=True, exist_ok=True)
            self.blobs = Blobs(settings.home / "blobs")
            self.uploads = Uploads(settings.home / "uploads")
        except OSError as error:
            raise StoreError(
                f"The workspace {settings.home} could not be made ({error.strerror}); check "
                "TUNEWORTH_HOME."
            ) from error
        self.home = settings.home
        self.database = Database(settings.database_url)
        self.catalogue = Catalogue(self.database)
        self.profiles = Profiles(self.database)
        self.runs = Runs(self.database)
        self.results = Results(self.database)

    def close(self) -> None:
        """Close the connections."""
        self.database.close()
