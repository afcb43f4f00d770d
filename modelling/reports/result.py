"""The machine-readable result of an experiment (DESIGN.md, the command line)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from modelling.codec import to_plain
from modelling.comparison.compare import Comparison, Pair
from modelling.economics.cost import model_cost
from modelling.types import (
    AskedModel,
    AskSpec,
    DatasetRef,
    Experiment,
    Finding,
    ModelResult,
    Profile,
    ResultStatus,
    Role,
    Run,
    Variant,
)

# What asking a language model took and how it ended.
_ASKED = (
    *("key", "variant", "prompt", "decision", "n_train", "n_test", "endings", "n_trials"),
    *("fresh_tokens", "cached_tokens", "output_tokens", "seconds_p50", "seconds_p95"),
    *("usd_spent", "usd_per_1k", "search_usd", "price_source", "replayed", "stopped"),
    *("has_probabilities", "answered_shares", "true_shares", "followed"),
)
# What a model costs, by the names that scripts rely on.
_USD = (
    "training_usd",
    "preparation_usd",
    "serving_usd_per_1k",
    "serving_usd_per_month",
    "total_usd",
)


def result_document(
    experiment: Experiment,
    comparison: Comparison,
    *,
    findings: Sequence[Finding],
    runs: Sequence[Run],
    elapsed_s: float,
    sampled: Comparison | None = None,
    asked: Sequence[AskedModel] = (),
) -> dict[str, Any]:
    """Return the result as dicts, lists and finite scalars.

    Parameters
    ----------
    runs : sequence of Run
        The runs that the result comes from; their engine time is added up.
    sampled : Comparison, optional
        All models on the rows that language models were asked about: a part of its own, and its
        language models stand among the models, with their scores on those rows.
    asked : sequence of AskedModel
        What asking took.
    elapsed_s : float
        Wall seconds from the first to the last step.
    """
    overall = comparison.overall
    llms = [*_llm_rows(sampled, asked), *_unanswered(runs, asked)]
    document: dict[str, Any] = {
        "experiment": experiment.id,
        "task": _task(experiment, comparison),
        "models": [_model(row, experiment) for row in (*comparison.models, *llms)],
        "pairs": [_pair(pair) for pair in comparison.pairs],
        "verdict": None if overall is None else _verdict(overall),
        "warnings": [_finding(finding) for finding in findings],
        "fingerprint": _fingerprint(runs),
        "elapsed_s": elapsed_s,
        "engine_cpu_s": sum(run.engine_cpu_s for run in runs),
    }
    if sampled is not None:
        document["sampled"] = _sampled(sampled, asked, experiment)
    plain: dict[str, Any] = to_plain(document)
    return plain


def _llm_rows(sampled: Comparison | None, asked: Sequence[AskedModel]) -> list[ModelResult]:
    keys = {one.key for one in asked}
    return [] if sampled is None else [row for row in sampled.models if row.key in keys]


def _unanswered(runs: Sequence[Run], asked: Sequence[AskedModel]) -> list[ModelResult]:
    """Return a failed row for each language model that gave no answer."""
    answered = {one.run_id for one in asked}
    return [
        ModelResult(
            run_id=run.id,
            key=run.spec.llm,
            title=run.spec.llm,
            family="language model",
            variant=Variant.BASE,
            status=ResultStatus.FAILED,
            error=run.error,
        )
        for run in runs
        if isinstance(run.spec, AskSpec) and run.error and run.id not in answered
    ]


def _sampled(
    sampled: Comparison, asked: Sequence[AskedModel], experiment: Experiment
) -> dict[str, Any]:
    return {
        "n_test": sampled.n_test,
        "models": [_model(row, experiment) for row in sampled.models],
        "pairs": [_pair(pair) for pair in sampled.pairs],
        "asked": [{name: getattr(one, name) for name in _ASKED} for one in asked],
    }


def profile_document(
    ref: DatasetRef, profile: Profile, *, roles: Mapping[str, Role], task: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what is known of a data set under one choice of target and roles.

    Parameters
    ----------
    roles : mapping of str to Role
        The role of each column.
    task : mapping
        Target, kind and metric as proposed.
    """
    relations = {column.name: column.relation for column in profile.columns}
    document = {
        "rows": ref.n_rows,
        "rows_sampled": profile.n_sampled,
        "columns": [
            {
                "name": column.name,
                "role": roles.get(column.name, column.role),
                "type": column.type,
                "missing_share": column.missing_share,
                "n_distinct": column.n_distinct,
                "reason": column.reason,
                "relation": relations.get(column.name),
            }
            for column in ref.columns
        ],
        "read": ref.read,
        "task": dict(task),
        "warnings": [_finding(finding) for finding in profile.findings],
    }
    plain: dict[str, Any] = to_plain(document)
    return plain


def _task(experiment: Experiment, comparison: Comparison) -> dict[str, Any]:
    task = experiment.task
    return {
        "kind": task.kind,
        "target": task.target,
        "metric": task.metric,
        "direction": comparison.metric.direction,
        "n_train": experiment.n_train,
        "n_test": experiment.n_test,
        "split": "test file" if experiment.test_dataset_id else task.split,
        "seed": task.seed,
        "class_weight": task.class_weight,
        "peeks": experiment.peeks,
    }


def _model(row: ModelResult, experiment: Experiment) -> dict[str, Any]:
    cost = model_cost(row, experiment.economics)
    named = {
        name: getattr(row, name)
        for name in (
            *("key", "title", "family", "variant", "status", "error", "params"),
            *("cv_score", "cv_std", "test_score", "test_interval", "metrics"),
            *("fit_cpu_s", "fit_time_s", "search_cpu_s", "search_time_s", "trials"),
            *("predict_cpu_ms_per_1k", "predict_ms_single_p50"),
            *("peak_memory_bytes", "size_bytes"),
        )
    }
    return {**named, "usd": {name: getattr(cost, name) for name in _USD}}


def _pair(pair: Pair) -> dict[str, Any]:
    gain, selection = pair.gain, pair.selection
    return {
        "key": pair.key,
        "role": pair.role,
        "base": _name(pair.base),
        "candidate": _name(pair.candidate),
        "gain": gain.gain,
        "gain_interval": gain.interval,
        "p_worse": gain.p_worse,
        "p_equal": gain.p_equal,
        "p_better": gain.p_better,
        "selection_gain": None if selection is None else selection.selection_gain,
        "corrected_gain": None if selection is None else selection.corrected_gain,
        "corrected_interval": None if selection is None else selection.corrected_interval,
        "verdict": pair.verdict.verdict,
        "reasons": pair.verdict.reasons,
    }


def _verdict(pair: Pair) -> dict[str, Any]:
    return {
        "verdict": pair.verdict.verdict,
        "base": _name(pair.base),
        "candidate": _name(pair.candidate),
        "reasons": pair.verdict.reasons,
    }


def _name(row: ModelResult) -> dict[str, str]:
    return {"key": row.key, "variant": row.variant}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "column": finding.column,
        "message": finding.message,
        "advice": finding.advice,
    }


def _fingerprint(runs: Sequence[Run]) -> Mapping[str, str]:
    return next((run.fingerprint for run in reversed(runs) if run.fingerprint), {})
