"""A table in figures: each column, the target along it, and how columns go together."""
