"""Whatever a user can cure: exit code 2 and one clear line, never a traceback."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from modelling.cli.main import main
from tests.cli.conftest import PROJECT

COMPARE = ("compare", "good.csv", "--target", "y")
# Words -> what the line says.
BAD = {
    ("profile", "empty.csv"): "empty.csv is empty; expected a table",
    ("profile", "picture.csv"): "picture.csv is a PNG image; expected a table",
    ("benchmark", "one_column.csv", "--target", "a"): "one_column.csv has one column only (a)",
    ("benchmark", "five_rows.csv", "--target", "y"): "five_rows.csv has 5 rows with a value in 'y'",
    ("benchmark", "one_class.csv", "--target", "y"): "has one class only ('yes')",
    ("compare", "nope.csv", "--target", "y"): "There is no file nope.csv; check the path.",
    (*COMPARE[:3], "z"): "There is no column 'z' for the target; the columns of good.csv are a, b,",
    (*COMPARE, "--models", "tree,nope"): "There is no model 'nope'; choose among dummy",
    (*COMPARE, "--budget", "a lot"): "'a lot' is no budget; expected a number above zero",
    ("compare", "good.csv"): "the following arguments are required: --target",
    ("stop", "abc"): "0 runs start with 'abc'",
    ("nonsense",): "invalid choice: 'nonsense'",
}
MORE = {
    ("profile", "."): "There is no file .; check the path.",
    ("profile", "good.csv", "--target", "z"): "There is no column 'z' for the target",
    (*COMPARE, "--models", "ridge"): "ridge cannot learn a binary task",
    (*COMPARE, "--tune", "nope"): "There is no model 'nope'",
    (*COMPARE, "--tune", "dummy"): "dummy has nothing to tune",
    (*COMPARE, "--metric", "nope"): "There is no metric 'nope'",
    (*COMPARE, "--task", "regression"): "holds text, but regression needs numbers",
    ("compare", "good.csv", "--target", "a", "--class-weight", "balanced"): "Only classes can be "
    "weighted, but 'a' is to be learned as a number",
    (*COMPARE, "--group", "z"): "There is no column 'z' for the group",
    (*COMPARE, "--test", "nope.csv"): "There is no file nope.csv",
    (*COMPARE, "--test", "without_a.csv"): "without_a.csv misses the column 'a'",
    (*COMPARE, "--test", "another_class.csv"): "holds the class 'maybe'",
    (*COMPARE, "--json", "nowhere/x.json"): "there is no folder to write nowhere/x.json into",
    ("resume", "abc"): "0 runs start with 'abc'",
    (): "the following arguments are required: command",
}


def assert_one_clear_line(text, expected):
    (line,) = text.splitlines()
    assert expected in line
    assert "Traceback" not in line
    assert str(PROJECT) not in line


@pytest.fixture(scope="module")
def answers(make_command_line):
    """All commands, two at a time: most of a second each is Python's start."""
    run = make_command_line("bad")
    with ThreadPoolExecutor(2) as threads:
        return dict(zip(BAD, threads.map(lambda words: run(*words), BAD), strict=True))


@pytest.mark.parametrize("words", BAD, ids=" ".join)
def test_bad_input_is_one_clear_line_and_exit_code_two(answers, words):
    done = answers[words]
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert_one_clear_line(done.stderr, BAD[words])


@pytest.mark.parametrize("words", MORE, ids=lambda words: " ".join(words) or "nothing")
def test_so_is_it_when_main_is_called(make_command_line, monkeypatch, capsys, words):
    run = make_command_line("more")
    monkeypatch.chdir(run.tables)
    monkeypatch.setenv("TUNEWORTH_HOME", str(run.home))
    assert main(list(words)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert_one_clear_line(err, MORE[words])


def test_settings_that_make_no_sense_are_bad_input_too(make_command_line):
    run = make_command_line("settings")
    done = run("runs", TUNEWORTH_WORKERS="none")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "TUNEWORTH_WORKERS must be a whole number above zero, got 'none'; correct it.\n"
    )
    done = run("runs", TUNEWORTH_HOME=str(run.tables / "good.csv"))
    assert done.returncode == 2
    assert "could not be made" in done.stderr
    done = run("profile", "good.csv", TUNEWORTH_MAX_UPLOAD_MB="1")
    assert done.returncode == 0, done.stderr


def test_a_damaged_workspace_is_one_clear_line(make_command_line):
    run = make_command_line("damaged")
    run.home.mkdir(parents=True)
    (run.home / "tuneworth.db").write_bytes(b"no database" * 1000)
    done = run("runs")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "the file is damaged" in done.stderr
