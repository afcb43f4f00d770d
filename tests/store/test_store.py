"""One contract for both databases."""

import subprocess
import sys
import threading
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from modelling.codec import to_json
from modelling.errors import NotFoundError, StoreError
from modelling.store.results import Batch
from modelling.store.runs import MAX_ATTEMPTS, move_run
from modelling.store.tables import SCHEMA_VERSION, facts, folds, results
from modelling.types import (
    BenchmarkSpec,
    Budget,
    DatasetRef,
    Economics,
    Experiment,
    FoldResult,
    ModelResult,
    ReadInfo,
    ResultStatus,
    RungSpec,
    RunKind,
    RunState,
    SelectionGain,
    Trial,
    TrialState,
    TuningSpec,
    Variant,
)
from tests.builders import make_spec

PROJECT = Path(__file__).parents[2]
BENCHMARK = BenchmarkSpec(models=("dummy", "tree"))
TUNING = TuningSpec(models=("tree",), budget=Budget(trials=5))


def dataset(name="a"):
    identity = name.encode().hex().ljust(64, "0")
    return DatasetRef(id=identity, name=name, n_rows=9, columns=(), read=ReadInfo(format="csv"))


def add_experiment(store, name="e", created_at="2026-01-01"):
    store.catalogue.add_dataset(dataset())
    experiment = Experiment(
        id=name,
        name=name,
        dataset_id=dataset().id,
        task=make_spec(),
        economics=Economics(),
        n_train=60,
        n_test=20,
        split_blob="0" * 64,
        created_at=created_at,
    )
    store.catalogue.add_experiment(experiment)
    return experiment


def add_run(store, experiment="e", spec=BENCHMARK):
    kinds = {BenchmarkSpec: RunKind.BENCHMARK, RungSpec: RunKind.RUNG}
    kind = kinds.get(type(spec), RunKind.TUNING)
    return store.runs.add(uuid.uuid4().hex, experiment, kind, spec)


def end(store, run, state=RunState.FINISHED):
    batch = Batch(run_id=run.id, experiment_id="e", run_values={"state": state})
    store.results.save([batch])


def fold(number=0, loss=0.5, model="tree", trial=0):
    return FoldResult(
        model=model,
        trial=trial,
        fold=number,
        status=ResultStatus.OK,
        fit_cpu_s=0.1,
        fit_time_s=0.1,
        cpu_s=0.2,
        loss=loss,
        scores={"roc_auc": None, "f1": 0.5},
    )


def row(run_id, key="tree", variant=Variant.BASE, **changes):
    return replace(
        ModelResult(run_id=run_id, key=key, title="Tree", family="tree", variant=variant),
        **changes,
    )


class TestCatalogue:
    def test_a_data_set_comes_back_as_it_was(self, store):
        store.catalogue.add_dataset(dataset())
        assert store.catalogue.dataset(dataset().id) == dataset()

    def test_the_same_content_again_renews_its_description(self, store):
        store.catalogue.add_dataset(dataset())
        store.catalogue.add_dataset(replace(dataset(), name="b", sample="b"))
        assert store.catalogue.dataset(dataset().id).name == "b"

    def test_an_experiment_comes_back_as_it_was(self, store):
        experiment = add_experiment(store)
        assert store.catalogue.experiment("e") == experiment

    def test_the_newest_experiments_come_first(self, store):
        for day in (2, 3, 1):
            add_experiment(store, f"e{day}", f"2026-01-0{day}")
        assert [found.id for found in store.catalogue.experiments()] == ["e3", "e2", "e1"]
        assert [found.id for found in store.catalogue.experiments(limit=1)] == ["e3"]

    def test_assumptions_can_be_changed_and_nothing_else_changes(self, store):
        experiment = add_experiment(store)
        economics = Economics(usd_per_vcpu_hour=2.0)
        store.catalogue.set_economics("e", economics)
        assert store.catalogue.experiment("e") == replace(experiment, economics=economics)

    def test_what_is_not_there_is_named(self, store):
        with pytest.raises(NotFoundError, match="There is no data set 'nope' in this workspace"):
            store.catalogue.dataset("nope")
        with pytest.raises(NotFoundError, match="There is no experiment 'nope'"):
            store.catalogue.experiment("nope")
        with pytest.raises(NotFoundError, match="There is no run 'nope'"):
            store.runs.get("nope")


