"""With the network cut every row without a key works, and nothing tries to get out."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
GUARD = Path(__file__).parent / "guard"
KEYLESS = ("vader", "wordllama_zero_shot", "tfidf_logistic", "wordllama_logistic")


def run(tmp_path, *words, code=None):
    """Run the command line, or other code, with every socket of every process watched."""
    log = tmp_path / "network.log"
    program = [sys.executable, "-c", code] if code else [sys.executable, "-m", "modelling", *words]
    done = subprocess.run(
        program,
        cwd=PROJECT,
        env={
            **os.environ,
            "PYTHONPATH": f"{GUARD}{os.pathsep}{PROJECT}",
            "TUNEWORTH_TEST_NETWORK_LOG": str(log),
            "TUNEWORTH_HOME": str(tmp_path / "home"),
            "TUNEWORTH_WORKERS": "2",
            "OPENAI_API_KEY": "sk-planted",
        },
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    return done, log.read_text(encoding="utf-8") if log.exists() else ""


def tweets(tmp_path) -> Path:
    lines = (PROJECT / "sample_data/tweet_sentiment/data.csv").read_text(encoding="utf-8")
    path = tmp_path / "tweets.csv"
    path.write_text("\n".join(lines.splitlines()[:600]), encoding="utf-8")
    return path


def test_the_guard_sees_and_stops_a_way_out(tmp_path):
    code = "import socket; socket.create_connection(('models.example', 443), 1)"
    done, log = run(tmp_path, code=code)
    assert done.returncode != 0
    assert log == "look up models.example\n"


@pytest.mark.timeout(300)
def test_keyless_rows_work_and_no_socket_leaves_this_machine(tmp_path):
    done, log = run(
        tmp_path, "benchmark", str(tweets(tmp_path)), "--target", "sentiment",
        "--models", ",".join(KEYLESS), "--json", "-",
    )  # fmt: skip
    assert (done.returncode, log) == (0, ""), done.stderr
    rows = {row["key"]: row for row in json.loads(done.stdout)["models"]}
    assert {key: rows[key]["status"] for key in KEYLESS} == dict.fromkeys(KEYLESS, "ok")


def test_a_provider_is_not_even_looked_up_without_consent(tmp_path):
    done, log = run(
        tmp_path, "benchmark", str(tweets(tmp_path)), "--target", "sentiment",
        "--models", "llm:openai/gpt-4o",
    )  # fmt: skip
    assert (done.returncode, log) == (2, "")
    assert "--allow-llm" in done.stderr
