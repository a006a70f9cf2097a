"""One room's branch of the database's schema: its migrations, its version, and what versions are refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine


@dataclass(frozen=True)
class SchemaBranch:
    """The tables of `room`, made by the Alembic scripts in `scripts`, their version kept in `version_table`.

    `migrate_command` is what a person is told to run; `refused` makes the error of the room itself.
    """

    room: str
    scripts: Path
    version_table: str
    migrate_command: str
    refused: Callable[[str], Exception]

    def migrate(self, engine: Engine, version: str = "head") -> None:
        """Bring the branch to a version, the newest. Raises what `refused` makes for one newer than this."""
        config = self._config()
        self._refuse_unknown(engine, config)
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, version)

    def check(self, engine: Engine) -> None:
        """Raises what `refused` makes for a branch that is missing, older or newer than this software."""
        config = self._config()
        self._refuse_unknown(engine, config)
        if self._version(engine) != ScriptDirectory.from_config(config).get_current_head():
            raise self.refused(
                f"the database lacks {self.room}'s newest tables; run '{self.migrate_command}' first"
            )

    def _config(self) -> Config:
        config = Config()
        config.set_main_option("script_location", str(self.scripts).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        return config

    def _version(self, engine: Engine) -> str | None:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"version_table": self.version_table})
            return context.get_current_revision()

    def _refuse_unknown(self, engine: Engine, config: Config) -> None:
        version = self._version(engine)
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if version is not None and version not in known:
            raise self.refused(
                f"the database's {self.room} tables are of version {version}, which this software does not "
                "know; install the newer software"
            )
