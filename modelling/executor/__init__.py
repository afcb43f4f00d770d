"""Where fits run: one Protocol, a killable child, inline for tests, local slots for one machine."""
