"""Money: what the measured seconds cost under the analyst's assumptions."""

from modelling.economics.cost import ModelCost, model_cost

__all__ = ["ModelCost", "model_cost"]
