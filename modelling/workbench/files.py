"""The data sets of a workspace: bringing tables in, and reading them another way."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from modelling.datasets.amending import change_of, findings_after, manner_of
from modelling.datasets.children import read_in_child
from modelling.datasets.samples import Sample, sample, samples
from modelling.datasets.stored import first_rows
from modelling.datasets.wording import label
from modelling.errors import DataError
from modelling.types import DatasetRef, Fix, ReadOptions
from modelling.workbench.desk import Desk

if TYPE_CHECKING:
    import pandas as pd

_COPY_BYTES = 1 << 20


class Files(Desk):
    """The part of the workbench that makes data sets of files."""

    def dataset(self, dataset_id: str) -> DatasetRef:
        """Return what is known of a data set.

        Raises
        ------
        NotFoundError
            If there is none of that id.
        """
        return self._store.catalogue.dataset(dataset_id)

    def samples(self) -> tuple[Sample, ...]:
        """Return the sample data sets, the first demo first."""
        return samples()

    def add_sample(self, name: str) -> DatasetRef:
        """Read a sample into the workspace.

        Raises
        ------
        NotFoundError
            If there is no sample of that name.
        """
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

    def add_frame(self, frame: pd.DataFrame, *, name: str) -> DatasetRef:
        """Read a data frame into the workspace, as a notebook has it.

        Raises
        ------
        DataError
            If it is too large or no usable table.
        """
        raw = self._store.blobs.scratch(".frame")
        try:
            frame.to_parquet(raw, index=False)
            return self.add_file(raw, name=name)
        finally:
            raw.unlink(missing_ok=True)

    def add_test_file(self, path: Path | str, dataset_id: str) -> DatasetRef:
        """Read the user's own test set for a data set, in the manner in which that was read.

        Raises
        ------
        DataError
            If there is no such file, it is too large, or it is no usable table.
        """
        return self.add_file(path, options=manner_of(self.dataset(dataset_id).read))

    def add_upload(self, stream: IO[bytes], name: str, *, test_of: str | None = None) -> DatasetRef:
        """Read an uploaded file; it is kept for a day, so that it can be read another way.

        Parameters
        ----------
        test_of : str, optional
            The data set whose test set it is: numbers and dates are read as they were there.

        Raises
        ------
        DataError
            If it is too large or no usable table.
        """
        manner = None if test_of is None else manner_of(self.dataset(test_of).read)
        source, raw = self._store.uploads.fresh()
        try:
            with raw.open("wb") as file:
                shutil.copyfileobj(stream, file, _COPY_BYTES)
            ref = self.add_file(raw, name=label(name), options=manner)
        except BaseException:
            raw.unlink(missing_ok=True)
            raise
        return self._remember(replace(ref, source=source))

    def can_reread(self, dataset_id: str) -> bool:
        """Whether the file of a data set still is there to be read another way."""
        ref = self.dataset(dataset_id)
        return ref.sample is not None or self._store.uploads.has(ref.source)

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
                self._source(ref), parquet, name=ref.name, options=options, head=n_rows
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
        again = self._read(self._source(ref), ref.name, options)
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

    def _source(self, ref: DatasetRef) -> Path:
        """Return where the file lies that a data set was read from, if it is kept."""
        if ref.sample is not None:
            return sample(ref.sample).path
        return self._store.uploads.path(ref.source or "")
