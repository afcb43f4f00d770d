"""Importing this puts the broken models first in the registry of the process; no test does.

It must come before any module that takes `MODELS` by name.
"""

import modelling.models
from tests.runner.broken_models import BROKEN

modelling.models.MODELS = (*BROKEN, *modelling.models.MODELS)
