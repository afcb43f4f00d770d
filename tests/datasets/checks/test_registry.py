"""What holds for every check, whatever it looks at."""

import doctest

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from modelling.datasets.checks import CHECKS, SUPERSEDED, Check, check, is_repeated, run_checks
from modelling.datasets.checks.evidence import Evidence
from modelling.types import Finding, Severity, SplitStrategy, TaskKind
from tests.datasets.checks.subjects import customers, subject_of

WORST_FIRST = list(Severity)


def numbers(n: int) -> st.SearchStrategy[list]:
    return st.lists(st.one_of(st.none(), st.integers(-3, 3), st.floats(-1e308, 1e308)),
                    min_size=n, max_size=n)  # fmt: skip


def words(n: int) -> st.SearchStrategy[list]:
    word = st.one_of(st.none(), st.sampled_from(["", "a", "b", "unknown"]), st.text(max_size=3))
    return st.lists(word, min_size=n, max_size=n)


def texts(n: int) -> st.SearchStrategy[list]:
    return st.just([f"a longer text with words, number {row}, and an end" for row in range(n)])


def moments(n: int) -> st.SearchStrategy[list]:
    day = st.one_of(st.none(), st.datetimes(pd.Timestamp(1700, 1, 1), pd.Timestamp(2200, 1, 1)))
    return st.lists(day, min_size=n, max_size=n)


def flags(n: int) -> st.SearchStrategy[list]:
    return st.lists(st.booleans(), min_size=n, max_size=n)


KINDS = (
    (numbers, "float64"),
    (lambda n: st.lists(st.integers(-(2**63), 2**63 - 1), min_size=n, max_size=n), "int64"),
    (words, "str"),
    (texts, "str"),
    (moments, "datetime64[us]"),
    (flags, "bool"),
)


@st.composite
def tables(draw) -> pd.DataFrame:
    """Return a small table with columns of any type, short ones repeated to some length."""
    n_rows = draw(st.integers(1, 12))
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=5))
    table = pd.DataFrame(
        {
            f"c{place}": pd.Series(draw(values(n_rows)), dtype=dtype)
            for place, (values, dtype) in enumerate(kinds)
        }
    )
    times = draw(st.sampled_from([1, 1, 10, 40]))
    return pd.concat([table] * times, ignore_index=True)


def check_findings(found: tuple[Finding, ...]) -> None:
    """Assert what holds for all findings of one table."""
    limits = {check.code: check.severity for check in CHECKS}
    places = [(finding.code, finding.column) for finding in found]
    assert len(places) == len(set(places))
    for finding in found:
        assert WORST_FIRST.index(finding.severity) >= WORST_FIRST.index(limits[finding.code])
        for text in (finding.message, *filter(None, [finding.advice])):
            assert text.endswith(".")
            assert not {"nan", "inf", "None"} & set(text.replace(".", " ").split())


@settings(max_examples=150, deadline=None)
@given(table=tables(), data=st.data())
def test_no_check_fails_whatever_the_table(table, data):
    columns = list(table.columns)
    target = data.draw(st.sampled_from([None, *columns]))
    kind = data.draw(st.sampled_from(TaskKind)) if target else None
    other = data.draw(st.sampled_from([None, *columns]))
    choices = {
        "kind": kind,
        "split": data.draw(st.sampled_from([None, *SplitStrategy])),
        "group": other,
        "time": other,
        "test_frame": data.draw(st.sampled_from([None, table])),
    }
    found = run_checks(subject_of(table, target, **({} if target is None else choices)))
    check_findings(found)


def test_a_table_with_every_fault_has_each_finding_once():
    table = customers(300)
    table["leak"] = table["y"].map({"yes": 1.0, "no": 0.0})
    table.loc[:250, "visits"] = -999
    table["empty"], table["same"] = np.nan, 1
    table["user_id"] = np.arange(300) * 3
    table = pd.concat([table, table.iloc[:90]], ignore_index=True).sort_values("y")
    found = run_checks(subject_of(table.reset_index(drop=True)))
    check_findings(found)
    assert {"target_copy", "row_order", "duplicates_across_split", "all_missing", "constant"} <= {
        finding.code for finding in found
    }


