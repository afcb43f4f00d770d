"""A stored table read again says the same but for what was to be changed."""

import pytest

from modelling.datasets.amending import change_of, findings_after, manner_of
from modelling.types import Finding, Fix, FixKind, ReadInfo, ReadOptions, Severity

MISSING = Fix(kind=FixKind.MISSING_VALUES, label="", column="age", values=("-1", "999"))


def finding(code: str, fix: Fix | None = None) -> Finding:
    return Finding(code=code, severity=Severity.LOW, message=code, fix=fix)


def test_values_of_a_column_are_added_to_those_that_were_cured_before():
    before = ReadOptions(missing_in={"age": ("-1", "0"), "size": ("99",)})
    assert change_of(MISSING, before) == {
        "missing_in": {"age": ("-1", "0", "999"), "size": ("99",)}
    }


def test_copies_are_left_out():
    fix = Fix(kind=FixKind.DEDUPLICATE, label="")
    assert change_of(fix, ReadOptions()) == {"deduplicate": True}


@pytest.mark.parametrize("kind", [FixKind.ROLE, FixKind.SPLIT, FixKind.SCALE, FixKind.MERGE_RARE])
def test_a_cure_of_roles_changes_no_data(kind):
    with pytest.raises(ValueError, match="fix must change data"):
        change_of(Fix(kind=kind, label="", column="age"), ReadOptions())


def test_what_was_found_in_reading_stays_without_what_was_cured():
    before = (finding("ambiguous_dates"), finding("mostly_numbers", MISSING))
    after = (finding("ambiguous_dates"), finding("infinite_values"))
    codes = [item.code for item in findings_after(MISSING, before, after)]
    assert codes == ["ambiguous_dates", "infinite_values"]


@pytest.mark.parametrize(
    ("read", "decimal"),
    [
        (ReadInfo(format="csv", delimiter=","), "."),
        (ReadInfo(format="csv", delimiter=";", decimal=","), ","),
        (ReadInfo(format="csv", delimiter=";"), None),
        (ReadInfo(format="parquet"), None),
    ],
)
def test_the_manner_of_a_file_is_that_of_its_numbers_and_dates(read, decimal):
    assert manner_of(read) == ReadOptions(decimal=decimal)
