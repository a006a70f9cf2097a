"""What the commands and jobs work with, put together from the settings in one place."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CollectorRegistry
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config.clock import Clock, clock_from
from config.settings import EnforcementSettings
from enforcement import audit
from enforcement.database import check_schema
from enforcement.policy import Policy, load_policy
from enforcement.register.answers import Register
from enforcement.register.choice import chosen_register
from ingest import records


@dataclass(frozen=True)
class Office:
    """An authority's enforcement: its settings, database and clock. `who` is named in the audit log."""

    settings: EnforcementSettings
    engine: Engine
    clock: Clock
    who: str

    @property
    def authority(self) -> str:
        """The force or council whose rows are worked on."""
        return self.settings.authority

    @property
    def data_dir(self) -> Path:
        """Where letters and summaries lie."""
        return Path(self.settings.data_dir)

    def policy(self) -> Policy:
        """The policy as its file says now. Raises FileMistake."""
        return load_policy(Path(self.settings.policy_file), self.authority)

    def register(self, metrics: CollectorRegistry | None = None) -> Register:
        """The register that the settings name; its look-ups are counted in `metrics`.

        Raises FileMistake for a file that cannot be used, CommandRefused where a part is missing.
        """
        counted_in = metrics or CollectorRegistry()
        return chosen_register(self.settings, self.engine, self.clock, counted_in, os.environ)

    def note(self, session: Session, action: str, subject: str) -> None:
        """Write to the audit log what a person changed at the command line."""
        audit.record(
            session,
            self.authority,
            who=self.who,
            action=action,
            subject=subject[:128],
            reason="command line",
            now=self.clock(),
        )

    def check_schema(self) -> None:
        """Refuse to work on tables that this software does not know. Raises SchemaRefused of either room."""
        records.check_schema(self.engine)
        check_schema(self.engine)


def open_office(settings: EnforcementSettings) -> Office:
    """The office that the settings describe. Raises RecordsError where the database cannot be opened."""
    engine = records.open_database(settings.database_url)
    return Office(settings, engine, clock_from(settings.clock_starts_at), f"uid:{os.getuid()}")
