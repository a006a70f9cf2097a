"""Cases that were decided and written about before the ledger: both databases tell them in its words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

import enforcement.database
from enforcement.database import VERSION_TABLE, migrate
from enforcement.errors import SchemaRefused
from ingest import records
from tests.contract.databases import create_database

AT = "2026-09-15 12:00:00"
BEFORE = (
    "INSERT INTO users (user_id, authority, login, name, rank, number, role, password_hash, active,"
    f" created_at) VALUES (7, 'demo', 'a', 'A', 'Sgt', '1', 'officer', 'x', true, '{AT}')",
    *(
        "INSERT INTO cases (case_id, authority, kind, transit_id, order_id, order_version, zone_id, vrm,"
        f" state, opened_at, offence_at, register_answer, reasons) VALUES ({number}, 'demo', 'weight',"
        f" 't{number}', 'o', 1, 'z', 'AB12CDE', '{state}', '{AT}', '{AT}', '{{}}', '[]')"
        for number, state in ((1, "letter_sent"), (2, "rejected"), (3, "proposed"))
    ),
    *(
        "INSERT INTO transit_outcomes (authority, transit_id, outcome, offence_at, concluded_at)"
        f" VALUES ('demo', 't{number}', '{outcome}', '{AT}', '{AT}')"
        for number, outcome in ((1, "proposed"), (2, "review"), (3, "proposed"))
    ),
    *(
        "INSERT INTO case_decisions (authority, case_id, decided_at, user_id, verdict, reason,"
        " image_matches_plate, vehicle_matches_register)"
        f" VALUES ('demo', {number}, '{AT}', 7, '{verdict}', 'seen', true, true)"
        for number, verdict in ((1, "confirm"), (2, "reject"))
    ),
    "INSERT INTO batches (batch_id, authority, kind, created_at, manifest)"
    f" VALUES (4, 'demo', 'first', '{AT}', '[]')",
    "INSERT INTO letters (authority, case_id, kind, batch_id, created_at, pdf_path, pdf_sha256)"
    f" VALUES ('demo', 1, 'first', 4, '{AT}', 'a.pdf', 'f')",
)
AFTER = [
    (1, "user:7", "confirm", "proposed", "confirmed", "seen"),
    (2, "user:7", "reject", "review", "rejected", "seen"),
    (1, "process:batch", "send_first_letter", "confirmed", "letter_sent", "batch:4"),
]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database with ingest's tables alone."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/hgv.sqlite"
    else:
        url = create_database(request.getfixturevalue("postgres"))
    engine = records.open_database(url)
    records.migrate(engine)
    yield engine
    engine.dispose()


def test_what_was_decided_is_told_in_the_words_of_the_ledger(empty: Engine) -> None:
    folder = Path(enforcement.database.__file__).parent / "migrations"
    branch = records.SchemaBranch("enforcement", folder, VERSION_TABLE, "hgv-enforce migrate", SchemaRefused)
    branch.migrate(empty, "enforcement_0003")
    with empty.begin() as connection:
        for statement in BEFORE:
            connection.execute(text(statement))
    migrate(empty)
    with empty.connect() as connection:
        told = connection.execute(
            text("SELECT case_id, who, event, before, after, reason FROM case_decisions ORDER BY id")
        )
        assert [tuple(row) for row in told] == AFTER
    with empty.begin() as connection, pytest.raises(DatabaseError, match="append-only"):
        connection.execute(text("UPDATE case_decisions SET reason = ''"))
