"""The data sets of a workspace: looking at them, and what could be learned from them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from modelling.codec import to_json
from modelling.datasets.children import PROFILE_VERSION, examine_in_child
from modelling.datasets.choices import TaskChoices
from modelling.datasets.experiments import preview_split
from modelling.datasets.proposal import labels_of, proposed_choices
from modelling.datasets.role_table import roles_under, with_roles
from modelling.datasets.stored import first_rows
from modelling.types import Profile, Role, SplitPreview
from modelling.workbench.files import Files

if TYPE_CHECKING:
    import pandas as pd


class Data(Files):
    """The part of the workbench that looks at data sets."""

    def preview(self, dataset_id: str, n_rows: int = 100) -> pd.DataFrame:
        """Return the first rows of a data set that no experiment has locked as test rows."""
        locked = [
            self._store.blobs.path(experiment.split_blob)
            for experiment in self._store.catalogue.experiments_on(dataset_id)
            if experiment.test_dataset_id is None
        ]
        return first_rows(self._store.blobs.path(dataset_id), n_rows, locked)

    def proposed_choices(self, dataset_id: str, target: str | None = None) -> TaskChoices:
        """Return what we would choose: the sample's own task, or what the target suggests.

        The positive class stays open where the data do not make a task as they are.

        Raises
        ------
        TaskError
            If there is no column ``target``.
        """
        path = self._store.blobs.path(dataset_id)
        return proposed_choices(self.dataset(dataset_id), path, target)

    def class_labels(self, dataset_id: str, target: str) -> tuple[str, ...]:
        """Return the labels of a classification target, in order."""
        return labels_of(self._store.blobs.path(dataset_id), target)

    def roles(self, dataset_id: str, choices: TaskChoices) -> dict[str, Role]:
        """Return the role of each column under these choices."""
        return roles_under(self.dataset(dataset_id), choices)

    def with_roles(
        self, dataset_id: str, choices: TaskChoices, roles: Mapping[str, Role]
    ) -> TaskChoices:
        """Return ``choices`` with these roles.

        Raises
        ------
        TaskError
            If two columns have a role that only one can have.
        """
        return with_roles(self.dataset(dataset_id), choices, roles)

    def profile(
        self, dataset_id: str, choices: TaskChoices, *, test_dataset_id: str | None = None
    ) -> Profile:
        """Return columns in figures, associations, and all findings under these choices.

        Computed once by a child process, then remembered.

        Parameters
        ----------
        test_dataset_id : str, optional
            The user's own test set, which is only compared with the data, never shown.

        Raises
        ------
        DataError
            If examining the table passes the caps of the child.
        """
        key = _profile_key(choices, test_dataset_id)
        known = self._store.profiles.get(dataset_id, key)
        if known is None:
            path = self._store.blobs.path
            known = examine_in_child(
                self.dataset(dataset_id),
                path(dataset_id),
                choices,
                test=None if test_dataset_id is None else self.dataset(test_dataset_id),
                test_path=None if test_dataset_id is None else path(test_dataset_id),
            )
            self._store.profiles.put(dataset_id, key, known)
        return known

    def profile_soon(
        self, dataset_id: str, choices: TaskChoices, *, test_dataset_id: str | None = None
    ) -> Profile | None:
        """Return the same as `profile` if it is there, else start on it and return None."""
        key = _profile_key(choices, test_dataset_id)
        known = self._store.profiles.get(dataset_id, key)
        return known or self._profiles.ask(
            (dataset_id, key),
            lambda: self.profile(dataset_id, choices, test_dataset_id=test_dataset_id),
        )

    def preview_split(
        self, dataset_id: str, choices: TaskChoices, *, test_dataset_id: str | None = None
    ) -> SplitPreview:
        """Return how rows would be divided, in figures, before anything is locked.

        Raises
        ------
        TaskError, DataError
            If target, roles, split and data do not fit together.
        """
        test = None if test_dataset_id is None else self.dataset(test_dataset_id)
        return preview_split(
            self.dataset(dataset_id),
            self._store.blobs.path(dataset_id),
            choices,
            test=test,
            test_path=None if test is None else self._store.blobs.path(test.id),
        )


def _profile_key(choices: TaskChoices, test_dataset_id: str | None) -> str:
    text = f"{PROFILE_VERSION} {to_json(choices.about_data())} {test_dataset_id}"
    return hashlib.sha256(text.encode()).hexdigest()
