"""Named assumptions about money: kept with an experiment, taken out and in as JSON."""

from __future__ import annotations

import json

from cattrs.errors import BaseValidationError

from modelling.codec import from_plain, to_json
from modelling.errors import NotFoundError, SpecError
from modelling.types import Economics, Scenario
from modelling.workbench.money import Money

_LONGEST_NAME = 60


class Scenarios(Money):
    """The part of the workbench that keeps assumptions by name."""

    def scenarios(self, experiment_id: str) -> tuple[Scenario, ...]:
        """Return the named assumptions of an experiment, oldest first."""
        return self._store.catalogue.scenarios(experiment_id)

    def scenario(self, experiment_id: str, name: str) -> Scenario:
        """Return assumptions by their name.

        Raises
        ------
        NotFoundError
            If the experiment has none of that name.
        """
        for found in self.scenarios(experiment_id):
            if found.name == name:
                return found
        raise NotFoundError(f"There is no scenario {name!r} here; choose one of the list.")

    def save_scenario(self, experiment_id: str, name: str, economics: Economics) -> Scenario:
        """Keep assumptions under a name; the same name again replaces them.

        Raises
        ------
        SpecError
            If the name is empty or too long.
        """
        short = " ".join(name.split())
        if not 0 < len(short) <= _LONGEST_NAME:
            raise SpecError(
                f"The scenario needs a name of 1 to {_LONGEST_NAME} characters, got {len(short)}."
            )
        scenario = Scenario(name=short, economics=economics)
        self._store.catalogue.put_scenario(experiment_id, scenario)
        return scenario

    def forget_scenario(self, experiment_id: str, name: str) -> None:
        """Forget named assumptions; there may be none of that name."""
        self._store.catalogue.drop_scenario(experiment_id, name)

    def scenario_json(self, scenario: Scenario) -> str:
        """Return a scenario as JSON text, as `read_scenario` takes it."""
        return to_json(scenario, indent=2)

    def read_scenario(self, text: str | bytes) -> Scenario:
        """Return the scenario in a JSON text.

        Raises
        ------
        SpecError
            If it is no JSON, or holds no such assumptions.
        """
        try:
            found = from_plain(Scenario, json.loads(text))
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            raise SpecError(
                "The file is no JSON; choose a scenario that was saved on this page."
            ) from error
        except (BaseValidationError, TypeError, KeyError, AttributeError, ValueError) as error:
            raise SpecError(
                f"The file holds no scenario: {_first_reason(error)}. Choose one that was saved on "
                "this page."
            ) from error
        return found


def _first_reason(error: BaseException) -> str:
    """Return the innermost first reason in a few words; a mapping says which name is missing."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    text = " ".join(str(error).split())[:120].rstrip(".")
    return f"{text} is missing" if isinstance(error, KeyError) else text
