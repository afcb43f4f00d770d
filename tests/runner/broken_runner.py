"""The real runner, with broken models in its registry and in that of its children."""

import sys


def main() -> int:
    """Serve the workspace of the environment until told to end."""
    # Before the runner, which takes the registry as it is.
    import tests.runner.broken_registry
    from modelling.runner.main import PRELOAD, run_service
    from modelling.settings import Settings

    # Last: the warm-up fits every model that is registered.
    preload = (*PRELOAD, tests.runner.broken_registry.__name__)
    return run_service(Settings.from_env(), preload=preload)


# Children import this module too, by another name.
if __name__ == "__main__":
    sys.exit(main())
