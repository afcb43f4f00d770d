"""A neural network with one hidden layer."""

from __future__ import annotations

from modelling.models.spec import ALL_TASKS, Encoding, Estimator, ModelSpec, SearchParam
from modelling.types import Params, TaskKind


def _build(kind: TaskKind, params: Params, seed: int) -> Estimator:
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.preprocessing import StandardScaler

    from modelling.models.network import NetworkClassifier, NetworkRegressor

    if kind.is_classification:
        return NetworkClassifier(random_state=seed, **params)
    # Gradients grow with the units of the target.
    network = NetworkRegressor(random_state=seed, **params)
    return TransformedTargetRegressor(network, transformer=StandardScaler())


MLP = ModelSpec(
    key="mlp",
    title="Neural network",
    family="neural",
    tasks=ALL_TASKS,
    encoding=Encoding.LINEAR,
    base={"hidden_layer_sizes": 64, "max_iter": 100},
    build=_build,
    cpu_us_per_value=6.0,
    base_note="64 hidden units and at most 100 passes over the rows (library: 100 and 200), at "
    "about a third of the cost; stopped by validation rows of its own, it would be tuned unseen.",
    space=(
        SearchParam(name="hidden_layer_sizes", kind="int", low=8, high=256, log=True),
        SearchParam(name="alpha", kind="float", low=1e-6, high=1.0, log=True),
        SearchParam(name="learning_rate_init", kind="float", low=2e-4, high=2e-2, log=True),
        SearchParam(name="batch_size", kind="choice", choices=(64, 200, 512)),
    ),
    base_point={
        "hidden_layer_sizes": 64,
        "alpha": 1e-4,
        "learning_rate_init": 1e-3,
        "batch_size": 200,
    },
    known_good=(
        {
            "hidden_layer_sizes": 64,
            "alpha": 1e-2,
            "learning_rate_init": 3e-3,
            "batch_size": 200,
        },
        {"hidden_layer_sizes": 24, "alpha": 0.1, "learning_rate_init": 3e-3, "batch_size": 200},
    ),
)
