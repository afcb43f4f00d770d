"""What tokens cost: the price list of genai-prices at the time of a call, or the user's prices."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version

from modelling.errors import SpecError
from modelling.text.catalogue import Llm
from modelling.text.replies import Tokens
from modelling.types import TokenPrice

_MILLION = 1e6


class UnknownPriceError(SpecError):
    """The price list does not have a model, so it is not asked until its price is entered."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PriceList:
    """The prices of one model: the user's own, nothing for a model of this machine, or the list's.

    ``source`` says where they come from and when they were last looked at.
    """

    llm: Llm
    own: TokenPrice | None = None

    def usd(self, tokens: Tokens) -> float:
        """Return what these tokens of one call cost; tiers are those of the call's own size.

        Raises
        ------
        UnknownPriceError
            If nobody knows the price.
        """
        if self.own is not None:
            cached = self.own.fresh if self.own.cached is None else self.own.cached
            parts = (
                tokens.fresh * self.own.fresh,
                tokens.cached * cached,
                tokens.output * self.own.output,
            )
            return sum(parts) / _MILLION
        if not self.llm.provider.prices:
            return 0.0
        return self._listed(tokens)

    @property
    def source(self) -> str:
        """Where the prices come from, in words."""
        if self.own is not None:
            when = f" of {self.own.as_of}" if self.own.as_of else ""
            return f"prices that were entered{when}"
        if not self.llm.provider.prices:
            return "runs on this machine: its seconds count"
        return f"list of genai-prices {version('genai-prices')}"

    def _listed(self, tokens: Tokens) -> float:
        from genai_prices import Usage, calc_price

        usage = Usage(
            input_tokens=tokens.read, cache_read_tokens=tokens.cached, output_tokens=tokens.output
        )
        try:
            found = calc_price(usage, model_ref=self.llm.id, provider_id=self.llm.provider.prices)
        except LookupError as error:
            raise UnknownPriceError(
                f"The price of {self.llm.title} ({self.llm.id}) is not in the price list; enter "
                "what a million tokens cost before it is asked."
            ) from error
        return float(found.total_price)
