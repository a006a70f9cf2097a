"""The ingest branch of the schema: the migrations make the tables that the code means, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from ingest.database.opening import VERSION_TABLE, check_schema, migrate, open_database
from ingest.errors import RecordsError, SchemaRefused
from ingest.tables import METADATA


def test_every_table_has_its_authority() -> None:
    assert [table.name for table in METADATA.sorted_tables if "authority" not in table.c] == []


def test_a_database_without_tables_is_refused(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/empty.sqlite")
    with pytest.raises(SchemaRefused, match="hgv-ingest migrate"):
        check_schema(engine)
    engine.dispose()


@pytest.mark.parametrize("step", [check_schema, migrate])
def test_a_schema_from_the_future_is_refused(engine: Engine, step: object) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = 'ingest_9999'"))
    with pytest.raises(SchemaRefused, match="newer software"):
        step(engine)  # type: ignore[operator]  # one of the two functions above


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "oracle://nowhere/x",
        "postgresql+psycopg://nobody@127.0.0.1:1/none",
        "sqlite:////proc/no/x",
    ],
)
def test_a_database_that_cannot_be_opened_says_what_to_check(url: str) -> None:
    with pytest.raises(RecordsError, match="database_url"):
        open_database(url)


def test_sqlite_writes_through_to_the_disk(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
