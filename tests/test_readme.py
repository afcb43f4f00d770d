"""What the README shows works as it stands there."""

import os
import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1]
VERDICTS = {"tune", "keep base", "not enough evidence"}


def test_the_notebook_example_gives_a_verdict_in_ten_lines(tmp_path: Path) -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", readme, flags=re.DOTALL)
    assert len([line for line in code.splitlines() if line.strip()]) <= 10
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "TUNEWORTH_HOME": str(tmp_path)},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    verdict, *reasons = ended.stdout.splitlines()
    assert verdict in VERDICTS
    assert reasons


def test_the_two_commands_come_first() -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    first, second = re.findall(r"```\n(.*?)```", readme, flags=re.DOTALL)[:2]
    assert [line.split("#")[0].strip() for line in first.splitlines()] == ["make app", "make test"]
    assert second.strip() == "pip install -r requirements.txt && streamlit run app.py"
