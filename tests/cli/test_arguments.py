import pytest

from modelling.cli.arguments import choices_of, make_parser, parse_budget
from modelling.datasets.choices import TaskChoices
from modelling.errors import SpecError
from modelling.types import Budget, ClassWeight, TargetScale, TaskKind


def parse(*words):
    return make_parser().parse_args(list(words))


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("60s", Budget(wall_s=60.0)),
        ("1.5 s", Budget(wall_s=1.5)),
        ("200cpu-s", Budget(cpu_s=200.0)),
        ("200CPU-S", Budget(cpu_s=200.0)),
        ("50trials", Budget(trials=50)),
        ("1trial", Budget(trials=1)),
        (" 2usd ", Budget(usd=2.0)),
        ("0.05usd", Budget(usd=0.05)),
    ],
)
def test_a_budget_is_a_number_and_a_unit(text, budget):
    assert parse_budget(text) == budget


@pytest.mark.parametrize(
    "text",
    [
        "",
        "60",
        "s",
        "0s",
        "-1s",
        "60m",
        "1e3s",
        "60 s s",
        "nan s",
        "infs",
        "9" * 400 + "s",
        "0trials",
    ],
)
def test_what_is_no_budget_is_refused_with_examples(text):
    with pytest.raises(
        SpecError, match="is no budget; expected a number above zero and a unit, as"
    ):
        parse_budget(text)


def test_the_options_become_choices():
    arguments = parse(
        *("compare", "t.csv", "--target", "y", "--metric", "f1", "--task", "binary"),
        *("--positive", "yes", "--group", "g", "--time", "t", "--stake", "s"),
        *("--drop", "a, b,", "--test-share", "0.3", "--folds", "3", "--seed", "7"),
        *("--margin", "0.01", "--merge-rare", "20", "--scale", "rank"),
        *("--test-column", "part", "--test-value", "held out", "--class-weight", "balanced"),
    )
    assert choices_of(arguments) == TaskChoices(
        target="y",
        kind=TaskKind.BINARY,
        metric="f1",
        positive="yes",
        group="g",
        time="t",
        stake="s",
        drop=("a", "b"),
        test_share=0.3,
        folds=3,
        seed=7,
        margin=0.01,
        merge_below=20,
        scale=TargetScale.RANK,
        test_column="part",
        test_value="held out",
        class_weight=ClassWeight.BALANCED,
    )


def test_without_options_everything_is_as_proposed():
    arguments = parse("benchmark", "t.csv", "--target", "y")
    assert choices_of(arguments) == TaskChoices(target="y")
    assert arguments.models is None
    assert parse("compare", "t.csv", "--target", "y").budget == "60cpu-s"


@pytest.mark.parametrize(("words", "scale"), [((), "as it is"), (("--scale", "log"), "logarithm")])
def test_a_scale_has_a_short_name(words, scale):
    arguments = parse("benchmark", "t.csv", "--target", "y", *words)
    assert choices_of(arguments).scale is TargetScale(scale)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--folds", "1"), "expected 2 to 20 folds, got 1"),
        (("--folds", "21"), "expected 2 to 20 folds, got 21"),
        (("--folds", "five"), "expected 2 to 20 folds, got five"),
        (("--test-share", "0.9"), "expected a share from 0.05 to 0.8, got 0.9"),
        (("--test-share", "nan"), "expected a share from 0.05 to 0.8, got nan"),
        (("--seed", "-1"), "expected a seed from 0 to 2147483647, got -1"),
        (("--seed", "1.5"), "expected a seed from 0 to 2147483647, got 1.5"),
        (("--margin", "-0.1"), "expected a number of zero or more, got -0.1"),
        (("--margin", "inf"), "expected a number of zero or more, got inf"),
        (("--models", ","), "expected names separated by commas, got ','"),
        (("--merge-rare", "1"), "expected a number of rows from 2 on, got 1"),
        (("--merge-rare", "few"), "expected a number of rows from 2 on, got few"),
        (("--scale", "sqrt"), "invalid choice: 'sqrt'"),
        (("--class-weight", "heavy"), "invalid choice: 'heavy'"),
        (("--task", "ranking"), "invalid choice: 'ranking'"),
        (("--json", "/no/such/folder/x.json"), "there is no folder to write /no/such"),
        (("--nonsense",), "unrecognized arguments: --nonsense"),
    ],
)
def test_an_option_out_of_range_is_refused_in_one_sentence(words, message):
    with pytest.raises(SpecError) as caught:
        parse("compare", "t.csv", "--target", "y", *words)
    assert message in str(caught.value)
    assert str(caught.value).endswith("--help.")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "words", [(), ("nonsense",), ("compare",), ("compare", "t.csv"), ("stop",), ("profile",)]
)
def test_what_is_missing_is_named(words):
    with pytest.raises(SpecError, match="required|invalid choice"):
        parse(*words)
