"""From a file to a verdict on the command line, and the JSON that comes out."""

import json
import math
import time

import psutil
import pytest

from modelling.settings import Settings
from modelling.workbench import Workbench
from tests.reports.schema import (
    COLUMN,
    MODEL,
    PAIR,
    PROFILE,
    RESULT,
    TASK,
    TRIALS,
    USD,
    VERDICT,
    VERDICTS,
    WARNING,
    numbers_of,
)


def processes_of(run):
    """Return what still works on a workspace."""
    found = []
    for process in psutil.process_iter():
        try:
            home = process.environ().get("TUNEWORTH_HOME")
            if home == str(run.home) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


def assert_none_is_left(run, timeout_s=10.0):
    # The fork server of the runner ends a moment after it.
    deadline = time.monotonic() + timeout_s
    while left := processes_of(run):
        assert time.monotonic() < deadline, left
        time.sleep(0.1)


def strict(text):
    def refuse(word):
        raise AssertionError(f"{word} is no JSON")

    return json.loads(text, parse_constant=refuse)


@pytest.fixture(scope="module")
def run(make_command_line):
    return make_command_line("compare")


@pytest.fixture(scope="module")
def compared(run):
    done = run(
        *("compare", "good.csv", "--target", "y", "--models", "dummy,tree"),
        *("--tune", "tree", "--budget", "6trials", "--folds", "3", "--json", "-"),
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def result(compared):
    return strict(compared.stdout)


class TestCompare:
    def test_standard_output_is_json_and_progress_is_elsewhere(self, compared):
        assert compared.stdout.startswith("{")
        assert compared.stdout.endswith("}\n")
        assert "benchmark: " in compared.stderr
        assert "tuning: " in compared.stderr
        assert "Traceback" not in compared.stderr

    def test_every_field_is_there_and_every_number_is_finite(self, result):
        assert set(result) == RESULT
        assert set(result["task"]) == TASK
        assert {frozenset(model) for model in result["models"]} == {frozenset(MODEL)}
        assert {frozenset(model["trials"]) for model in result["models"]} == {frozenset(TRIALS)}
        assert {frozenset(model["usd"]) for model in result["models"]} == {frozenset(USD)}
        assert {frozenset(pair) for pair in result["pairs"]} == {frozenset(PAIR)}
        assert set(result["verdict"]) == VERDICT
        assert all(set(warning) == WARNING for warning in result["warnings"])
        assert all(math.isfinite(number) for number in numbers_of(result))

    def test_the_task_is_the_one_that_was_asked_for(self, result):
        assert result["task"] == {
            "kind": "binary",
            "target": "y",
            "metric": "roc_auc",
            "direction": "maximize",
            "n_train": 224,
            "n_test": 76,  # a quarter of each class, rounded
            "split": "stratified",
            "seed": 0,
            "class_weight": "none",
            "peeks": 1,  # the benchmark's batch, and one look after it by the study
        }

    def test_the_models_are_dummy_tree_tuned_tree_and_ensemble_with_scores_and_costs(self, result):
        models = {(model["key"], model["variant"]): model for model in result["models"]}
        assert set(models) == {
            ("dummy", "base"),
            ("tree", "base"),
            ("tree", "tuned"),
            ("ensemble", "ensemble"),
        }
        for model in models.values():
            assert (model["status"], model["error"]) == ("ok", None)
            low, high = model["test_interval"]
            assert 0 <= low <= model["test_score"] <= high <= 1
            assert model["test_score"] == model["metrics"]["roc_auc"]
            for name in ("fit_cpu_s", "fit_time_s", "predict_cpu_ms_per_1k", "size_bytes"):
                assert model[name] > 0, name
        assert models["dummy", "base"]["cv_score"] == 0.5
        assert models["tree", "tuned"]["cv_score"] >= models["tree", "base"]["cv_score"] > 0.6
        assert sum(models["tree", "tuned"]["trials"].values()) == 6
        assert models["tree", "tuned"]["search_cpu_s"] > 0
        assert models["tree", "base"]["search_cpu_s"] == 0

    def test_the_pairs_are_that_of_the_model_and_that_of_the_experiment(self, result):
        assert [pair["role"] for pair in result["pairs"]] == ["same model", "experiment"]
        tested = {(m["key"], m["variant"]): m["test_score"] for m in result["models"]}
        selected = {(m["key"], m["variant"]): m["cv_score"] for m in result["models"]}
        own, overall = (tuple(pair["candidate"].values()) for pair in result["pairs"])
        assert own == ("tree", "tuned")
        assert selected[overall] == max(selected["tree", "tuned"], selected["ensemble", "ensemble"])
        for pair in result["pairs"]:
            assert pair["base"] == {"key": "tree", "variant": "base"}
            gain = tested[tuple(pair["candidate"].values())] - tested["tree", "base"]
            assert pair["p_worse"] + pair["p_equal"] + pair["p_better"] == pytest.approx(1.0)
            assert pair["gain"] == pytest.approx(gain)
            assert pair["selection_gain"] is not None
            assert pair["verdict"] in VERDICTS
            assert pair["reasons"]
        assert result["verdict"]["verdict"] in VERDICTS

    def test_time_and_machine_are_told(self, result):
        assert result["elapsed_s"] > 0
        assert result["engine_cpu_s"] > 0
        assert {"cpu", "cores", "python", "scikit-learn"} <= set(result["fingerprint"])


@pytest.mark.usefixtures("compared")
class TestAfterwards:
    def test_runs_lists_both_newest_first(self, run):
        done = run("runs", "--json", "-")
        assert done.returncode == 0
        rows = strict(done.stdout)["runs"]
        assert [(row["kind"], row["state"]) for row in rows] == [
            ("tuning", "finished"),
            ("benchmark", "finished"),
        ]
        plain = run("runs").stdout.splitlines()
        assert [line.split()[0] for line in plain] == [row["id"] for row in rows]

    def test_stopping_or_resuming_a_finished_run_changes_nothing(self, run):
        run_id = strict(run("runs", "--json", "-").stdout)["runs"][0]["id"]
        stopped = run("stop", run_id[:8])
        assert (stopped.returncode, stopped.stdout) == (0, "")
        assert stopped.stderr == f"{run_id} is finished.\n"
        assert run("resume", run_id[:8]).returncode == 0

    def test_no_process_is_left_behind(self, run):
        assert_none_is_left(run)


def test_a_benchmark_with_a_test_file_has_no_pair_no_verdict_and_prints_nothing(make_command_line):
    run = make_command_line("benchmark")
    file = run.home.with_name("result.json")
    done = run(
        *("benchmark", "good.csv", "--target", "y", "--models", "tree", "--folds", "2"),
        *("--test", "own.csv", "--json", str(file)),
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    result = strict(file.read_text(encoding="utf-8"))
    assert set(result) == RESULT
    assert (result["pairs"], result["verdict"]) == ([], None)
    assert {model["key"] for model in result["models"]} == {"dummy", "tree"}
    task = result["task"]
    assert (task["n_train"], task["n_test"], task["split"]) == (300, 80, "test file")
    assert task["peeks"] == 0
    assert_none_is_left(run)


@pytest.fixture(scope="module")
def profile_line(make_command_line):
    return make_command_line("profile")


@pytest.fixture(scope="module")
def profiled(profile_line):
    done = profile_line("profile", "good.csv", "--target", "y", "--json", "-")
    assert (done.returncode, done.stderr) == (0, "")
    return strict(done.stdout)


class TestProfile:
    def test_names_columns_types_roles_and_the_task(self, profiled):
        assert set(profiled) == PROFILE
        assert profiled["rows"] == profiled["rows_sampled"] == 300
        assert all(set(column) == COLUMN for column in profiled["columns"])
        assert [
            (column["name"], column["type"], column["role"]) for column in profiled["columns"]
        ] == [
            ("a", "number", "feature"),
            ("b", "number", "feature"),
            ("c", "number", "feature"),
            ("colour", "category", "feature"),
            ("y", "category", "target"),
        ]
        assert profiled["task"] == {"target": "y", "kind": "binary", "metric": "roc_auc"}

    def test_tells_how_the_file_was_read(self, profiled):
        read = profiled["read"]
        assert (read["format"], read["delimiter"], read["encoding"]) == ("csv", ",", "utf-8")
        assert read["renamed"] == {}

    def test_measures_the_relation_with_the_target(self, profiled):
        """y follows a, with noise; b and c are noise."""
        relation = {column["name"]: column["relation"] for column in profiled["columns"]}
        assert relation["a"] > 0.8
        assert max(relation["b"], relation["c"]) < 0.2
        assert relation["y"] is None

    def test_gives_the_findings_of_the_data_page(self, profile_line):
        """The page asks the same workbench for the profile under the proposed choices."""
        settings = Settings.from_env({"TUNEWORTH_HOME": str(profile_line.home)})
        with Workbench.open(settings) as workbench:
            ref = workbench.add_file(profile_line.tables / "leaking.csv")
            choices = workbench.proposed_choices(ref.id)
            expected = workbench.profile(ref.id, choices).findings
        printed = strict(profile_line("profile", "leaking.csv", "--json", "-").stdout)["warnings"]
        assert all(set(warning) == WARNING for warning in printed)
        assert [(warning["code"], warning["column"]) for warning in printed] == [
            (finding.code, finding.column) for finding in expected
        ]
        assert [warning["message"] for warning in printed] == [item.message for item in expected]
        assert (printed[0]["severity"], printed[0]["column"]) == ("high", "copy of y")

    def test_prints_an_overview_with_the_worst_first(self, profile_line):
        done = profile_line("profile", "leaking.csv")
        assert (done.returncode, done.stderr) == (0, "")
        printed = done.stdout.splitlines()
        assert printed[0] == "leaking.csv: 300 rows x 6 columns, csv, utf-8"
        assert printed[1] == "Target: y (binary, scored by roc_auc)"
        warnings = [text for text in printed if text.startswith(("  HIGH", "  MEDIUM", "  LOW"))]
        assert warnings[0].startswith("  HIGH    ")
        assert "copy of y" in warnings[0]


def test_help_is_printed_and_ends_well(make_command_line):
    done = make_command_line("help")("compare", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "--budget" in done.stdout