class TestRuns:
    @pytest.mark.parametrize("spec", [BENCHMARK, TUNING])
    def test_a_run_is_queued_with_its_spec(self, store, spec):
        add_experiment(store)
        run = add_run(store, spec=spec)
        assert (run.state, run.spec, run.attempts) == (RunState.QUEUED, spec, 0)
        assert type(run.spec) is type(spec)
        assert store.runs.get(run.id) == run
        assert store.runs.awaiting() == {run.id: RunState.QUEUED}

    def test_a_double_click_is_one_run(self, store):
        add_experiment(store)
        first, second = add_run(store), add_run(store)
        assert first.id == second.id
        assert len(store.runs.of()) == 1

    def test_the_same_work_may_run_again_once_it_has_ended(self, store):
        add_experiment(store)
        first = add_run(store)
        store.runs.claim("r")
        assert add_run(store).id == first.id
        end(store, first)
        assert add_run(store).id != first.id

    def test_other_work_is_another_run(self, store):
        add_experiment(store)
        add_experiment(store, "f")
        made = [
            add_run(store),
            add_run(store, "f"),
            add_run(store, spec=TUNING),
            add_run(store, spec=replace(TUNING, seed=1)),
            add_run(store, spec=BenchmarkSpec(models=("dummy",))),
        ]
        assert len({run.id for run in made}) == 5

    def test_the_newest_runs_come_first(self, store):
        add_experiment(store)
        add_experiment(store, "f")
        one, two, three = (add_run(store), add_run(store, "f"), add_run(store, spec=TUNING))
        assert [run.id for run in store.runs.of()] == [three.id, two.id, one.id]
        assert [run.id for run in store.runs.of("e")] == [three.id, one.id]
        assert [run.id for run in store.runs.of(limit=1)] == [three.id]

    def test_the_oldest_is_claimed_first_and_only_once(self, store):
        add_experiment(store)
        first, second = add_run(store), add_run(store, spec=TUNING)
        claimed = store.runs.claim("r")
        assert (claimed.id, claimed.state, claimed.attempts) == (first.id, RunState.RUNNING, 1)
        assert store.runs.claim("r").id == second.id
        assert store.runs.claim("r") is None
        assert store.runs.awaiting() == {}

    def test_runs_of_an_experiment_that_is_busy_wait(self, store):
        add_experiment(store)
        add_experiment(store, "f")
        add_run(store)
        other = add_run(store, "f")
        assert store.runs.claim("r", busy_experiments=frozenset({"e"})).id == other.id
        assert store.runs.claim("r", busy_experiments=frozenset({"e", "f"})) is None

    def test_two_runners_at_once_never_claim_the_same_run(self, workspace):
        stores = [workspace.open(), workspace.open()]
        for number in range(12):
            add_experiment(stores[0], f"e{number}")
            add_run(stores[0], f"e{number}")
        claimed, errors = [], []
        ready = threading.Barrier(2)

        def work(store):
            ready.wait()
            try:
                while store.runs.awaiting():
                    run = store.runs.claim(threading.current_thread().name)
                    claimed.extend([] if run is None else [run.id])
            except Exception as error:  # noqa: BLE001 shown by the test
                errors.append(error)

        threads = [threading.Thread(target=work, args=(store,)) for store in stores]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert sorted(claimed) == sorted(run.id for run in stores[0].runs.of())

    def test_a_queued_run_stops_at_once_a_running_one_when_its_runner_sees_it(self, store):
        add_experiment(store)
        run = add_run(store)
        store.runs.request_stop(run.id)
        assert store.runs.get(run.id).state is RunState.STOPPED
        other = add_run(store)
        store.runs.claim("r")
        store.runs.request_stop(other.id)
        store.runs.request_stop(other.id)
        assert store.runs.get(other.id).state is RunState.STOPPING
        assert store.runs.awaiting() == {other.id: RunState.STOPPING}

    @pytest.mark.parametrize("state", [RunState.FINISHED, RunState.FAILED, RunState.STOPPED])
    def test_stopping_a_run_that_has_ended_changes_nothing(self, store, state):
        add_experiment(store)
        run = add_run(store)
        end(store, run, state)
        store.runs.request_stop(run.id)
        assert store.runs.get(run.id).state is state

    @pytest.mark.parametrize("state", [RunState.STOPPED, RunState.FAILED, RunState.INTERRUPTED])
    def test_a_run_that_ended_early_can_go_on(self, store, state):
        add_experiment(store)
        run = add_run(store)
        store.runs.claim("r")
        store.runs.fail(run.id, error="why", incident="i", trace="t")
        end(store, run, state)
        resumed = store.runs.resume(run.id)
        assert (resumed.state, resumed.attempts) == (RunState.QUEUED, 0)
        assert (resumed.error, resumed.incident, resumed.message) == (None, None, None)
        assert add_run(store).id == run.id

    @pytest.mark.parametrize("state", [RunState.QUEUED, RunState.RUNNING, RunState.FINISHED])
    def test_resuming_a_run_that_needs_no_resuming_changes_nothing(self, store, state):
        add_experiment(store)
        run = add_run(store)
        end(store, run, state)
        assert store.runs.resume(run.id).state is state

    def test_a_run_cannot_go_on_beside_the_same_work(self, store):
        add_experiment(store)
        first = add_run(store)
        store.runs.request_stop(first.id)
        add_run(store)
        with pytest.raises(StoreError, match="The same work is running already"):
            store.runs.resume(first.id)

    def test_a_failure_is_stored_with_reason_and_incident(self, store):
        add_experiment(store)
        run = add_run(store)
        store.runs.fail(run.id, error="Too few rows.", incident="abc", trace="Traceback ...")
        failed = store.runs.get(run.id)
        assert (failed.state, failed.error, failed.incident) == (
            RunState.FAILED,
            "Too few rows.",
            "abc",
        )

    def test_progress_is_written_with_the_results(self, store):
        add_experiment(store)
        run = add_run(store)
        values = {"done": 0.5, "total": 1.0, "message": "Fitting", "fingerprint": '{"cpu": "x"}'}
        store.results.save([Batch(run_id=run.id, experiment_id="e", run_values=values)])
        seen = store.runs.get(run.id)
        assert (seen.done, seen.total, seen.message) == (0.5, 1.0, "Fitting")
        assert seen.fingerprint == {"cpu": "x"}
        assert seen.state is RunState.QUEUED


