"""Imported once by the fork server, so that every child starts warm (METHODS, warm-up)."""

from modelling.evaluation.warm_up import warm_up
from modelling.runner.rehearsal import rehearse

warm_up()
rehearse()
