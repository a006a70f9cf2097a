"""The enforcement branch of the database's schema."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from enforcement.errors import SchemaRefused
from ingest.records import SchemaBranch

VERSION_TABLE = "enforcement_schema_version"

_BRANCH = SchemaBranch(
    "enforcement", Path(__file__).parent / "migrations", VERSION_TABLE, "hgv-enforce migrate", SchemaRefused
)


def migrate(engine: Engine) -> None:
    """Bring the enforcement branch to the newest version. Raises SchemaRefused for one newer than this."""
    _BRANCH.migrate(engine)


def check_schema(engine: Engine) -> None:
    """Refuse a database whose enforcement branch is missing, older or newer. Raises SchemaRefused."""
    _BRANCH.check(engine)