class TestRecovery:
    def left_behind(self, store, state=RunState.RUNNING, attempts=1):
        add_experiment(store)
        store.runs.register("old", host="h", pid=1, digest="d")
        run = add_run(store)
        store.runs.claim("old")
        with store.database.write() as connection:
            move_run(connection, run.id, state=state, attempts=attempts)
        return run.id

    def test_an_interrupted_run_is_queued_again(self, store):
        run_id = self.left_behind(store)
        store.runs.recover("new", host="h")
        run = store.runs.get(run_id)
        assert (run.state, run.message) == (RunState.QUEUED, "Resumed after an interruption.")
        assert store.runs.claim("new").attempts == 2

    def test_a_stop_that_was_asked_for_is_kept(self, store):
        run_id = self.left_behind(store, RunState.STOPPING)
        store.runs.recover("new", host="h")
        assert store.runs.get(run_id).state is RunState.STOPPED
        assert add_run(store).id != run_id

    def test_a_run_that_ends_its_runner_every_time_is_given_up(self, store):
        run_id = self.left_behind(store, attempts=MAX_ATTEMPTS)
        store.runs.recover("new", host="h")
        run = store.runs.get(run_id)
        assert run.state is RunState.FAILED
        assert run.error.startswith(f"The runner ended {MAX_ATTEMPTS} times in a row")
        assert store.runs.resume(run_id).attempts == 0

    @pytest.mark.parametrize(
        ("brought", "state"),
        [({"folds": [fold()]}, RunState.QUEUED), ({"run_values": {"done": 1}}, RunState.FAILED)],
    )
    def test_only_starts_in_vain_are_counted(self, store, brought, state):
        run_id = self.left_behind(store, attempts=MAX_ATTEMPTS)
        store.results.save([Batch(run_id=run_id, experiment_id="e", **brought)])
        store.runs.recover("new", host="h")
        assert store.runs.get(run_id).state is state

    def test_ones_own_runs_are_left_alone(self, store):
        run_id = self.left_behind(store)
        store.runs.recover("old", host="h")
        assert store.runs.get(run_id).state is RunState.RUNNING

    def test_runs_of_another_host_are_left_alone_unless_the_database_is_a_file(self, store):
        run_id = self.left_behind(store)
        store.runs.recover("new", host="another")
        is_file = store.database.dialect == "sqlite"
        expected = RunState.QUEUED if is_file else RunState.RUNNING
        assert store.runs.get(run_id).state is expected


