"""What the web process may not do: load the heavy libraries, or start work twice."""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
OPEN_ALL = """
import sys
from streamlit.testing.v1 import AppTest
experiment, dataset = sys.argv[1:]
for page in ("home", "data", "benchmark", "tuning", "compare"):
    app = AppTest.from_file("app.py", default_timeout=30)
    app.run()
    app.switch_page(f"pages/{page}.py")
    app.query_params.update({"experiment": experiment, "dataset": dataset})
    app.run()
    assert not app.exception and not app.error, page
    assert app.title, page
heavy = ("sklearn", "scipy", "lightgbm", "optuna")
print([name for name in heavy if name in sys.modules])
"""


def test_opening_every_page_loads_no_library_that_fits_models(finished):
    settings = finished.workbench.settings
    done = subprocess.run(
        [sys.executable, "-c", OPEN_ALL, finished.tuned, finished.dataset],
        cwd=PROJECT,
        env={**os.environ, **settings.to_env()},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == "[]"


def test_a_second_click_on_the_same_work_finds_the_same_run(open_page, finished):
    app = open_page("tuning", experiment=finished.fresh)
    assert not app.button
    workbench = finished.workbench
    first = workbench.start_benchmark(finished.fresh, ["dummy"])
    again = workbench.start_benchmark(finished.fresh, ["dummy"])
    assert first.id == again.id
    workbench.wait(first.id, timeout_s=60)


def test_a_start_that_fails_says_why_and_starts_nothing(open_page, finished):
    app = open_page("tuning", experiment=finished.tuned)
    n_before = len(finished.workbench.runs(finished.tuned))
    app.number_input(key="tuning_budget").set_value(0.0).run()
    app.button(key="tuning_start").click().run()
    assert len(app.error) == 1
    assert len(finished.workbench.runs(finished.tuned)) == n_before
