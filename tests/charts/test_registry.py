"""What holds for every chart."""

import html
import json
import re
import subprocess
import sys
from dataclasses import FrozenInstanceError, fields, replace
from pathlib import Path

import numpy as np
import pytest

from modelling.charts import CHARTS
from modelling.charts.studies import StudyHistory, study_histories
from modelling.charts.style import FAMILY_COLOURS, MAX_MARKS, OTHER_COLOUR
from modelling.comparison.answers import Answers
from modelling.comparison.leaderboard import standings
from modelling.comparison.slices import RowSlice
from modelling.metrics import metric
from modelling.types import (
    Associations,
    CurvePoint,
    Economics,
    Followed,
    Hindsight,
    HindsightPoint,
    Histogram,
    PartPreview,
    Rung,
    RungResult,
    SearchParam,
    TaskKind,
    TaskSpec,
    Trial,
    TrialState,
    ValueCount,
)
from tests.charts.made_up import make_row, make_tuned_comparison
from tests.charts.made_up_asked import make_asked
from tests.charts.made_up_explanation import make_explanation
from tests.charts.made_up_money import (
    PRICES,
    make_bills,
    make_curve,
    make_payback,
    make_priced,
    make_sensitivities,
)
from tests.charts.made_up_profile import AGE, HOME, STATUS, make_profile, make_split

PROJECT = Path(__file__).parents[2]
HOSTILE = "<script>alert(1)</script>%{x}"


def make_trials(count: int = 3, model: str = "tree") -> list[Trial]:
    return [
        Trial(
            model=model,
            number=number,
            origin="tpe",
            params={"depth": number},
            state=TrialState.COMPLETE if number % 2 == 0 else TrialState.PRUNED,
            value=-0.7 - 0.01 * (number % 7),
            folds_done=5,
            cpu_s=1.0,
        )
        for number in range(count)
    ]


def make_task(name: str) -> TaskSpec:
    return TaskSpec(
        target=name,
        kind=TaskKind.BINARY,
        metric="roc_auc",
        features=("signal",),
        classes=(f"not {name}", name),
    )


def make_rungs(detail: str) -> list[RungResult]:
    curve = tuple(
        CurvePoint(
            n_rows=n_rows,
            score=score,
            interval=(score - 0.01, score + 0.01),
            is_forecast=n_rows == 1600,
        )
        for n_rows, score in ((100, 0.7), (200, 0.75), (400, 0.77), (800, 0.78), (1600, 0.784))
    )
    return [
        RungResult(
            rung=rung,
            model="tree",
            gain=0.01,
            interval=(-0.005, 0.02),
            cpu_s=3.0,
            detail=detail,
            curve=curve,
        )
        for rung in Rung
    ]


def make_hindsight() -> Hindsight:
    points = tuple(
        HindsightPoint(
            trial=trial, cpu_s=1.0 + trial, cv_score=0.7, test_score=0.69, test_interval=(0.6, 0.8)
        )
        for trial in (0, 2)
    )
    return Hindsight(study="study", model="tree", points=points, cpu_s=2.0)


def make_row_slices(name: str, count: int) -> list[RowSlice]:
    return [
        RowSlice(
            column=name,
            label=f"{name} {i}",
            n_rows=100,
            n_better=20,
            n_worse=5,
            gain=0.1,
            interval=(0.05, 0.15),
            p_adjusted=0.01 if i % 2 else None,
        )
        for i in range(count)
    ]


def make_answers(name: str, n_classes: int, *, n_rows: int = 300, n_models: int = 2) -> Answers:
    rng = np.random.default_rng(0)
    return Answers(
        kind=TaskKind.BINARY if n_classes == 2 else TaskKind.MULTICLASS,
        rows=np.arange(n_rows),
        truth=rng.integers(0, n_classes, n_rows),
        classes=tuple(f"{name} {k}" for k in range(n_classes)),
        predicted={
            f"{name}, model {i}": rng.dirichlet(np.ones(n_classes), n_rows) for i in range(n_models)
        },
    )


def make_values(name: str, n_rows: int) -> Answers:
    rng = np.random.default_rng(0)
    truth = rng.normal(size=n_rows)
    return Answers(
        kind=TaskKind.REGRESSION,
        rows=np.arange(n_rows),
        truth=truth,
        classes=(),
        predicted={f"{name}, model {i}": truth + rng.normal(size=n_rows) for i in range(2)},
    )


def make_space(name: str, n_more: int) -> tuple[SearchParam, ...]:
    return (
        SearchParam(name="depth", kind="int", low=0, high=30_000),
        SearchParam(name="rate", kind="float", low=0.001, high=1.0, log=True),
        SearchParam(name=name, kind="choice", choices=(name, None)),
        *(SearchParam(name=f"p{i}", kind="float", low=0.0, high=1.0) for i in range(n_more)),
    )


