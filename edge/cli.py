"""The command `hgv-edge`: one module of `edge.commands` for each of its words."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from types import ModuleType

from config.errors import ConfigError
from edge.errors import EdgeError

COMMANDS = ("run", "replay", "look", "calibrate", "bench", "key", "doctor")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what it promises, 2 with one clear line when it could not."""
    words = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(
        prog="hgv-edge", description="Sees vehicles and reads the plates of HGVs."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        module = _module(name)
        if module is not None:
            one = commands.add_parser(name, help=module.SUMMARY, description=module.SUMMARY)
            module.add_arguments(one)
            one.set_defaults(run=module.run)
    arguments = parser.parse_args(words)
    try:
        return int(arguments.run(arguments))
    except (EdgeError, ConfigError) as error:
        print(f"hgv-edge {arguments.command}: {error}", file=sys.stderr)
        return 2


def _module(name: str) -> ModuleType | None:
    """The command's module, or None where this installation does not have it."""
    wanted = f"edge.commands.{name}"
    try:
        return importlib.import_module(wanted)
    except ModuleNotFoundError as error:
        if error.name == wanted:
            return None
        raise


if __name__ == "__main__":
    sys.exit(main())
