"""Who may import whom, who owns which library, and how large a file may grow."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]

# Leaves of `modelling` that every layer may import.
EVERYONE = {"types", "errors", "codec", "machine"}  # enums and data_types: through types

# Layer -> what it may import besides itself and EVERYONE. An entry allows what is below it, too:
# "executor" is the whole package, "executor.protocol" that one module.
MAY_IMPORT: dict[str, set[str]] = {
    "app": {"components", "workbench", "charts"},
    "pages": {"components", "workbench", "charts"},
    "components": {"workbench", "charts", "settings"},
    # Imports of the heavy ones stand inside functions; the runner is a subprocess, never an import.
    "workbench": {
        "text",
        "store",
        "datasets",
        "comparison",
        "economics",
        "reports",
        "settings",
        "metrics",
        "models",
        "launch",
        # What a search has shown, its file, what else applies; Optuna stands inside functions.
        "tuning.budget",
        "tuning.ladder",
        "tuning.propose",
        "tuning.report",
        "tuning.optuna_file",
        "tuning.ensemble",
        "explain.sample",
        # One row at a time, the single exception to "a fit or a prediction is a run".
        "explain.dependence",
        "evaluation.estimators",
        "evaluation.persistence",
    },
    "__main__": {"cli"},
    # The command line starts a runner in its own process for one command only, `runner`.
    "cli": {
        "workbench",
        "settings",
        "runner.main",
        "launch",
        "comparison",
        "datasets.choices",
        "metrics",
        "reports",
    },
    "launch": {"lock", "settings"},
    "lock": set(),
    "runner": {
        "text",
        "lock",
        "launch",
        "store",
        "executor",
        "benchmark",
        "tuning",
        "comparison",
        "economics",
        "reports",
        "evaluation",
        "explain",
        "datasets",
        "metrics",
        "models",
        "settings",
    },
    "explain": {"metrics"},
    "benchmark": {"evaluation", "executor.protocol", "metrics", "models"},
    "tuning": {"evaluation", "executor.protocol", "metrics", "models"},
    "evaluation": {"models", "text", "metrics", "datasets"},
    "executor": {"settings"},
    "store": {"settings"},
    "models": {"metrics", "text"},
    "text": {"metrics"},
    "datasets": {"metrics", "settings"},
    "charts": {"comparison", "economics", "metrics"},
    "comparison": {"metrics"},
    "economics": {"comparison", "metrics"},
    "reports": {"charts", "comparison", "economics", "metrics", "models"},
    "metrics": set(),
    "settings": set(),
    "types": {"enums", "data_types", "money_types", "run_types", "ask_types"},
    "money_types": {"enums"},
    "run_types": {"enums", "ask_types"},
    "ask_types": {"enums"},
    "data_types": {"enums"},
    "enums": set(),
    "errors": set(),
    "machine": set(),
    "codec": set(),
}

# Library -> the only places that import it.
ONLY_IN: dict[str, tuple[str, ...]] = {
    "streamlit": ("app", "pages", "components"),
    "sqlalchemy": ("modelling.store",),
    "optuna": ("modelling.tuning",),
    "dask": ("modelling.executor.dask",),
    "distributed": ("modelling.executor.dask",),
    "openai": ("modelling.text.gateway",),
    "genai_prices": ("modelling.text.prices",),
    "xllamacpp": ("modelling.text.local",),
}

# Module -> why it may touch the environment, which otherwise only settings.py reads.
ENVIRONMENT: dict[str, str] = {
    "modelling.settings": "the one reader",
    "modelling.executor.child": "sets the thread counts of native libraries before they load",
}

# Place -> (most lines, whether functions and classes may be defined).
SIZES: dict[str, tuple[int, bool]] = {
    "app": (60, True),
    "pages": (80, False),
    "components": (150, True),
    "modelling": (400, True),
}

# They take seconds to load, so opening a page must not load them.
HEAVY = ("sklearn", "lightgbm", "optuna", "streamlit")


@dataclass(frozen=True)
class Module:
    """One source file: its dotted name and its text."""

    name: str
    source: str
    is_package: bool = False

    @property
    def layer(self) -> str:
        """The key of MAY_IMPORT."""
        return layer_path(self.name).split(".")[0]

    @property
    def nodes(self) -> list[ast.AST]:
        """All nodes of the syntax tree."""
        return list(ast.walk(ast.parse(self.source)))


def layer_path(name: str) -> str:
    """Return the name below `modelling`; other names as they are."""
    return name.removeprefix("modelling.")


def is_in(name: str, place: str) -> bool:
    return name == place or name.startswith(f"{place}.")


def project_modules() -> list[Module]:
    paths = [PROJECT / "app.py"]
    for folder in ("pages", "components", "modelling"):
        paths += sorted((PROJECT / folder).rglob("*.py"))
    return [read_module(path) for path in paths if path.exists()]


def read_module(path: Path) -> Module:
    parts = path.relative_to(PROJECT).with_suffix("").parts
    is_package = parts[-1] == "__init__"
    name = ".".join(parts[:-1] if is_package else parts)
    return Module(name, path.read_text(encoding="utf-8"), is_package)


def imported(module: Module) -> Iterator[str]:
    """Yield the full dotted name of everything imported, inside functions too."""
    for node in module.nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = absolute(module, node)
            yield from (f"{base}.{alias.name}" for alias in node.names)


def absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    kept = parts[: len(parts) - node.level + module.is_package]
    return ".".join([*kept, *(node.module or "").split(".")]).strip(".")


def layer_violations(module: Module) -> list[str]:
    if module.name == "modelling":
        # The package offers the facade by its own name, and imports it when it is asked for.
        allowed = {"workbench"}
    elif module.layer in MAY_IMPORT:
        allowed = MAY_IMPORT[module.layer] | EVERYONE | {module.layer}
    else:
        return [f"{module.name}: its layer is not in MAY_IMPORT"]
    ours = ("app", "pages", "components", "modelling")
    return [
        f"{module.name} imports {target}"
        for target in imported(module)
        if any(is_in(target, place) for place in ours)
        # A name such as __version__ lives in the package itself.
        and not target.startswith("modelling.__version")
        and not any(is_in(layer_path(target), entry) for entry in allowed)
    ]


def library_violations(module: Module) -> list[str]:
    return [
        f"{module.name} imports {target}"
        for target in imported(module)
        for library, places in ONLY_IN.items()
        if is_in(target, library) and not any(is_in(module.name, place) for place in places)
    ]


def environment_violations(module: Module) -> list[str]:
    names = {"environ", "environb", "getenv", "putenv"}
    if module.name in ENVIRONMENT:
        return []
    found = [
        node.attr
        for node in module.nodes
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
        and node.attr in names
    ]
    found += [target for target in imported(module) if target in {f"os.{name}" for name in names}]
    return [f"{module.name} uses {name}" for name in found]


def size_violations(module: Module) -> list[str]:
    most, may_define = SIZES[module.name.split(".")[0]]
    found = []
    n_lines = len(module.source.splitlines())
    if n_lines > most:
        found.append(f"{module.name} has {n_lines} lines, at most {most}")
    if not may_define:
        definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        found += [
            f"{module.name} defines {node.name}"
            for node in module.nodes
            if isinstance(node, definitions)
        ]
    return found


RULES = (layer_violations, library_violations, environment_violations, size_violations)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_module_keeps_the_rules(rule):
    assert [line for module in project_modules() for line in rule(module)] == []


def test_every_part_of_the_project_is_looked_at():
    assert {module.name.split(".")[0] for module in project_modules()} == set(SIZES)


def test_the_table_names_only_layers_that_it_knows():
    named = {entry.split(".")[0] for entries in MAY_IMPORT.values() for entry in entries}
    assert named | EVERYONE <= set(MAY_IMPORT)


def test_no_layer_imports_itself_by_a_detour():
    """The table is free of cycles, so layers can be read one after the other."""
    rest = {
        layer: {entry.split(".")[0] for entry in entries} for layer, entries in MAY_IMPORT.items()
    }
    while leaves := {layer for layer, entries in rest.items() if not entries & set(rest)}:
        rest = {layer: entries for layer, entries in rest.items() if layer not in leaves}
    assert rest == {}


PLANTED = (
    (layer_violations, "pages.home", "from modelling.store import tables"),
    (layer_violations, "pages.home", "import modelling.runner"),
    (layer_violations, "components.forms", "def f():\n    from modelling import datasets"),
    (layer_violations, "modelling.workbench", "from modelling.runner.service import serve"),
    (layer_violations, "modelling.workbench", "from .runner import service"),
    (layer_violations, "modelling.charts.pareto", "from ..store import queries"),
    (layer_violations, "modelling.tuning.race", "from modelling.executor import LocalExecutor"),
    (layer_violations, "modelling.types", "from modelling.metrics import METRICS"),
    (layer_violations, "modelling.brand_new", "import math"),
    (library_violations, "modelling.runner.service", "import optuna"),
    (library_violations, "modelling.charts.pareto", "import streamlit as st"),
    (library_violations, "modelling.executor.local", "from distributed import Client"),
    (library_violations, "modelling.workbench", "def f():\n    from sqlalchemy.orm import Session"),
    (environment_violations, "modelling.workbench", "import os\nos.environ['A'] = '1'"),
    (environment_violations, "pages.home", "from os import getenv"),
    (size_violations, "pages.home", "def f():\n    pass"),
    (size_violations, "pages.home", "x = 1\n" * 81),
    (size_violations, "components.forms", "x = 1\n" * 151),
    (size_violations, "app", "x = 1\n" * 61),
    (size_violations, "modelling.types", "x = 1\n" * 401),
)


@pytest.mark.parametrize(("rule", "name", "source"), PLANTED)
def test_a_planted_violation_is_caught(rule, name, source):
    assert len(rule(Module(name, source))) == 1


KEPT = (
    (layer_violations, "pages.home", "from components import pickers\nimport streamlit"),
    (layer_violations, "modelling.tuning.race", "from modelling.executor.protocol import Task"),
    (layer_violations, "modelling.tuning.race", "from .budget import Budget"),
    (layer_violations, "modelling.charts.pareto", "from modelling.errors import DataError"),
    (library_violations, "modelling.tuning.propose", "import optuna.samplers"),
    (environment_violations, "modelling.settings", "import os\nos.environ"),
    (size_violations, "pages.home", "x = 1\n" * 80),
)


@pytest.mark.parametrize(("rule", "name", "source"), KEPT)
def test_what_is_allowed_passes(rule, name, source):
    assert rule(Module(name, source)) == []


def test_the_facade_loads_no_heavy_library():
    code = f"import sys, modelling.workbench; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