def make_study(n_trials: int, name: str) -> StudyHistory:
    more = {f"p{i}": 0.5 for i in range(30)}
    trials = [
        replace(trial, params={"depth": trial.number, "rate": 0.1, name: name, **more})
        for trial in make_trials(n_trials)
    ]
    (study,) = study_histories(trials, metric("roc_auc"), {"tree": (name, name)})
    return study


def made_profile(*, hostile: bool, many: bool):
    """Return a profile with hostile names and values, or with more than can be drawn."""
    if hostile:
        value = ValueCount(value=HOSTILE, count=40, target=0.5)
        return make_profile(
            replace(STATUS, name=HOSTILE, top=(value,)),
            columns=(
                replace(AGE, name=f"{HOSTILE} 2"),
                replace(HOME, name=f"{HOSTILE} 3", top=(value,)),
                replace(STATUS, name=HOSTILE, top=(value,)),
            ),
            associations=Associations(names=(HOSTILE,) * 2, matrix=((1.0, 0.5),) * 2),
        )
    if many:
        histogram = Histogram(edges=tuple(range(21)), counts=tuple(range(20)), target=(0.5,) * 20)
        classes = tuple(ValueCount(value=f"v{i}", count=2) for i in range(50))
        names = tuple(f"c{i}" for i in range(5_000))
        return make_profile(
            replace(STATUS, top=classes, n_distinct=50),
            columns=(
                *(replace(AGE, name=name, histogram=histogram) for name in names),
                replace(STATUS, top=classes, n_distinct=50),
            ),
            associations=Associations(names=names[:30], matrix=((0.5,) * 30,) * 30),
        )
    return make_profile()


def made_split(*, hostile: bool, many: bool):
    labels = [HOSTILE, "no"] if hostile else [f"class {i}" for i in range(50 if many else 3)]
    classes = dict.fromkeys(labels, 1 / len(labels))
    part = PartPreview(name=HOSTILE if hostile else "training", n_rows=75, classes=classes)
    return make_split(train=part)


def arguments(key: str, *, hostile: bool = False, many: bool = False) -> tuple[tuple, dict]:
    """Return what the numbers of a chart are made from."""
    comparison = make_tuned_comparison()
    if hostile:
        rows = tuple(replace(row, title=HOSTILE, family=HOSTILE) for row in comparison.models)
        pairs = tuple(replace(pair, base=rows[1], candidate=rows[0]) for pair in comparison.pairs)
        comparison = replace(comparison, models=rows, pairs=pairs, overall=pairs[1])
    if many:
        rows = tuple(
            make_row(f"model{i}", cv_score=0.6 + i * 1e-5, fit_cpu_s=0.1 + i) for i in range(3_000)
        )
        comparison = replace(comparison, models=rows, pairs=comparison.pairs * 2_000)
    title = HOSTILE if hostile else "Tree"
    profile = made_profile(hostile=hostile, many=many)
    drawn_columns = [item.name for item in profile.columns if item.name != profile.target][:12]
    return {
        "tradeoff": ((comparison, Economics()), {}),
        "dumbbell": ((comparison,), {}),
        "impact": ((comparison,), {}),
        "trajectory": (
            (make_trials(20_000 if many else 5),),
            {
                "row": make_row("tree", title=title, family=title),
                "metric": metric("roc_auc"),
                "noise": 0.002,
                "hindsight": make_hindsight(),
            },
        ),
        "row_slices": (
            (make_row_slices(title, 300 if many else 3),),
            {"overall": 0.01, "unit": "share of rows"},
        ),
        "confusion": ((make_answers(title, 60 if many else 3),), {}),
        "thresholds": ((make_answers(title, 2, n_rows=20_000 if many else 200),), {}),
        "residuals": (
            (make_values(title, 20_000 if many else 200),),
            {"target": title},
        ),
        "agreement": ((make_answers(title, 3, n_models=60 if many else 3),), {}),
        "payback": ((make_payback(), PRICES), {"base": title, "candidate": title}),
        "profit": (
            ({title: (make_curve(20_000 if many else 50), 0.5)}, np.arange(8.0)),
            {"positive": title, "currency": "EUR"},
        ),
        "ownership": ((make_priced(comparison.models), PRICES), {}),
        "bill": (
            (make_bills(title, 20 if many else 2),),
            {"currency": "EUR", "months": 12.0},
        ),
        "hinges": (
            (make_sensitivities(300 if many else 8),),
            {"task": make_task(title), "net": 15.0, "currency": "EUR"},
        ),
        "one_row": (
            ({title: ((1.0, 2.0, title), np.array([[0.1, 0.9], [0.2, 0.8], [0.5, 0.5]]))}, title),
            {"task": make_task(title), "value": 1.5},
        ),
        "reliance": (
            ({title: make_explanation(title, n_columns=900 if many else 3)}, "lost"),
            {"metric": metric("roc_auc")},
        ),
        "effect": (
            ({title: make_explanation(title, n_rows=100 if many else 5)}, title),
            {"answer": title},
        ),
        "optimism": ((comparison,), {}),
        "history": (
            (make_trials(20_000 if many else 5),),
            {"metric": metric("roc_auc"), "names": {"tree": (title, title)}},
        ),
        "leaderboard": ((standings(comparison.models), metric("roc_auc")), {}),
        "ladder": (
            (make_rungs(title),),
            {"metric": metric("roc_auc"), "base_score": 0.8, "tuned": (0.02, (-0.01, 0.05), 60.0)},
        ),
        "learning_curve": (
            (make_rungs(title)[0].curve,),
            {"metric": metric("roc_auc"), "title": title},
        ),
        "slices": (
            (make_study(20_000 if many else 5, title),),
            {
                "space": make_space(title, 30 if many else 2),
                "importance": {"depth": 0.5, title: 0.25},
                "metric": metric("roc_auc"),
            },
        ),
        "parallel": (
            (make_study(20_000 if many else 5, title),),
            {"space": make_space(title, 30 if many else 2), "metric": metric("roc_auc")},
        ),
        "importance": (
            ({"depth": 0.5, title: 0.25},),
            {
                "parameters": ["depth", title, *(f"p{i}" for i in range(30 if many else 2))],
                "title": title,
                "family": "tree",
            },
        ),
        "stopped": (
            (make_trials(20_000 if many else 5),),
            {"n_folds": 5, "title": title, "family": "tree"},
        ),
        "injection": (
            (
                [
                    make_asked(title, followed=(Followed(kind=title, n=10, n_followed=3),))
                    for _ in range(900 if many else 1)
                ],
            ),
            {},
        ),
        "target": ((profile,), {}),
        "column_shapes": ((profile, drawn_columns), {"positive": title}),
        "association": ((profile,), {}),
        "split_preview": ((made_split(hostile=hostile, many=many),), {}),
    }[key]


