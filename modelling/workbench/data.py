"""The data sets of a workspace: bringing tables in, and looking at them."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from modelling.codec import to_json
from modelling.datasets.amending import change_of, findings_after, manner_of
from modelling.datasets.children import PROFILE_VERSION, examine_in_child, read_in_child
from modelling.datasets.choices import TaskChoices
from modelling.datasets.experiments import preview_split
from modelling.datasets.proposal import labels_of, proposed_choices
from modelling.datasets.role_table import roles_under, with_roles
from modelling.datasets.samples import Sample, sample, samples
from modelling.datasets.stored import first_rows
from modelling.datasets.wording import label
from modelling.errors import DataError
from modelling.types import DatasetRef, Fix, Profile, ReadOptions, Role, SplitPreview
from modelling.workbench.desk import Desk

if TYPE_CHECKING:
    import pandas as pd

COPY_BYTES = 1 << 20


class Data(Desk):
    """The part of the workbench that knows data sets."""

    def samples(self) -> tuple[Sample, ...]:
        """Return the sample data sets, the first demo first."""
        return samples()

    def add_sample(self, name: str) -> DatasetRef:
        """Read a sample into the workspace."""
        chosen = sample(name)
        ref = self.add_file(chosen.path, name=chosen.name)
        return self._remember(replace(ref, sample=chosen.name))

    def add_file(
        self, path: Path | str, *, name: str | None = None, options: ReadOptions | None = None
    ) -> DatasetRef:
        """Read a file into the workspace.

        Parameters
        ----------
        options : ReadOptions, optional
            How to read it; default: all as detected.

        Raises
        ------
        DataError
            If there is no such file, it is too large, or it is no usable table.
        """
        source = Path(path)
        shown = source.name if name is None else name
        if not source.is_file():
            raise DataError(f"There is no file {label(str(path))}; check the path.")
        size_mb = source.stat().st_size / 1024**2
        if size_mb > self.settings.max_upload_mb:
            raise DataError(
                f"{label(shown)} has {size_mb:,.0f} MB; at most "
                f"{self.settings.max_upload_mb:,} MB are read (TUNEWORTH_MAX_UPLOAD_MB)."
            )
        return self._remember(self._read(source, shown, options))

    def add_test_file(self, path: Path | str, dataset_id: str) -> DatasetRef:
        """Read the user's own test set for a data set, in the manner in which that was read."""
        return self.add_file(path, options=manner_of(self.dataset(dataset_id).read))

    def add_upload(self, stream: IO[bytes], name: str, *, test_of: str | None = None) -> DatasetRef:
        """Read an uploaded file; it is kept for a day, so that it can be read another way.

        Parameters
        ----------
        test_of : str, optional
            The data set whose test set it is: numbers and dates are read as they were there.
        """
        manner = None if test_of is None else manner_of(self.dataset(test_of).read)
        source, raw = self._store.uploads.fresh()
        try:
            with raw.open("wb") as file:
                shutil.copyfileobj(stream, file, COPY_BYTES)
            ref = self.add_file(raw, name=label(name), options=manner)
        except BaseException:
            raw.unlink(missing_ok=True)
            raise
        return self._remember(replace(ref, source=source))

    def can_reread(self, dataset_id: str) -> bool:
        """Whether the file of a data set still is there to be read another way."""
        return self._source(self.dataset(dataset_id)) is not None

    def preview_reading(
        self, dataset_id: str, options: ReadOptions, n_rows: int = 50
    ) -> tuple[DatasetRef, pd.DataFrame]:
        """Return what the first rows would be if the file were read that way; nothing is stored.

        Raises
        ------
        DataError
            If it cannot be read that way.
        NotFoundError
            If the file is not kept any more.
        """
        ref = self.dataset(dataset_id)
        parquet = self._store.blobs.scratch(".parquet")
        try:
            read = read_in_child(
                self._required_source(ref), parquet, name=ref.name, options=options, head=n_rows
            )
            return read, first_rows(parquet, n_rows)
        finally:
            parquet.unlink(missing_ok=True)

    def reread(self, dataset_id: str, options: ReadOptions) -> DatasetRef:
        """Read the file of a data set another way, which makes another data set.

        Raises
        ------
        DataError
            If it cannot be read that way.
        NotFoundError
            If the file is not kept any more.
        """
        ref = self.dataset(dataset_id)
        again = self._read(self._required_source(ref), ref.name, options)
        return self._remember(replace(again, sample=ref.sample, source=ref.source))

    def amend(self, dataset_id: str, fix: Fix) -> DatasetRef:
        """Apply a cure that changes the data themselves, which makes another data set.

        Raises
        ------
        ValueError
            If the fix changes roles or splits, not data.
        """
        ref = self.dataset(dataset_id)
        change = change_of(fix, ref.options)
        amended = self._read(
            self._store.blobs.path(ref.id), ref.name, replace(manner_of(ref.read), **change)
        )
        # How the file itself was read stays true; what was changed since is added to it.
        return self._remember(
            replace(
                amended,
                read=ref.read,
                sample=ref.sample,
                source=ref.source,
                options=replace(ref.options, **change),
                findings=findings_after(fix, ref.findings, amended.findings),
            )
        )

    def _read(self, source: Path, name: str, options: ReadOptions | None) -> DatasetRef:
        parquet = self._store.blobs.scratch(".parquet")
        try:
            ref = read_in_child(source, parquet, name=name, options=options)
            self._store.blobs.adopt(parquet)
        finally:
            parquet.unlink(missing_ok=True)
        return ref

    def _remember(self, ref: DatasetRef) -> DatasetRef:
        self._store.catalogue.add_dataset(ref)
        return ref

    def _source(self, ref: DatasetRef) -> Path | None:
        if ref.sample is not None:
            return sample(ref.sample).path
        return self._store.uploads.path(ref.source or "") if self._kept(ref) else None

    def _kept(self, ref: DatasetRef) -> bool:
        return self._store.uploads.has(ref.source)

    def _required_source(self, ref: DatasetRef) -> Path:
        return self._source(ref) or self._store.uploads.path(ref.source or "")

    def add_frame(self, frame: pd.DataFrame, *, name: str) -> DatasetRef:
        """Read a data frame into the workspace, as a notebook has it."""
        raw = self._store.blobs.scratch(".frame")
        try:
            frame.to_parquet(raw, index=False)
            return self.add_file(raw, name=name)
        finally:
            raw.unlink(missing_ok=True)

    def dataset(self, dataset_id: str) -> DatasetRef:
        """Return what is known of a data set."""
        return self._store.catalogue.dataset(dataset_id)

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
    # How models are judged changes nothing about the data.
    about_data = replace(choices, metric=None, margin=None)
    text = f"{PROFILE_VERSION} {to_json(about_data)} {test_dataset_id}"
    return hashlib.sha256(text.encode()).hexdigest()
