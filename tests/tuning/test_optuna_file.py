"""A study goes to an Optuna file and comes back; read by Optuna itself."""

import json

import optuna
import pytest
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

from modelling.errors import DataError
from modelling.models.spec import SearchParam
from modelling.tuning.optuna_file import read_configurations, write_study
from modelling.types import Direction, FoldResult, ResultStatus, Trial, TrialState

SPACE = (
    SearchParam(name="rate", kind="float", low=0.01, high=1.0, log=True),
    SearchParam(name="leaves", kind="int", low=4, high=127, log=True),
    SearchParam(name="kind", kind="choice", choices=("a", None, True)),
)


def trial(number, value, state=TrialState.COMPLETE, **params):
    return Trial(
        model="tree",
        number=number,
        origin="tpe",
        params=params,
        state=state,
        value=value,
        cpu_s=2.5,
        reason="fell behind" if state is TrialState.PRUNED else None,
    )


def fold(number, index, score):
    return FoldResult(
        model="tree",
        trial=number,
        fold=index,
        status=ResultStatus.OK,
        fit_cpu_s=1.0,
        fit_time_s=1.0,
        cpu_s=1.0,
        loss=-score,
        scores={"roc_auc": score},
    )


TRIALS = (
    trial(0, -0.8, n_estimators=100),
    trial(1, -0.9, rate=0.1, leaves=31, kind="a"),
    trial(2, -0.7, TrialState.PRUNED, rate=0.5, leaves=8, kind=None),
    trial(3, None, TrialState.FAILED, rate=0.2, leaves=9, kind=True),
    trial(4, None, TrialState.RUNNING, rate=0.3, leaves=9, kind=True),
    trial(5, -0.85, rate=0.3, leaves=9, kind=None),
)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "study.log"
    folds = [fold(1, 0, 0.88), fold(1, 1, 0.92), fold(2, 0, 0.7)]
    write_study(
        path, "cards", TRIALS, folds, space=SPACE, metric="roc_auc", direction=Direction.MAXIMIZE
    )
    return path


def load(path):
    return optuna.load_study(
        study_name="cards", storage=JournalStorage(JournalFileBackend(str(path)))
    )


def test_optuna_finds_the_same_best_trial_and_score(file):
    study = load(file)
    assert study.best_value == 0.9
    assert study.best_params == {"rate": 0.1, "leaves": 31, "kind": "a"}
    assert study.direction is optuna.study.StudyDirection.MAXIMIZE


def test_every_ended_trial_is_there_with_its_state_and_fold_scores(file):
    states = [t.state.name for t in load(file).get_trials()]
    assert states == ["COMPLETE", "COMPLETE", "PRUNED", "FAIL", "COMPLETE"]
    second, third = load(file).get_trials()[1:3]
    assert second.intermediate_values == {0: 0.88, 1: 0.92}
    assert (third.value, third.intermediate_values) == (0.7, {0: 0.7})
    assert third.user_attrs["reason"] == "fell behind"


def test_a_configuration_outside_the_space_is_kept_as_an_attribute(file):
    base = load(file).get_trials()[0]
    assert base.params == {}
    assert json.loads(base.user_attrs["configuration"]) == {"n_estimators": 100}


def test_configurations_come_back_best_first_without_strangers(file):
    assert read_configurations(file, SPACE) == (
        {"rate": 0.1, "leaves": 31, "kind": "a"},
        {"rate": 0.3, "leaves": 9, "kind": None},
    )


def test_a_study_that_is_minimised_is_read_in_its_direction(tmp_path):
    path = tmp_path / "own.log"
    study = optuna.create_study(storage=JournalStorage(JournalFileBackend(str(path))))
    study.optimize(lambda t: abs(t.suggest_float("rate", 0.01, 1.0) - 0.4), n_trials=5)
    rates = [params["rate"] for params in read_configurations(path, SPACE[:1])]
    assert rates == sorted(rates, key=lambda rate: abs(rate - 0.4))
    assert len(rates) == 5


def test_a_file_that_is_no_journal_is_refused_in_one_sentence(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match="no Optuna journal file"):
        read_configurations(path, SPACE)


def test_a_study_of_another_model_is_refused_with_the_names_expected(file):
    other = (SearchParam(name="depth", kind="int", low=1, high=9),)
    with pytest.raises(DataError, match=r"fits the search space \(depth\)"):
        read_configurations(file, other)


def journal(path):
    return JournalStorage(JournalFileBackend(str(path)))


def test_only_studies_of_several_objectives_are_refused_as_such(tmp_path):
    path = tmp_path / "two.log"
    study = optuna.create_study(storage=journal(path), directions=["maximize", "minimize"])
    study.optimize(lambda trial: (trial.suggest_float("rate", 0.1, 0.9), 1.0), n_trials=2)
    with pytest.raises(DataError, match="only studies of several objectives"):
        read_configurations(path, SPACE)


def test_a_complete_trial_without_a_value_is_passed_over(file, tmp_path):
    damaged = tmp_path / "damaged.log"
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    whole = len(read_configurations(file, SPACE))
    (best,) = [line for line in lines if line.get("value") == 0.9]
    best["value"] = None
    damaged.write_text("\n".join(map(json.dumps, lines)) + "\n")
    assert len(read_configurations(damaged, SPACE)) == whole - 1
