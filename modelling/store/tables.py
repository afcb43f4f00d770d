"""The tables. Values are stored as JSON of the one codec; columns exist for what is searched."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

SCHEMA_VERSION = "8"
ID = String(64)

metadata = MetaData()

facts = Table(
    "facts",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

datasets = Table(
    "datasets",
    metadata,
    Column("id", ID, primary_key=True),
    Column("created_at", String(40), nullable=False),
    Column("body", Text, nullable=False),
)

# A cache of what a child process found out about a data set; ``key`` is a digest of the choices.
profiles = Table(
    "profiles",
    metadata,
    Column("dataset_id", ID, ForeignKey("datasets.id"), primary_key=True),
    Column("key", ID, primary_key=True),
    Column("body", Text, nullable=False),
)

experiments = Table(
    "experiments",
    metadata,
    Column("id", ID, primary_key=True),
    Column("dataset_id", ID, ForeignKey("datasets.id"), nullable=False),
    Column("created_at", String(40), nullable=False),
    Column("test_batches", Integer, nullable=False, default=0),
    # Set for the parts of a nested cross-validation, which are no experiments of their own.
    Column("parent_id", ID),
    Column("economics", Text, nullable=False),
    Column("body", Text, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("id", ID, unique=True, nullable=False),
    Column("experiment_id", ID, ForeignKey("experiments.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    # Holds a value only while the run is active: the same work cannot be started twice at once.
    Column("active_key", String(80), unique=True),
    Column("runner_id", ID),
    Column("attempts", Integer, nullable=False, default=0),
    Column("done", Float, nullable=False, default=0.0),
    Column("total", Float, nullable=False, default=0.0),
    Column("remaining_s", Float),
    Column("elapsed_s", Float, nullable=False, default=0.0),
    Column("engine_cpu_s", Float, nullable=False, default=0.0),
    Column("fit_cpu_s", Float, nullable=False, default=0.0),
    Column("scored", Boolean, nullable=False, default=False),
    Column("message", Text),
    Column("error", Text),
    Column("incident", String(40)),
    Column("traceback", Text),
    Column("fingerprint", Text, nullable=False, default="{}"),
    Column("estimated_s", Float),
    Column("created_at", String(40), nullable=False),
    Column("spec", Text, nullable=False),
    Index("runs_by_experiment", "experiment_id"),
    Index("runs_by_state", "state"),
)

folds = Table(
    "folds",
    metadata,
    Column("run_id", ID, ForeignKey("runs.id"), primary_key=True),
    Column("model", String(200), primary_key=True),
    Column("trial", Integer, primary_key=True),
    Column("fold", Integer, primary_key=True),
    Column("body", Text, nullable=False),
)

trials = Table(
    "trials",
    metadata,
    Column("run_id", ID, ForeignKey("runs.id"), primary_key=True),
    Column("model", String(200), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("body", Text, nullable=False),
)

results = Table(
    "results",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("experiment_id", ID, ForeignKey("experiments.id"), nullable=False),
    Column("run_id", ID, ForeignKey("runs.id"), nullable=False),
    Column("key", String(80), nullable=False),
    Column("variant", String(20), nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("run_id", "key", "variant"),
    Index("results_by_experiment", "experiment_id"),
)

gains = Table(
    "gains",
    metadata,
    Column("experiment_id", ID, ForeignKey("experiments.id"), primary_key=True),
    Column("base", String(200), primary_key=True),
    Column("candidate", String(200), primary_key=True),
    Column("body", Text, nullable=False),
)

rungs = Table(
    "rungs",
    metadata,
    Column("run_id", ID, ForeignKey("runs.id"), primary_key=True),
    Column("experiment_id", ID, ForeignKey("experiments.id"), nullable=False),
    Column("body", Text, nullable=False),
    Index("rungs_by_experiment", "experiment_id"),
)

hindsights = Table(
    "hindsights",
    metadata,
    Column("run_id", ID, ForeignKey("runs.id"), primary_key=True),
    Column("experiment_id", ID, ForeignKey("experiments.id"), nullable=False),
    Column("body", Text, nullable=False),
    Index("hindsights_by_experiment", "experiment_id"),
)

explanations = Table(
    "explanations",
    metadata,
    Column("experiment_id", ID, ForeignKey("experiments.id"), primary_key=True),
    Column("row", String(200), primary_key=True),
    Column("body", Text, nullable=False),
)

# Of a model there is a base, a prompt that was searched, and what a learned decision makes of the
# base: "free".
asked_models = Table(
    "asked_models",
    metadata,
    Column("experiment_id", ID, ForeignKey("experiments.id"), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("place", String(20), primary_key=True),
    Column("body", Text, nullable=False),
)

scenarios = Table(
    "scenarios",
    metadata,
    Column("experiment_id", ID, ForeignKey("experiments.id"), primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("created_at", String(40), nullable=False),
    Column("economics", Text, nullable=False),
)

# Configurations that the analyst wants tried in a study while it runs.
wishes = Table(
    "wishes",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("run_id", ID, ForeignKey("runs.id"), nullable=False),
    Column("model", String(200), nullable=False),
    Column("params", Text, nullable=False),
    Index("wishes_by_run", "run_id"),
)

# What a fold of a base model took, newest for each size of table: the source of estimates.
fold_costs = Table(
    "fold_costs",
    metadata,
    Column("machine", String(200), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("model", String(80), primary_key=True),
    Column("n_rows", Integer, primary_key=True),
    Column("n_features", Integer, primary_key=True),
    Column("cpu_s", Float, nullable=False),
)

runners = Table(
    "runners",
    metadata,
    Column("id", ID, primary_key=True),
    Column("host", String(200), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("started_at", String(40), nullable=False),
)
