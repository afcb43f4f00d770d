import hashlib

import pytest

from modelling.errors import NotFoundError, StoreError
from modelling.store.blobs import Blobs


@pytest.fixture
def blobs(tmp_path):
    return Blobs(tmp_path / "blobs")


def scratch(blobs, content, suffix=""):
    path = blobs.scratch(suffix)
    path.write_bytes(content)
    return path


def test_a_file_is_adopted_under_the_hash_of_its_bytes(blobs):
    path = scratch(blobs, b"content")
    name = blobs.adopt(path)
    assert name == hashlib.sha256(b"content").hexdigest()
    assert blobs.path(name).read_bytes() == b"content"
    assert not path.exists()


def test_the_same_content_twice_is_one_file(blobs, tmp_path):
    names = {blobs.adopt(scratch(blobs, b"content")) for _ in range(2)}
    assert len(names) == 1
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_scratch_paths_are_fresh_and_keep_their_suffix(blobs):
    paths = {blobs.scratch(".npy") for _ in range(10)}
    assert len(paths) == 10
    assert {path.suffix for path in paths} == {".npy"}
    assert all(path.parent.is_dir() and not path.exists() for path in paths)


def test_a_blob_that_is_not_there_is_reported_without_its_path(blobs):
    with pytest.raises(NotFoundError, match="A stored file of this workspace is missing; run it"):
        blobs.path("0" * 64)


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "0" * 63, "0" * 65, "G" * 64, "/" + "0" * 63, "A" * 64]
)
def test_a_name_that_is_no_hash_is_refused(blobs, name):
    with pytest.raises(NotFoundError, match="That is no name of a stored file"):
        blobs.path(name)


def test_a_file_that_cannot_be_adopted_is_a_clear_error(blobs):
    with pytest.raises(StoreError, match=r"could not be written to the workspace \(No such file"):
        blobs.adopt(blobs.scratch())
