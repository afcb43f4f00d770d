"""Opening pages in a process of their own, as a fresh web process does."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from modelling.settings import Settings

PROJECT = Path(__file__).parents[2]
PAGES = ("home", "data", "benchmark", "tuning", "compare")
_OPEN = """
import sys
from streamlit.testing.v1 import AppTest
experiment, dataset, *pages = sys.argv[1:]
for page in pages:
    app = AppTest.from_file("app.py", default_timeout=30)
    app.run()
    app.switch_page(f"pages/{page}.py")
    app.query_params.update({"experiment": experiment, "dataset": dataset})
    app.run()
    assert not app.exception and not app.error, page
    assert app.title, page
heavy = ("sklearn", "scipy", "lightgbm", "optuna")
print(*[name for name in heavy if name in sys.modules])
"""


def loaded_by_opening(
    settings: Settings, experiment: str, dataset: str, pages: Sequence[str] = PAGES
) -> list[str]:
    """Open pages one after the other; return which heavy libraries were loaded by that."""
    done = subprocess.run(
        [sys.executable, "-c", _OPEN, experiment, dataset, *pages],
        cwd=PROJECT,
        env={**os.environ, **settings.to_env()},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.split()
