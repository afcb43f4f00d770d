"""How texts are to be understood, before any is looked at."""

from __future__ import annotations

from dataclasses import dataclass

from modelling.types import ReadOptions

# "None" is left out on purpose: it is a category in many tables.
MISSING = (
    *("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "(null)", "<NA>"),
    *("?", "-", "--", ".", "#N/A", "#VALUE!", "#REF!", "#DIV/0!"),
)
# No table has a category of these. The other words may be one where the file has types of its own:
# NA is Namibia.
NEVER_A_VALUE = ("", "#N/A", "#VALUE!", "#REF!", "#DIV/0!")


@dataclass(frozen=True, kw_only=True, slots=True)
class Manner:
    """What the analyst says about texts, and what the format suggests.

    ``delimiter`` divides the values of a text format; it is None for formats with types.
    """

    options: ReadOptions
    delimiter: str | None = None

    @property
    def is_typed(self) -> bool:
        """Whether the format has types, so that text is text on purpose."""
        return self.delimiter is None

    @property
    def decimals(self) -> tuple[str, ...]:
        """The signs that may come before decimals."""
        if self.options.decimal is not None:
            return (self.options.decimal,)
        # Where commas divide values, "1,5" is no number but a list.
        return (".",) if self.delimiter == "," else (".", ",")

    @property
    def has_usual_comma(self) -> bool:
        """Whether a comma in a number rather divides decimals than thousands."""
        return self.delimiter in (";", "\t", "|")

    @property
    def orders(self) -> tuple[bool, ...]:
        """Whether the day may come before the month, after it, or both."""
        day_first = self.options.day_first
        return (True, False) if day_first is None else (day_first,)

    def missing(self, name: str) -> tuple[str, ...]:
        """Return the texts that stand for "no value" in a column of numbers or dates."""
        everywhere = MISSING if self.options.missing is None else self._everywhere()
        return ("", *everywhere, *self.missing_in(name))

    def missing_as_text(self, name: str) -> tuple[str, ...]:
        """Return the texts that stand for "no value" in a column that stays text."""
        if self.is_typed and self.options.missing is None:
            return (*NEVER_A_VALUE, *self.missing_in(name))
        return self.missing(name)

    def missing_as_value(self, name: str) -> tuple[str, ...]:
        """Return the texts whose number or date stands for "no value"."""
        return (*self._everywhere(), *self.missing_in(name))

    def _everywhere(self) -> tuple[str, ...]:
        return tuple(text.strip() for text in self.options.missing or ())

    def missing_in(self, name: str) -> tuple[str, ...]:
        """Return what the analyst says of this column alone."""
        return tuple(text.strip() for text in self.options.missing_in.get(name, ()))
