import os
from pathlib import Path

import pytest

from modelling.errors import SpecError
from modelling.settings import Settings, use_one_thread


def test_the_environment_decides(tmp_path):
    settings = Settings.from_env(
        {
            "TUNEWORTH_HOME": str(tmp_path),
            "TUNEWORTH_DATABASE_URL": "postgresql+psycopg://host/db",
            "TUNEWORTH_WORKERS": "3",
            "TUNEWORTH_MAX_UPLOAD_MB": "7",
        }
    )
    assert settings == Settings(
        home=tmp_path,
        database_url="postgresql+psycopg://host/db",
        workers=3,
        max_upload_mb=7,
    )


def test_without_an_environment_the_workspace_is_in_the_user_data_folder():
    settings = Settings.from_env({})
    assert settings.home.name == "tuneworth"
    assert settings.home.is_absolute()
    assert settings.database_url == f"sqlite:///{settings.home / 'tuneworth.db'}"
    assert settings.workers == len(os.sched_getaffinity(0))
    assert settings.max_upload_mb == 1024


def test_an_empty_variable_counts_as_not_set(tmp_path):
    names = ("DATABASE_URL", "WORKERS", "MAX_UPLOAD_MB")
    empty = {"TUNEWORTH_HOME": str(tmp_path), **{f"TUNEWORTH_{name}": "" for name in names}}
    assert Settings.from_env(empty) == Settings.from_env({"TUNEWORTH_HOME": str(tmp_path)})


def test_the_home_may_be_relative_or_start_with_a_tilde():
    assert Settings.from_env({"TUNEWORTH_HOME": "~/w"}).home == Path.home() / "w"
    assert Settings.from_env({"TUNEWORTH_HOME": "w"}).home == Path.cwd() / "w"


def test_a_home_that_would_end_the_url_of_its_database_is_refused():
    with pytest.raises(SpecError, match="must not hold a question mark, got /tmp/a"):
        Settings.from_env({"TUNEWORTH_HOME": "/tmp/a?b"})


@pytest.mark.parametrize("name", ["TUNEWORTH_WORKERS", "TUNEWORTH_MAX_UPLOAD_MB"])
@pytest.mark.parametrize("value", ["0", "-1", "two", "1.5", " ", "1e3"])
def test_a_number_that_is_none_is_refused_by_name(name, value):
    with pytest.raises(SpecError, match=f"{name} must be a whole number above zero, got"):
        Settings.from_env({name: value})


def test_a_child_process_sees_the_same_settings(tmp_path):
    settings = Settings(
        home=tmp_path, database_url="sqlite:////somewhere.db", workers=2, max_upload_mb=5
    )
    assert Settings.from_env(settings.to_env()) == settings
    assert settings.to_env()["PATH"] == os.environ["PATH"]


def test_native_libraries_are_told_to_use_one_thread_and_not_to_spin(monkeypatch):
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    for name in (*names, "OMP_WAIT_POLICY"):
        monkeypatch.setenv(name, "9")
    use_one_thread()
    assert [os.environ[name] for name in names] == ["1", "1", "1"]
    assert os.environ["OMP_WAIT_POLICY"] == "PASSIVE"
