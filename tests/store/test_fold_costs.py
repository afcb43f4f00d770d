"""What folds cost on a machine is remembered for the next estimate."""

from modelling.store.results import Batch
from modelling.types import FoldCost, TaskKind
from tests.store.test_store import add_experiment, add_run


def test_the_newest_speed_of_a_model_counts_for_each_machine_and_size(store):
    add_experiment(store)
    run = add_run(store)
    slow, fast, large = (
        FoldCost(model="tree", n_rows=n_rows, n_features=2, cpu_s=cpu_s)
        for n_rows, cpu_s in ((100, 2.0), (100, 1.0), (900, 9.0))
    )
    for measured in ([slow], [fast, large]):
        fold_costs = {("here", TaskKind.BINARY): measured}
        store.results.save([Batch(run_id=run.id, experiment_id="e", fold_costs=fold_costs)])
    assert set(store.results.fold_costs("here", TaskKind.BINARY)) == {fast, large}
    assert store.results.fold_costs("here", TaskKind.REGRESSION) == ()
    assert store.results.fold_costs("there", TaskKind.BINARY) == ()
