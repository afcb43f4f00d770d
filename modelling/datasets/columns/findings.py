"""What the analyst is told about how the values of a column were read."""

from __future__ import annotations

from collections.abc import Sequence

from modelling.datasets.wording import quoted
from modelling.types import Finding, Fix, FixKind, Severity

MAX_NAMED = 3
MAX_FIXED = 5


def numbers_as_text(
    name: str, style: Sequence[str], example: tuple[str, str] | None = None
) -> Finding:
    """Numbers needed more than a plain reading; ``style`` names what was taken away."""
    message = f"{name} holds numbers written {_and(style) or 'as text'}; they are read as numbers"
    if example is not None:
        message += f", {quoted(example[0])} as {example[1]}"
    return _low("numbers_as_text", name, message + ".")


def codes_kept_as_text(name: str, why: str) -> Finding:
    """Digits that are no quantity, or would be lost as one."""
    message = f"{name} holds digits only, but {why}; they are kept as text."
    return _low("codes_kept_as_text", name, message)


def mixed_currencies(name: str, signs: Sequence[str]) -> Finding:
    """Amounts that cannot be compared as they are."""
    return Finding(
        code="mixed_currencies",
        severity=Severity.MEDIUM,
        column=name,
        message=f"{name} holds amounts in several currencies ({', '.join(signs)}); they are kept "
        "as text.",
        advice="Convert them to one currency.",
    )


def mostly(name: str, what: str, others: tuple[str, ...], n_rows: int) -> Finding:
    """Nearly all values are ``what`` ("numbers", "dates"); ``others`` are the texts that are not.

    Parameters
    ----------
    n_rows : int
        The rows that hold the others.
    """
    named = ", ".join(quoted(text) for text in others[:MAX_NAMED])
    more = ", ..." if len(others) > MAX_NAMED else ""
    fix = None
    if len(others) <= MAX_FIXED:
        fix = Fix(
            kind=FixKind.MISSING_VALUES,
            label=f"Read {named}{more} as missing",
            column=name,
            values=others,
        )
    are = "is" if n_rows == 1 else "are"
    return Finding(
        code=f"mostly_{what}",
        severity=Severity.MEDIUM,
        column=name,
        message=f"{name} holds {what}, but {n_rows:,} of its values {are} none ({named}{more}); it "
        "is kept as text.",
        advice="Correct them, or read them as missing.",
        fix=fix,
    )


def ambiguous_numbers(name: str, example: tuple[str, str, str], *, decimal: str) -> Finding:
    """Nothing in the file tells whether a sign divides decimals or thousands.

    Parameters
    ----------
    example : tuple of str
        A text, its number with a decimal point, and with a decimal comma.
    """
    text, point, comma = example
    chosen = point if decimal == "." else comma
    return Finding(
        code="ambiguous_numbers",
        severity=Severity.MEDIUM,
        column=name,
        message=f"{name} holds numbers such as {quoted(text)}, which may be {point} or {comma}; it "
        f"is read as {chosen}.",
        advice="Change the decimal sign if that is wrong.",
    )


def ambiguous_dates(name: str, example: tuple[str, str, str], *, day_first: bool) -> Finding:
    """Nothing in the file tells whether the day or the month comes first.

    Parameters
    ----------
    example : tuple of str
        A text, its date with the day first, and with the month first.
    """
    text, first, other = example
    chosen = first if day_first else other
    return Finding(
        code="ambiguous_dates",
        severity=Severity.MEDIUM,
        column=name,
        message=f"{name} holds dates such as {quoted(text)}, which may be {first} or {other}; it "
        f"is read as {chosen}.",
        advice="Change the order of day and month if that is wrong.",
    )


def time_zones(name: str) -> Finding:
    """Moments had a zone, which is gone."""
    message = f"{name} holds times with a time zone; they are converted to UTC."
    return _low("time_zones", name, message)


def impossible_dates(name: str, n_rows: int) -> Finding:
    """Moments that no calendar has became missing."""
    return Finding(
        code="impossible_dates",
        severity=Severity.MEDIUM,
        column=name,
        message=f"{name} holds {n_rows:,} date{'' if n_rows == 1 else 's'} outside of the years 1 "
        "to 9999; read as missing.",
        advice="Such dates often stand for no end; if so, say it in a column of its own.",
    )


def durations(name: str) -> Finding:
    """Spans of time became numbers."""
    return _low("durations", name, f"{name} holds spans of time; they are read as seconds.")


def infinite_values(name: str, n_rows: int) -> Finding:
    """Infinities became missing."""
    return Finding(
        code="infinite_values",
        severity=Severity.MEDIUM,
        column=name,
        message=f"{name} holds {n_rows:,} infinite value{'' if n_rows == 1 else 's'}; read as "
        "missing.",
        advice="Find out what made them: often a division by zero.",
    )


def _low(code: str, name: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.LOW, column=name, message=message)


def _and(words: Sequence[str]) -> str:
    if not words:
        return ""
    *rest, last = words
    return "with " + (f"{', '.join(rest)} and {last}" if rest else last)
