"""Imported once by the fork server, so that every fit starts warm (METHODS, warm-up)."""

from modelling.evaluation.warm_up import warm_up

warm_up()
