"""Write the corpus to a folder and print its faults and their formats."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.datasets.corpus import ENTRIES


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.datasets.corpus", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    formats: dict[str, list[str]] = {}
    for entry in ENTRIES:
        (folder / entry.file_name).write_bytes(entry.make().content)
        formats.setdefault(entry.fault, []).append(entry.format)
    for fault, found in formats.items():
        sys.stdout.write(f"{fault}: {', '.join(found)}\n")
    sys.stdout.write(f"{len(formats)} faults, {len(ENTRIES)} files\n")


if __name__ == "__main__":
    main()
