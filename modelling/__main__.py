"""The command line: ``python -m modelling`` or ``tuneworth``."""

from __future__ import annotations

import sys

from modelling.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
