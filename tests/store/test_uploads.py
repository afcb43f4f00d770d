"""Raw files are kept for a day, under names that nobody chose."""

import os
import time

import pytest

from modelling.errors import NotFoundError
from modelling.store.uploads import KEPT_S, Uploads


def test_a_file_is_found_under_its_generated_name(tmp_path):
    uploads = Uploads(tmp_path / "uploads")
    name, path = uploads.fresh()
    path.write_bytes(b"a,b")
    assert uploads.path(name).read_bytes() == b"a,b"
    assert uploads.has(name)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "0" * 32, "A" * 32, None])
def test_no_other_name_is_a_file(tmp_path, name):
    uploads = Uploads(tmp_path / "uploads")
    assert not uploads.has(name)
    with pytest.raises(NotFoundError, match="upload it again"):
        uploads.path(name or "")


def test_a_file_goes_after_a_day_when_the_next_one_comes(tmp_path):
    uploads = Uploads(tmp_path / "uploads")
    old, path = uploads.fresh()
    path.write_bytes(b"old")
    new, path_of_new = uploads.fresh()
    path_of_new.write_bytes(b"new")
    yesterday = time.time() - KEPT_S - 60
    os.utime(path, (yesterday, yesterday))
    uploads.fresh()
    assert (uploads.has(old), uploads.has(new)) == (False, True)
