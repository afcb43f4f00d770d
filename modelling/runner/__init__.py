"""The runner: the service that claims queued runs and moves them on."""
