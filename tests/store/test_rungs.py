"""What the rungs of the ladder gave is kept by experiment."""

from modelling.store.results import Batch
from modelling.types import CurvePoint, Rung, RungResult, RungSpec
from tests.store.test_store import add_experiment, add_run


def test_the_rungs_of_an_experiment_come_oldest_first(store):
    add_experiment(store)
    runs = [add_run(store, spec=RungSpec(rung=rung, model="tree")) for rung in list(Rung)[:2]]
    for run in reversed(runs):
        found = RungResult(
            rung=run.spec.rung,
            model="tree",
            gain=0.01,
            interval=(-0.01, 0.02),
            cpu_s=1.0,
            detail="d",
            curve=(CurvePoint(n_rows=10, score=0.5, interval=(0.4, 0.6)),),
        )
        for _ in range(2):
            store.results.save([Batch(run_id=run.id, experiment_id="e", rung=found)])
    found = store.results.rungs("e")
    assert [one.rung for one in found] == [run.spec.rung for run in runs]
    assert found[0].curve[0].interval == (0.4, 0.6)
    assert store.runs.get(runs[0].id).spec == runs[0].spec
    assert store.results.rungs("another") == ()
