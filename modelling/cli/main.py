"""Entry point of the command line: exit codes, and one clear line for what the user can cure."""

from __future__ import annotations

import sys
import traceback
import uuid

from modelling.cli.arguments import make_parser
from modelling.errors import ModellingError
from modelling.launch import WhenOwnerEnds
from modelling.settings import Settings

OUR_FAULT, CURABLE, STOPPED = 1, 2, 3


def main(argv: list[str] | None = None) -> int:
    """Run one command and return the exit code.

    0 done; 2 the user can cure it; 1 our fault; 3 stopped before the end, results kept.
    """
    try:
        return _run(argv)
    except ModellingError as error:
        print(error, file=sys.stderr)
        return CURABLE
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return STOPPED
    # The outermost frame of the process: the traceback goes to the log, never to the user.
    except Exception as error:  # noqa: BLE001
        return _report(error)


def _run(argv: list[str] | None) -> int:
    arguments = make_parser().parse_args(argv)
    settings = Settings.from_env()
    if arguments.command == "runner":
        from modelling.runner.main import run_service

        owned = None if arguments.owned is None else WhenOwnerEnds(arguments.owned)
        return run_service(settings, owned=owned)
    from modelling.cli import commands
    from modelling.workbench import Workbench

    command = getattr(commands, arguments.command)
    with Workbench.open(settings) as workbench:
        code: int = command(workbench, arguments)
    return code


def _report(error: Exception) -> int:
    incident = uuid.uuid4().hex[:12]
    log = Settings.from_env().home / "errors.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as file:
        file.write(f"{incident}\n{''.join(traceback.format_exception(error))}\n")
    print(f"Something went wrong inside the product (incident {incident}).", file=sys.stderr)
    return OUR_FAULT
