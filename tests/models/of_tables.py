"""The registered models that learn from numbers: those for text have tests of their own."""

from modelling.models import MODELS

TABLE_MODELS = tuple(spec for spec in MODELS if not spec.needs_text)
