"""Rule 20: unconfirmed passages expire on schedule; evidence holds survive; deletion is logged."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from enforcement import audit
from enforcement.cases.opening import open_cases
from enforcement.policy import Retention
from enforcement.retention.holds import place_hold
from enforcement.retention.plan import Room
from enforcement.retention.sweep import ACTION, apply
from enforcement.tables import AuditRow
from ingest import records
from tests.enforcement.county import NOON, County

LORRY = "AB12CDE"
YEAR_ON = NOON.replace(year=2027)


@pytest.fixture
def room(county: County, tmp_path: Path) -> Room:
    """Twelve months for what is unconfirmed."""
    return Room(
        engine=county.engine,
        authority="demo",
        retention=Retention(unconfirmed_months=12, closed_case_months=36),
        evidence_dir=tmp_path / "evidence",
        data_dir=tmp_path / "enforcement",
        who="uid:1000",
    )


def left(county: County) -> list[str]:
    """The passages that are stored."""
    with Session(county.engine) as session:
        found = records.passages(session, "demo", since=NOON - timedelta(days=99), until=YEAR_ON)
    return [each.passage_id for each in found]


def test_unconfirmed_passages_expire_after_twelve_months(county: County, room: Room) -> None:
    county.passage(LORRY, NOON - timedelta(days=1))
    young = county.passage(LORRY, NOON + timedelta(days=1))
    apply(room, YEAR_ON)
    assert left(county) == [young]


def test_a_hold_survives(county: County, room: Room) -> None:
    held = county.passage(LORRY, NOON - timedelta(days=1))
    with Session(county.engine) as session, session.begin():
        place_hold(session, "demo", held, who="uid:1", reason="an appeal", now=NOON)
    apply(room, YEAR_ON)
    assert left(county) == [held]


def test_what_a_confirmed_case_rests_on_stays(county: County, room: Room) -> None:
    county.register_entry(LORRY, "N3", 44_000)
    county.through(LORRY)
    open_cases(county.engine, "demo", county.register, county.now)
    before = left(county)
    apply(room, NOON + timedelta(days=150))
    assert left(county) == before


def test_deletion_is_logged_without_a_registration(county: County, room: Room) -> None:
    county.passage(LORRY, NOON - timedelta(days=1))
    apply(room, YEAR_ON)
    with Session(county.engine) as session:
        entries = session.scalars(select(AuditRow).where(AuditRow.action == ACTION)).all()
        assert entries
        assert not [entry for entry in entries if LORRY in entry.reason + entry.subject]
        audit.verify(session, "demo")
