"""Columns: made uniform, described, and given the role that we propose."""
