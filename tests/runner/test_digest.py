"""Which code a runner was started from."""

from __future__ import annotations

import pytest

from modelling.runner import digest


@pytest.fixture
def package(tmp_path, monkeypatch):
    folder = tmp_path / "package"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "code.py").write_text("x = 1\n")
    monkeypatch.setattr(digest, "_PACKAGE", folder)
    return folder


@pytest.mark.parametrize("name", ["inner/code.py", "new.py", "../requirements.txt"])
def test_any_other_code_has_another_digest(package, name):
    before = digest.source_digest()
    assert digest.source_digest() == before
    (package / name).write_text("x = 22\n")
    assert digest.source_digest() != before


def test_a_file_that_was_only_touched_is_the_same_code(package):
    before = digest.source_digest()
    (package / "inner" / "code.py").touch()
    assert digest.source_digest() == before
