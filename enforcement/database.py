"""The enforcement branch of the database's schema."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from enforcement.errors import SchemaRefused

VERSION_TABLE = "enforcement_schema_version"


def migrate(engine: Engine) -> None:
    """Bring the enforcement branch to the newest version. Raises SchemaRefused for one newer than this."""
    config = _config()
    _refuse_unknown(engine, config)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check_schema(engine: Engine) -> None:
    """Refuse a database whose enforcement branch is missing, older or newer. Raises SchemaRefused."""
    config = _config()
    _refuse_unknown(engine, config)
    head = ScriptDirectory.from_config(config).get_current_head()
    if _version(engine) != head:
        raise SchemaRefused("the database lacks enforcement's newest tables; run 'hgv-enforce migrate' first")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        return context.get_current_revision()


def _refuse_unknown(engine: Engine, config: Config) -> None:
    version = _version(engine)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise SchemaRefused(
            f"the database's enforcement tables are of version {version}, which this software does not know; "
            "install the newer software"
        )