class TestResults:
    def test_folds_trials_rows_and_gains_come_back_as_they_were(self, store):
        add_experiment(store)
        run = add_run(store)
        trial = Trial(
            model="tree",
            number=3,
            origin="tpe",
            params={"max_depth": 3, "share": 1.0},
            state=TrialState.PRUNED,
            value=0.25,
        )
        gain = SelectionGain(
            selection_gain=0.1,
            corrected_gain=0.05,
            corrected_interval=(-0.01, 0.1),
            n_configurations=9,
            n_left_out=1,
        )
        batch = Batch(
            run_id=run.id,
            experiment_id="e",
            folds=[fold(1), fold(0)],
            trials={("tree", 3): trial},
            results={("tree", "base"): row(run.id, test_interval=(0.1, 0.2))},
            gains={("a", "b"): gain},
        )
        store.results.save([batch])
        assert store.results.folds(run.id) == (fold(0), fold(1))
        assert store.results.trials(run.id) == (trial,)
        assert store.results.models("e") == (row(run.id, test_interval=(0.1, 0.2)),)
        assert store.results.gains("e") == {("a", "b"): gain}

    def test_an_undefined_interval_can_be_read_back(self, store):
        add_experiment(store)
        run = add_run(store)
        undefined = row(run.id, test_score=None, test_interval=(float("nan"), float("nan")))
        batch = Batch(run_id=run.id, experiment_id="e", results={("tree", "base"): undefined})
        store.results.save([batch])
        (read,) = store.results.models("e")
        assert to_json(read) == to_json(undefined)

    def test_saving_twice_doubles_nothing_and_the_last_word_counts(self, store):
        add_experiment(store)
        run = add_run(store)
        for loss in (0.5, 0.4):
            batch = Batch(
                run_id=run.id,
                experiment_id="e",
                folds=[fold(0, loss)],
                results={("tree", "base"): row(run.id, cv_score=loss)},
            )
            store.results.save([batch, batch])
        with store.database.read() as connection:
            counts = [
                connection.scalar(select(func.count()).select_from(table))
                for table in (folds, results)
            ]
        assert counts == [1, 1]
        assert store.results.folds(run.id)[0].loss == 0.4
        assert store.results.models("e")[0].cv_score == 0.4

    def test_results_keep_the_order_in_which_they_were_found(self, store):
        add_experiment(store)
        run = add_run(store)
        for key in ("tree", "dummy", "knn", "tree"):
            batch = Batch(
                run_id=run.id, experiment_id="e", results={(key, "base"): row(run.id, key)}
            )
            store.results.save([batch])
        assert [found.key for found in store.results.models("e")] == ["tree", "dummy", "knn"]

    def test_a_batch_is_written_whole_or_not_at_all(self, store):
        add_experiment(store)
        run = add_run(store)
        good = Batch(run_id=run.id, experiment_id="e", folds=[fold(0)])
        orphan = Batch(run_id="no such run", experiment_id="e", folds=[fold(1)])
        with pytest.raises(Exception, match="(?i)foreign key"):
            store.results.save([good, orphan])
        assert store.results.folds(run.id) == ()

    def test_scoring_the_locked_test_is_counted_once_per_run(self, store):
        add_experiment(store)
        first, second = add_run(store), add_run(store, spec=TUNING)
        assert store.catalogue.experiment("e").peeks == 0
        for run, batches in ((first, 1), (first, 1), (second, 2), (second, 2)):
            store.results.save([Batch(run_id=run.id, experiment_id="e", scored=True)])
            assert store.catalogue.experiment("e").test_batches == batches
        assert store.catalogue.experiment("e").peeks == 1

    def test_an_empty_batch_is_known_as_such(self):
        assert Batch(run_id="r", experiment_id="e").is_empty
        assert not Batch(run_id="r", experiment_id="e", scored=True).is_empty
        assert not Batch(run_id="r", experiment_id="e", run_values={"done": 1.0}).is_empty


WRITER = """
import sys
from modelling.settings import Settings
from modelling.store import Store
from tests.store.test_store import Batch, fold
run_id, count = sys.argv[1], int(sys.argv[2])
store = Store(Settings.from_env())
for number in range(count):
    store.results.save([Batch(run_id=run_id, experiment_id="e", folds=[fold(number)])])
    assert len(store.results.folds(run_id)) >= number + 1
store.close()
"""


class TestDatabase:
    def test_two_processes_write_at_once_and_nothing_is_lost(self, workspace):
        store, n = workspace.open(), 15
        add_experiment(store)
        runs = [add_run(store), add_run(store, spec=TUNING)]
        writers = [
            subprocess.Popen(
                [sys.executable, "-c", WRITER, run.id, str(n)],
                cwd=PROJECT,
                env=workspace.settings.to_env(),
                stderr=subprocess.PIPE,
                text=True,
            )
            for run in runs
        ]
        for writer in writers:
            _, stderr = writer.communicate(timeout=60)
            assert writer.returncode == 0, stderr
        assert [len(store.results.folds(run.id)) for run in runs] == [n, n]

    def test_opening_an_existing_workspace_keeps_what_it_holds(self, workspace):
        add_experiment(workspace.open())
        assert [found.id for found in workspace.open().catalogue.experiments()] == ["e"]

    def test_two_that_open_a_new_workspace_at_once_both_succeed(self, workspace):
        errors = []

        def work():
            try:
                workspace.open()
            except Exception as error:  # noqa: BLE001 shown by the test
                errors.append(error)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert len(workspace.stores) == 4

    def test_a_workspace_of_another_schema_version_is_refused(self, workspace):
        store = workspace.open()
        with store.database.write() as connection:
            connection.execute(facts.update().values(value="99"))
        with pytest.raises(StoreError, match=f"of schema version 99, but .* {SCHEMA_VERSION}; use"):
            workspace.open()
