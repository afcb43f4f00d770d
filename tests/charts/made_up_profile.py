"""A small profile with figures that can be checked by hand."""

from modelling.types import (
    Associations,
    ColumnProfile,
    ColumnType,
    Histogram,
    PartPreview,
    Profile,
    SplitPreview,
    ValueCount,
)

DAY_S = 86_400.0

AGE = ColumnProfile(
    name="age",
    type=ColumnType.NUMBER,
    missing_share=0.1,
    n_distinct=60,
    mean=40.0,
    std=10.0,
    minimum=10.0,
    median=39.0,
    maximum=95.0,
    histogram=Histogram(
        edges=(18.0, 38.0, 58.0, 78.0), counts=(30, 50, 10), target=(0.1, 0.3, None)
    ),
    relation=0.42,
)
HOME = ColumnProfile(
    name="home",
    type=ColumnType.CATEGORY,
    missing_share=0.0,
    n_distinct=9,
    top=tuple(
        ValueCount(value=value, count=count, target=target)
        for value, count, target in (
            ("own", 40, 0.2),
            ("rent", 20, 0.5),
            ("with parents", 10, 0.4),
            ("a", 5, None),
            ("b", 5, None),
            ("c", 5, None),
            ("d", 5, None),
            ("e", 5, None),
        )
    ),
    relation=0.2,
)
SINCE = ColumnProfile(
    name="since",
    type=ColumnType.DATE,
    missing_share=0.0,
    n_distinct=3,
    minimum=0.0,
    median=DAY_S,
    maximum=3 * DAY_S,
    histogram=Histogram(edges=(0.0, DAY_S, 2 * DAY_S), counts=(60, 40)),
    relation=0.05,
)
ORDER = ColumnProfile(
    name="order number",
    type=ColumnType.CATEGORY,
    missing_share=0.0,
    n_distinct=100,
)
STATUS = ColumnProfile(
    name="status",
    type=ColumnType.CATEGORY,
    missing_share=0.2,
    n_distinct=2,
    top=(ValueCount(value="good", count=60), ValueCount(value="bad", count=20)),
)
PRICE = ColumnProfile(
    name="price",
    type=ColumnType.NUMBER,
    missing_share=0.0,
    n_distinct=90,
    minimum=-50.0,
    median=120.0,
    maximum=9_000.0,
    histogram=Histogram(edges=(0.0, 100.0, 200.0, 300.0), counts=(20, 70, 10)),
)
ASSOCIATIONS = Associations(
    names=("status", "age", "home", "since"),
    matrix=(
        (1.0, 0.42, 0.2, 0.05),
        (0.42, 1.0, 0.6, None),
        (0.2, 0.6, 1.0, 0.3),
        (0.05, None, 0.3, 1.0),
    ),
)


def make_profile(target: ColumnProfile = STATUS, **changes) -> Profile:
    values = {
        "n_rows": 100,
        "n_sampled": 100,
        "target": target.name,
        "columns": (AGE, HOME, SINCE, ORDER, target),
        "associations": ASSOCIATIONS,
        "findings": (),
    }
    return Profile(**{**values, **changes})


def make_split(**changes) -> SplitPreview:
    values = {
        "train": PartPreview(
            name="training",
            n_rows=75,
            classes={"bad": 0.25, "good": 0.75},
            n_groups=30,
            first="2026-01-01",
            last="2026-03-31",
        ),
        "test": PartPreview(
            name="locked test",
            n_rows=25,
            classes={"bad": 0.4, "good": 0.6},
            n_groups=10,
            first="2026-04-01",
            last="2026-05-01",
        ),
    }
    return SplitPreview(**{**values, **changes})
