"""The command `hgv-enforce`: one module of `enforcement.commands` for each of its words."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType

from sqlalchemy.exc import SQLAlchemyError

from config.errors import ConfigError
from config.settings import EnforcementSettings, load_settings
from enforcement.errors import CommandRefused, EnforcementError
from enforcement.office import open_office
from ingest.records import IngestError

COMMANDS = {
    "migrate": "make or bring up to date the database's tables",
    "console": "serve the officers' console",
    "jobs": "open cases from new transits, and publish each month's summaries",
    "batch": "make the letters of confirmed cases, each once",
    "summary": "publish the parishes' summaries of a month",
    "orders": "import orders, approve drafts of them, compare and show their versions",
    "sites": "import camera sites",
    "permits": "import the list of permits",
    "keepers": "import keepers and operators from the force's own systems",
    "devices": "import type-approved speed devices with their calibration certificates",
    "readings": "import speed readings and open the cases that they make",
    "keys": "let camera units in by their keys, list or revoke them",
    "users": "add people who may sign in to the console",
    "simulate": "try a policy on a county with known truth; needs no settings",
    "pack": "make a case's prosecution pack, or check one anywhere",
    "retention": "delete what has lived its time, after a dry run; hold evidence beyond it",
    "audit": "check that the audit log was not changed",
}

ALONE = ("simulate",)
"""Commands that need neither settings nor a database; of others, what sets `alone` in its arguments."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what it promised, 2 with one clear line when it could not."""
    given = _parser().parse_args(argv)
    module, arguments = _command(given.command, given.arguments)
    try:
        if given.command in ALONE or getattr(arguments, "alone", False):
            return int(module.run_alone(arguments))
        office = open_office(_settings(given.config, os.environ))
        try:
            if given.command != "migrate":
                office.check_schema()
            return int(module.run(office, arguments))
        finally:
            office.engine.dispose()
    except (EnforcementError, ConfigError, IngestError) as error:
        return _failed(given.command, str(error))
    except SQLAlchemyError as error:
        # the whole text would name the values of the statement, and so registrations
        why = getattr(error, "orig", None) or type(error).__name__
        return _failed(given.command, f"the database did not do what was asked: {why}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hgv-enforce",
        description="Cases, letters, parish summaries and the officers' console.",
        epilog="commands:\n" + "\n".join(f"  {name:10}{what}" for name, what in COMMANDS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--config", metavar="FILE", help="settings in YAML; else the variable HGV_CONFIG")
    parser.add_argument("command", choices=tuple(COMMANDS), metavar="COMMAND", help="one of those below")
    parser.add_argument(
        "arguments", nargs=argparse.REMAINDER, metavar="...", help="COMMAND --help tells them"
    )
    return parser


def _command(name: str, words: Sequence[str]) -> tuple[ModuleType, argparse.Namespace]:
    """The module of a command, the only one that is loaded, and its arguments."""
    module = importlib.import_module(f"enforcement.commands.{name}")
    parser = argparse.ArgumentParser(prog=f"hgv-enforce {name}", description=COMMANDS[name])
    module.add_arguments(parser)
    return module, parser.parse_args(words)


def _settings(file: str | None, environment: Mapping[str, str]) -> EnforcementSettings:
    path = file or environment.get("HGV_CONFIG")
    if not path:
        raise CommandRefused("no settings: give --config FILE or set HGV_CONFIG")
    return load_settings(Path(path), EnforcementSettings, environment)


def _failed(command: str, why: str) -> int:
    print(f"hgv-enforce {command}: {' '.join(why.split())}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
