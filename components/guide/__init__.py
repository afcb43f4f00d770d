"""The parts of the Guide page."""
