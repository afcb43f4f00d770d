"""A profile as a terminal shows it."""

import pytest

from modelling.cli.overview import MAX_COLUMNS, overview


def column(name="age", **changes):
    values = {
        "name": name,
        "role": "feature",
        "type": "number",
        "missing_share": 0.0,
        "n_distinct": 73,
        "reason": "",
        "relation": 0.25,
    }
    return {**values, **changes}


def document(**changes):
    values = {
        "rows": 1_000,
        "rows_sampled": 1_000,
        "columns": [
            column(missing_share=0.125),
            column("y", role="target", type="boolean", relation=None, n_distinct=2),
        ],
        "read": {"format": "csv", "encoding": "utf-8"},
        "task": {"target": "y", "kind": "binary", "metric": "roc_auc"},
        "warnings": [],
    }
    return {**values, **changes}


def test_a_table_is_told_line_by_line():
    assert overview("t.csv", document()) == [
        "t.csv: 1,000 rows x 2 columns, csv, utf-8",
        "Target: y (binary, scored by roc_auc)",
        "",
        "column  type      role      missing     distinct  relation",
        "age     number    feature     12.5%           73  0.25",
        "y       boolean   target          -            2  -",
        "",
        "No warnings.",
    ]


def test_a_few_missing_values_are_not_rounded_to_none():
    lines = overview("t.csv", document(columns=[column(missing_share=0.0002)]))
    assert " <0.1% " in lines[4]


def test_findings_are_wrapped_below_their_severity():
    warning = {"severity": "medium", "message": "word " * 20 + "end.", "advice": "Do that."}
    lines = overview("t.csv", document(warnings=[warning, {**warning, "severity": "low"}]))
    start = lines.index("2 warnings:")
    assert lines[start + 1].startswith("  MEDIUM  word word")
    assert lines[start + 2] == "          word word end. Do that."
    assert lines[start + 3].startswith("  LOW     word")
    assert max(map(len, lines)) <= 100


def test_a_sample_is_named():
    lines = overview("t.csv", document(rows_sampled=100))
    assert "Relations are of a random sample of 100 rows." in lines


def test_of_many_columns_the_first_are_listed():
    columns = [column(f"c{i}") for i in range(MAX_COLUMNS + 1_001)]
    lines = overview("t.csv", document(columns=columns))
    assert "... and 1,001 more; --json lists all." in lines
    assert len(lines) < MAX_COLUMNS + 10


@pytest.mark.parametrize("sign", ["\x1b[31m", "\r", "\n", "\x07"])
def test_no_name_can_command_the_terminal(sign):
    warning = {"severity": "low", "message": f"{sign} is odd.", "advice": ""}
    lines = overview(f"{sign}.csv", document(columns=[column(f"a{sign}b")], warnings=[warning]))
    assert all(line.isprintable() for line in lines)


def test_a_long_name_leaves_the_table_in_shape():
    lines = overview("t.csv", document(columns=[column("n" * 500), column("y")]))
    assert lines[4].startswith("n" * 31 + "…  number")
    assert len(lines[3]) == len(lines[4]) + len("relation") - len("0.25")
