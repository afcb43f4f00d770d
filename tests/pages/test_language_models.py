"""Language models on the pages: what is missing is said, and no page loads what fits models."""

import pytest

from modelling.settings import Settings
from modelling.workbench import TaskChoices, Workbench
from tests.pages.every_page import PAGES, loaded_by_opening
from tests.runner.test_ask_run import ask, served
from tests.runner.test_prompt_study import biased, catalogue_with

# Data proposes five folds, for which these tables are too small.
WITHOUT_DATA = [page for page in PAGES if page not in ("home", "data")]


def test_pages_of_an_asked_model_load_no_library_that_fits_models(tmp_path):
    with served(tmp_path, biased) as (bench, experiment, _):
        catalogue_with(bench, "logprobs = true")
        bench.wait(bench.start_benchmark(experiment, ["tfidf_logistic"]).id)
        ask(bench, experiment, n_injected=2)
        dataset = bench.experiment(experiment).dataset_id
        assert loaded_by_opening(bench.settings, experiment, dataset) == []


@pytest.mark.parametrize(("n_rows", "n_classes"), [(32, 2), (84, 14)])
def test_few_rows_and_many_classes_can_be_drawn(tmp_path, n_rows, n_classes):
    """Fewer locked rows than are usually asked about; more classes than have inputs."""
    path = tmp_path / "few.csv"
    lines = [
        f"a text about {i % n_classes} and {i},topic {i % n_classes:02}" for i in range(n_rows)
    ]
    path.write_text("text,topic\n" + "\n".join(lines), encoding="utf-8")
    settings = Settings.from_env(
        {"TUNEWORTH_HOME": str(tmp_path / "home"), "TUNEWORTH_WORKERS": "2"}
    )
    with Workbench.open(settings) as bench:
        data = bench.add_file(path)
        choices = TaskChoices(target="topic", text=("text",), folds=2)
        made = bench.create_experiment(data.id, choices)
        assert len(made.task.classes) == n_classes
        bench.wait(bench.start_benchmark(made.id, ["dummy"]).id, timeout_s=60)
        loaded_by_opening(settings, made.id, data.id, WITHOUT_DATA)


def test_every_model_of_the_catalogue_says_what_it_needs(tmp_path, monkeypatch):
    for name in ("OPENAI_API_KEY", "GROQ_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GEMINI_API_KEY", "k")
    with served(tmp_path) as (bench, experiment, fake):
        prompt = bench.proposed_prompt(experiment)
        states = {one.llm.key: one for one in bench.llm_states(experiment, prompt)}
        assert fake.calls == []
    gpt = states["llm:openai/gpt-4o"]
    assert (gpt.readiness, gpt.note) == (
        "needs a key", "set OPENAI_API_KEY or type the key below",
    )  # fmt: skip
    assert gpt.usd_per_1k > 0
    assert states["llm:google/gemini-3.8-flash"].readiness == "ready"
    llama = states["llm:groq/llama-3.3-70b-versatile"]
    assert (llama.readiness, llama.note) == ("retired", "off since 2026-08-16")
    ollama = states["llm:ollama/llama3"]
    assert ollama.readiness in ("not running", "ready")
    assert ollama.usd_per_1k is None
    # Its price is in no list.
    assert states["llm:fake/mini"].note.endswith("price unknown: enter it")