def drawn(spec, **options):
    args, kwargs = arguments(spec.key, **options)
    return spec.draw(spec.numbers(*args, **kwargs))


def n_marks(trace) -> int:
    """Return the points of a trace, or its lines through parallel axes."""
    if trace.type == "parcoords":
        return len(trace.line.color)
    return sum(x is not None for x in trace.x)


@pytest.mark.parametrize("spec", CHARTS, ids=lambda spec: spec.key)
class TestEveryChart:
    def test_has_frozen_numbers_a_figure_and_a_sentence(self, spec):
        args, kwargs = arguments(spec.key)
        numbers = spec.numbers(*args, **kwargs)
        with pytest.raises(FrozenInstanceError):
            setattr(numbers, fields(numbers)[0].name, None)
        figure, finding = spec.draw(numbers)
        assert figure.data
        assert re.fullmatch(r"[A-Z].*\.", finding)
        assert any(character.isdigit() for character in finding)

    def test_names_its_axes(self, spec):
        figure, _ = drawn(spec)
        if spec.key == "parallel":
            assert all(axis.label for axis in figure.data[0].dimensions)
            return
        assert figure.layout.xaxis.title.text
        if spec.key in {"tradeoff", "history"}:
            assert figure.layout.yaxis.title.text

    def test_is_transparent_for_light_and_dark(self, spec):
        figure, _ = drawn(spec)
        assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0, 0, 0, 0)"

    def test_escapes_names(self, spec):
        figure, _ = drawn(spec, hostile=True)
        text = json.dumps(json.loads(figure.to_json()))
        assert "<script>" not in text
        assert html.escape("<script>", quote=False) in text

    def test_has_no_template_that_a_name_could_fill(self, spec):
        figure, _ = drawn(spec, hostile=True)
        traces = [trace.to_plotly_json() for trace in figure.data]
        assert not any({"hovertemplate", "texttemplate"} & trace.keys() for trace in traces)

    def test_draws_at_most_two_thousand_marks(self, spec):
        figure, _ = drawn(spec, many=True)
        marks = sum(n_marks(trace) for trace in figure.data)
        assert 0 < marks <= MAX_MARKS


def test_keys_are_unique():
    assert len({spec.key for spec in CHARTS}) == len(CHARTS)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("background", ["#fbfcfc", "#0f191e"])
@pytest.mark.parametrize("colour", [*FAMILY_COLOURS.values(), OTHER_COLOUR])
def test_family_colours_stand_out_on_light_and_dark(colour, background):
    """WCAG 2.1 asks for a contrast of 3 for graphics."""
    bright, dark = sorted((luminance(colour), luminance(background)), reverse=True)
    assert (bright + 0.05) / (dark + 0.05) >= 2.95


def test_drawing_loads_no_scikit_learn():
    code = "import sys, modelling.charts; print('sklearn' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
