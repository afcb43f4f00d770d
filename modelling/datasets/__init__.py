"""Data sets: reading files, columns, tasks, locked tests, samples."""
