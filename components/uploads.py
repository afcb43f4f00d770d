"""Uploaded files: read into the workspace, then let go of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from modelling.types import DatasetRef
from modelling.workbench import Workbench

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile


def take(bench: Workbench, file: UploadedFile, *, test_of: str | None = None) -> DatasetRef:
    """Return the data set that an uploaded file holds; its bytes leave this process.

    ``test_of`` is the data set whose test set it is.

    Raises
    ------
    DataError
        If it is no usable table.
    """
    try:
        return bench.add_upload(file, file.name, test_of=test_of)
    finally:
        _release(file)


def _release(file: UploadedFile) -> None:
    # Streamlit (1.67) keeps an uploaded file until its browser session ends, also once its widget
    # is gone; its own chat input lets go of files the same way.
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)
    file.close()