def test_the_same_table_has_the_same_findings():
    table = customers(30_000)
    table["y"] = table["y"].where(np.arange(30_000) % 50 > 0, None)
    assert run_checks(subject_of(table)) == run_checks(subject_of(table))


def test_codes_are_unique_and_titles_are_sentences():
    codes = [check.code for check in CHECKS]
    assert len(codes) == len(set(codes))
    assert all(check.title[0].isupper() and not check.title.endswith(".") for check in CHECKS)


def test_codes_never_change():
    """Stored findings refer to them; a new check is added here, an old one never renamed."""
    assert {check.code for check in CHECKS} == {
        "all_missing",
        "class_imbalance",
        "conflicting_labels",
        "constant",
        "disguised_missing",
        "drift",
        "duplicate_rows",
        "duplicates_across_split",
        "few_rows",
        "group_structure",
        "high_cardinality",
        "identifier",
        "large_integers",
        "leakage",
        "missing_target",
        "mostly_missing",
        "near_identifier",
        "outliers",
        "rare_classes",
        "row_order",
        "skewed_target",
        "target_copy",
        "time_structure",
        "too_wide",
        "unseen_categories",
        "unseen_classes",
    }


def test_only_codes_that_exist_supersede_each_other():
    assert {code for pair in SUPERSEDED for code in pair} <= {check.code for check in CHECKS}


@pytest.mark.parametrize(("first", "kept"), [("high", False), ("medium", False), ("low", True)])
def test_what_is_graver_is_never_superseded(first, kept):
    told = {("group_structure", "account"): Severity(first)}
    for column, expected in (("account", kept), ("another", True)):
        leak = Finding(code="leakage", severity=Severity.MEDIUM, message="m.", column=column)
        assert is_repeated(leak, told) is not expected


def test_many_findings_of_one_kind_end_in_one_that_names_the_rest():
    table = pd.DataFrame({f"x{place:02}": [1, 1] for place in range(30)})
    found = run_checks(subject_of(table, None))
    constant = [finding for finding in found if finding.code == "constant"]
    assert len(constant) == 10
    assert constant[-1].column is None
    assert constant[-1].message == (
        "The same holds for 21 more columns: x09, x10, x11, x12, x13 and 16 more."
    )


def test_the_worst_finding_of_a_check_comes_first():
    def run(_: Evidence):
        for severity in (Severity.LOW, Severity.HIGH, Severity.MEDIUM):
            yield Finding(code="a", severity=severity, message="m.", column=severity)

    found = Check("a", "A", Severity.HIGH, run).findings(Evidence(subject_of(customers(50))))
    assert [finding.severity for finding in found] == WORST_FIRST


def test_a_wide_and_a_long_table_are_sampled():
    wide = pd.DataFrame(np.zeros((3000, 10_000), dtype="int64")).add_prefix("x")
    assert len(Evidence(subject_of(wide, None)).rows) == 2000
    long = pd.DataFrame({"a": np.arange(150_000) % 7, "y": np.arange(150_000) % 2})
    assert len(Evidence(subject_of(long)).rows) == 100_000


def test_rare_classes_stay_in_the_sample():
    table = pd.DataFrame({"a": np.arange(150_000) % 7})
    table["y"] = pd.Series(np.where(np.arange(150_000) % 1000 == 0, "rare", "often"), dtype="str")
    evidence = Evidence(subject_of(table))
    assert (table["y"].iloc[evidence.labelled] == "rare").sum() == 150


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0 %"), (1 / 3, "33 %"), (0.004, "0.4 %"), (0.9996, "99.96 %"), (1.0, "100 %")],
)
def test_shares_are_printed_with_as_many_digits_as_they_need(share, text):
    assert check.percent(share) == text


def test_examples_in_docstrings_run():
    assert doctest.testmod(check).failed == 0
