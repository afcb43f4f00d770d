"""What a search has shown: is it enough, what is almost as good, what mattered."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from components import chart_panel
from components.resources import workbench
from components.text import plain, sentences
from modelling.charts.history import HistoryNumbers
from modelling.charts.studies import StudyHistory, trial_score
from modelling.charts.wording import gain_text, params_text, percent_text, score_text
from modelling.types import Run, SearchParam, Trial
from modelling.workbench import ENOUGH_SHARE, MIN_FULL_TRIALS, MetricSpec, SearchReport

_EXACT_UP_TO = 40
_STEPS_PER_E = 20


def show(run: Run, numbers: HistoryNumbers, n_folds: int) -> None:
    """Draw, study by study, what follows from the trials so far."""
    st.subheader("What the search shows")
    for study in numbers.studies:
        report = report_of(run, study)
        space = workbench().search_space(run, study.model)
        with st.container(key=f"tuning_shows_{study.model}"):
            if len(numbers.studies) > 1:
                st.markdown(f"**{plain(study.title)}**")
            _words(study, report, numbers.metric)
            _importance(study, report, space)
            _parameters(study, report, space, numbers.metric)
            _stopped(study, n_folds)


def report_of(run: Run, study: StudyHistory) -> SearchReport:
    """Return the report on a study; while it runs, large ones are looked at now and then only."""
    ended = not run.state.is_active
    at = stage(len(study.points), exact=ended)
    return _report(run.id, study.model, ended, at, [point.trial for point in study.points])


def stage(n_ended: int, *, exact: bool) -> int:
    """Return a number that changes with every trial, from 40 on with every 5 % more of them."""
    if exact or n_ended <= _EXACT_UP_TO:
        return n_ended
    return _EXACT_UP_TO + int(_STEPS_PER_E * math.log(n_ended / _EXACT_UP_TO))


# One state of the study is told from another by what stands before the trials.
@st.cache_data(show_spinner=False, max_entries=64)
def _report(
    run_id: str,
    model: str,
    ended: bool,  # noqa: ARG001
    at: int,  # noqa: ARG001
    _trials: Sequence[Trial],
) -> SearchReport:
    return workbench().search_report(run_id, model, _trials)


def _words(study: StudyHistory, report: SearchReport, metric: MetricSpec) -> None:
    # Always the same three lines, so that nothing moves while the study goes on.
    healthy = "The search space shows no weakness so far."
    lines = {
        "Is it enough": _enough(study, report, metric),
        "Almost as good": _nearly(report, metric),
        "Search space": " ".join(map(sentences, report.health)) or healthy,
    }
    st.markdown("\n".join(f"- **{name}:** {text}" for name, text in lines.items()))


def _enough(study: StudyHistory, report: SearchReport, metric: MetricSpec) -> str:
    last = f"the last {percent_text(ENOUGH_SHARE)} of the CPU time"
    if report.enough is not None:
        gained = gain_text(report.enough.gained, metric).lstrip("+")
        noise = gain_text(report.enough.noise, metric).lstrip("+")
        return (
            f"Enough now: {last} gained {gained} {metric.title}, which is below the noise of the "
            f"folds ({noise})."
        )
    if study.counts.complete < MIN_FULL_TRIALS:
        return f"Too early to tell: fewer than {MIN_FULL_TRIALS} trials are complete."
    return f"Not yet: {last} gained more than the noise of the folds."


def _nearly(report: SearchReport, metric: MetricSpec) -> str:
    found = report.nearly_as_good
    if found is None:
        return "No quicker trial is within one standard error of the best."
    score = score_text(trial_score(found.trial, metric), metric)
    return (
        f"Trial {found.trial.number}: selection score {score}, ×{found.cost_ratio:.2g} the time "
        f"to answer ({sentences(params_text(found.trial.params))})."
    )


def _importance(study: StudyHistory, report: SearchReport, space: tuple[SearchParam, ...]) -> None:
    spec = chart_panel.chart("importance")
    numbers = spec.numbers(
        report.importance,
        parameters=[param.name for param in space],
        title=study.title,
        family=study.family,
    )
    chart_panel.show(spec, numbers, key=f"tuning_importance_{study.model}")
    st.caption(
        "Importance is how much of the differences in loss between trials, by rank, each parameter "
        "explains by itself."
    )


def _parameters(
    study: StudyHistory, report: SearchReport, space: tuple[SearchParam, ...], metric: MetricSpec
) -> None:
    """Draw every parameter against the score; only on demand, as nothing decides by it."""
    key = f"tuning_parameters_{study.model}"
    with st.expander("Each parameter against the score", key=key, on_change="rerun") as opened:
        if not opened.open:
            return
        spec = chart_panel.chart("slices")
        numbers = spec.numbers(study, space=space, importance=report.importance, metric=metric)
        st.markdown(f"**{spec.title}**")
        chart_panel.show(spec, numbers, key=f"tuning_slices_{study.model}")
        spec = chart_panel.chart("parallel")
        st.markdown(f"**{spec.title}**")
        numbers = spec.numbers(study, space=space, metric=metric)
        chart_panel.show(spec, numbers, key=f"tuning_parallel_{study.model}")
        st.caption("The better a trial, the warmer its line; the best lie on top.")


def _stopped(study: StudyHistory, n_folds: int) -> None:
    spec = chart_panel.chart("stopped")
    trials = [point.trial for point in study.points]
    numbers = spec.numbers(trials, n_folds=n_folds, title=study.title, family=study.family)
    chart_panel.show(spec, numbers, key=f"tuning_stopped_{study.model}")
    st.caption("Trials that fell behind the best one were stopped after these folds.")
