"""The enforcement branch of the schema."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text

from enforcement.database import VERSION_TABLE, check_schema, migrate
from enforcement.errors import SchemaRefused
from enforcement.tables import Base
from ingest import records


def test_migrations_make_the_tables_that_the_code_knows(engine: Engine) -> None:
    ours = set(Base.metadata.tables)
    options = {
        "version_table": VERSION_TABLE,
        "compare_type": True,
        "include_name": lambda name, kind, parents: kind != "table" or name in ours,
    }
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata) == []


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    migrate(engine)
    check_schema(engine)
    records.check_schema(engine)


def test_database_without_tables_is_refused(tmp_path: Path) -> None:
    engine = records.open_database(f"sqlite:///{tmp_path}/empty.sqlite")
    with pytest.raises(SchemaRefused, match="hgv-enforce migrate"):
        check_schema(engine)
    engine.dispose()


def test_database_of_a_newer_software_is_refused(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = 'enforcement_9999'"))
    for use in (check_schema, migrate):
        with pytest.raises(SchemaRefused, match="enforcement_9999"):
            use(engine)


def test_every_table_carries_the_authority() -> None:
    assert [name for name, table in Base.metadata.tables.items() if "authority" not in table.c] == []
