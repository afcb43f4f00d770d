"""What each command does, with the same workbench as the pages."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from modelling.cli import asking
from modelling.cli.arguments import choices_of, parse_budget
from modelling.cli.overview import overview
from modelling.cli.progress import Progress
from modelling.comparison.compare import Comparison
from modelling.datasets.choices import TaskChoices
from modelling.errors import NotFoundError, SpecError, StoreError
from modelling.metrics import default_metric
from modelling.reports.result import profile_document, result_document
from modelling.types import Budget, Experiment, Run, RunState, Variant
from modelling.workbench import Workbench

DONE, OUR_FAULT, CURABLE, STOPPED = 0, 1, 2, 3


def profile(workbench: Workbench, arguments: argparse.Namespace) -> int:
    """Describe a file: columns, the task that its target suggests, and what to beware of."""
    ref = workbench.add_file(arguments.file)
    choices = workbench.proposed_choices(ref.id, arguments.target)
    made = workbench.profile(ref.id, choices)
    document = profile_document(
        ref, made, roles=workbench.roles(ref.id, choices), task=_proposed_task(choices)
    )
    if arguments.json:
        write_json(document, arguments.json)
    else:
        print("\n".join(overview(ref.name, document)))
    return DONE


def _proposed_task(choices: TaskChoices) -> dict[str, Any]:
    kind = choices.kind
    proposed = None if kind is None else default_metric(kind).name
    return {"target": choices.target, "kind": kind, "metric": choices.metric or proposed}


def benchmark(workbench: Workbench, arguments: argparse.Namespace) -> int:
    """Benchmark base models."""
    begin = time.monotonic()
    experiment = _experiment(workbench, arguments)
    _, llms = asking.split(arguments.models)
    asking.check(workbench, experiment.id, llms, arguments)
    run = workbench.start_benchmark(experiment.id, asking.others(arguments.models))
    ended = [_wait(workbench, run)]
    if ended[0].state is RunState.FINISHED:
        ended += asking.ask(workbench, experiment.id, llms, arguments, _wait)
    return _finish(workbench, experiment, ended, arguments, begin)


def compare(workbench: Workbench, arguments: argparse.Namespace) -> int:
    """Benchmark, tune, and give the verdict."""
    begin = time.monotonic()
    budget = parse_budget(arguments.budget)
    experiment = _experiment(workbench, arguments)
    to_tune, prompts = asking.split(arguments.tune)
    if to_tune:
        workbench.models_to_tune(experiment.task.kind, to_tune)
    _, llms = asking.split(arguments.models)
    asking.check(workbench, experiment.id, (*llms, *prompts), arguments)
    is_rigorous = arguments.rigour == "rigorous"
    if is_rigorous and (obstacle := workbench.rigorous_obstacle(experiment.id)):
        raise SpecError(obstacle)
    models = asking.others(arguments.models)
    ended = [_wait(workbench, workbench.start_benchmark(experiment.id, models))]
    if ended[0].state is RunState.FINISHED:
        ended += asking.ask(workbench, experiment.id, llms, arguments, _wait)
    if ended[0].state is RunState.FINISHED and ended[-1].state is not RunState.STOPPED:
        ended += _tune(workbench, experiment, arguments, budget)
    if is_rigorous and ended[-1].state is RunState.FINISHED:
        ended += [_wait(workbench, run) for run in workbench.start_rigorous(experiment.id)]
    return _finish(workbench, experiment, ended, arguments, begin)


def _tune(
    workbench: Workbench, experiment: Experiment, arguments: argparse.Namespace, budget: Budget
) -> list[Run]:
    """Tune the models that were named, else the best base; the budget is shared equally."""
    to_tune, prompts = asking.split(arguments.tune)
    if not arguments.tune:
        to_tune = (best_base(workbench, experiment),)
    if not prompts:
        return [_wait(workbench, workbench.start_tuning(experiment.id, to_tune, budget))]
    share = budget.shared_by(len(to_tune) + len(prompts))
    ended = [
        _wait(workbench, workbench.start_tuning(experiment.id, (key,), share)) for key in to_tune
    ]
    return [*ended, *asking.tune(workbench, experiment.id, prompts, share, arguments, _wait)]


def runs(workbench: Workbench, arguments: argparse.Namespace) -> int:
    """List runs."""
    found = workbench.runs()
    if arguments.json:
        fields = (
            *("id", "experiment_id", "kind", "state", "created_at"),
            *("elapsed_s", "fit_cpu_s", "error"),
        )
        rows = [{name: getattr(run, name) for name in fields} for run in found]
        write_json({"runs": rows}, arguments.json)
        return DONE
    for run in found:
        print(f"{run.id}  {run.kind:<9}  {run.state:<11}  {run.elapsed_s:8.1f} s  {run.created_at}")
    return DONE


def stop(workbench: Workbench, arguments: argparse.Namespace) -> int:
    """Stop a run."""
    run = workbench.stop(_full_id(workbench, arguments.run))
    print(f"{run.id} is {run.state}.", file=sys.stderr)
    return DONE


def resume(workbench: Workbench, arguments: argparse.Namespace) -> int:
    """Let a run go on, and wait for its end."""
    ended = _wait(workbench, workbench.resume(_full_id(workbench, arguments.run)))
    return _exit_code(ended)


def best_base(workbench: Workbench, experiment: Experiment) -> str:
    """Return the base model with the best selection score that can be tuned.

    Raises
    ------
    SpecError
        If there is none.
    """
    tunable = {spec.key for spec in workbench.models(experiment.task.kind) if spec.can_be_tuned}
    for row in workbench.results(experiment.id):
        if row.variant is Variant.BASE and row.key in tunable and row.cv_score is not None:
            return row.key
    raise SpecError("No model that can be tuned has a selection score; choose other models.")


def write_json(document: dict[str, Any], where: str) -> None:
    """Write ``document`` to a file, or to standard output for "-"."""
    text = json.dumps(document, indent=2, allow_nan=False, ensure_ascii=False) + "\n"
    if where == "-":
        sys.stdout.write(text)
        return
    try:
        Path(where).write_text(text, encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{where} could not be written ({error.strerror}).") from error


def _experiment(workbench: Workbench, arguments: argparse.Namespace) -> Experiment:
    ref = workbench.add_file(arguments.file)
    test = None if arguments.test is None else workbench.add_test_file(arguments.test, ref.id)
    return workbench.create_experiment(
        ref.id, choices_of(arguments), test_dataset_id=None if test is None else test.id
    )


def _wait(workbench: Workbench, run: Run) -> Run:
    """Wait for a run; Ctrl+C stops it, and what it found is kept."""
    progress = Progress(run.kind)
    try:
        return workbench.wait(run.id, on_progress=progress.show)
    except KeyboardInterrupt:
        workbench.stop(run.id)
        return workbench.wait(run.id, on_progress=progress.show)
    finally:
        progress.close()


def _finish(
    workbench: Workbench,
    experiment: Experiment,
    ended: list[Run],
    arguments: argparse.Namespace,
    begin: float,
) -> int:
    comparison, sampled = workbench.comparison(experiment.id), workbench.sampled(experiment.id)
    experiment = workbench.experiment(experiment.id)
    document = result_document(
        experiment,
        comparison,
        # Experiments of before findings were kept with them have those of reading only.
        findings=experiment.findings or workbench.dataset(experiment.dataset_id).findings,
        runs=ended,
        sampled=sampled,
        asked=workbench.asked(experiment.id),
        elapsed_s=time.monotonic() - begin,
    )
    if arguments.json:
        write_json(document, arguments.json)
    else:
        _print(comparison, sampled)
    return _exit_code(asking.decisive(ended))


def _exit_code(run: Run) -> int:
    if run.state is RunState.FINISHED:
        return DONE
    if run.state is RunState.FAILED:
        incident = f" (incident {run.incident})" if run.incident else ""
        print(f"{run.error}{incident}", file=sys.stderr)
        return OUR_FAULT if run.incident else CURABLE
    print(f"The run was {run.state}; results so far are kept: {run.id}", file=sys.stderr)
    return STOPPED


def _print(comparison: Comparison, sampled: Comparison | None) -> None:
    _print_rows(comparison)
    if sampled is not None:
        print(f"\nWith language models, all on the same {sampled.n_test} locked rows:")
        _print_rows(sampled)
    if comparison.overall is not None:
        print(f"\nVerdict: {comparison.overall.verdict.verdict}")
        for reason in comparison.overall.verdict.reasons:
            print(f"  {reason}")


def _print_rows(comparison: Comparison) -> None:
    print(f"{'model':<30} {'variant':<8} {'selection':>10} {'test':>10}  CPU s to train")
    for row in comparison.models:
        if row.cv_score is None:
            print(f"{row.title:<30} {row.variant:<8} failed: {row.error}")
            continue
        test = "" if row.test_score is None else f"{row.test_score:.4f}"
        cost = "" if row.training_cpu_s is None else f"{row.training_cpu_s:.2f}"
        print(f"{row.title:<30} {row.variant:<8} {row.cv_score:>10.4f} {test:>10}  {cost:>8}")


def _full_id(workbench: Workbench, start: str) -> str:
    """Return the id of the one run that starts so."""
    matching = [run.id for run in workbench.runs() if run.id.startswith(start)]
    if len(matching) != 1:
        raise NotFoundError(
            f"{len(matching)} runs start with {start!r}; give more of the id, as `runs` lists it."
        )
    return matching[0]
