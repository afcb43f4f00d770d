"""What a run is and where it stands, in words."""

from __future__ import annotations

from components.text import sentences
from modelling.charts.wording import counted, cpu_text, seconds_text
from modelling.types import (
    AskSpec,
    ExplanationSpec,
    ExternalSpec,
    FreshSpec,
    HindsightSpec,
    Run,
    RungSpec,
    RunState,
    TuningSpec,
)


def title(run: Run) -> str:
    if isinstance(run.spec, RungSpec):
        return f"Ladder: {run.spec.rung}"
    if isinstance(run.spec, ExternalSpec):
        return f"Scoring of {sentences(run.spec.title)}"
    if isinstance(run.spec, FreshSpec):
        return "Scoring of the stored models on fresh rows"
    if isinstance(run.spec, ExplanationSpec):
        return f"Explanation of {counted(len(run.spec.rows), 'model')}"
    if isinstance(run.spec, HindsightSpec):
        return "A study in hindsight"
    if isinstance(run.spec, AskSpec):
        return f"Asking of {sentences(run.spec.llm.partition('/')[2])}"
    if isinstance(run.spec, TuningSpec) and run.spec.ask is not None:
        return f"Tuning of the prompt of {sentences(run.spec.ask.llm.partition('/')[2])}"
    models = counted(len(run.spec.models), "model")
    return f"Tuning of {models}" if isinstance(run.spec, TuningSpec) else f"Benchmark of {models}"


def share_done(run: Run) -> float:
    return min(1.0, max(0.0, run.done / run.total)) if run.total > 0 else 0.0


def times(run: Run) -> str:
    parts = [f"{seconds_text(run.elapsed_s)} elapsed"]
    if run.state is RunState.QUEUED:
        parts = ["waiting for its turn"]
    elif run.state is RunState.STOPPING:
        parts.append("ending what is under way")
    elif run.state is RunState.RUNNING and run.remaining_s is not None:
        parts.append(f"about {seconds_text(run.remaining_s)} to go")
    if run.state is RunState.FINISHED and run.estimated_s is not None:
        parts.append(f"{seconds_text(run.estimated_s)} were expected")
    if run.state.is_active and run.fit_cpu_s:
        parts.append(f"{cpu_text(run.fit_cpu_s)} in fits")
    return " · ".join(parts)


def step(run: Run) -> str:
    """Return what is being done, afterwards what was spent; one line that always is there."""
    if run.message:
        return sentences(run.message)
    if run.state.is_active:
        return "Nothing has been fitted yet."
    return f"{cpu_text(run.fit_cpu_s)} in fits, {cpu_text(run.engine_cpu_s)} in all else"
