"""Tuning: what to try next, when to stop a trial, when to stop a study."""
