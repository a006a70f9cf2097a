"""Which transits become cases, and that each is judged once."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from config.law.orders import Exemption, Permit
from enforcement.cases.judging import Outcome
from enforcement.cases.opening import open_cases
from enforcement.cases.values import CaseState
from enforcement.tables import AuditRow, CaseRow
from tests.enforcement.county import NOON, County, an_order

LORRY = "AB12CDE"


def _cases(engine: Engine) -> list[CaseRow]:
    with Session(engine, expire_on_commit=False) as session:
        return list(session.scalars(select(CaseRow).order_by(CaseRow.case_id)))


def _run(county: County) -> Counter[Outcome]:
    return open_cases(county.engine, "demo", county.register, county.now)


@pytest.mark.parametrize(
    ("type_approval", "weight", "trailer", "outcome"),
    [
        ("N3", 7501, None, Outcome.PROPOSED),
        ("N3", 7500, None, Outcome.NOT_OVER),
        ("N3", 7500, True, Outcome.REVIEW),
        ("N3", 44000, True, Outcome.PROPOSED),
        ("N3", 0, None, Outcome.REVIEW),
        ("N2", "", None, Outcome.REVIEW),
        ("", 18000, None, Outcome.REVIEW),
        ("M3", 18000, None, Outcome.NOT_GOODS_VEHICLE),
        ("M1", "", None, Outcome.NOT_GOODS_VEHICLE),
        ("N1", 3500, None, Outcome.NOT_OVER),
        ("N1", 3500, True, Outcome.REVIEW),
    ],
)
def test_register_entry_decides(
    county: County, type_approval: str, weight: int | str, trailer: bool | None, outcome: Outcome
) -> None:
    county.register_entry(LORRY, type_approval, weight)
    county.through(LORRY, trailer=trailer)
    assert _run(county) == {outcome: 1}
    opens = {Outcome.PROPOSED: [CaseState.PROPOSED], Outcome.REVIEW: [CaseState.REVIEW]}
    assert [case.state for case in _cases(county.engine)] == opens.get(outcome, [])


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"purpose": "structural", "exemptions": ()}, Outcome.PROPOSED),
        ({"purpose": "structural", "exemptions": (Exemption.BUSES,)}, Outcome.EXEMPT),
        ({"purpose": "structural", "exemptions": (), "limit_kg": 18000}, Outcome.NOT_OVER),
    ],
)
def test_bus_on_a_structural_limit(county: County, changes: dict[str, Any], outcome: Outcome) -> None:
    order = an_order(order_id="weak-bridge", **changes)
    county.add_order(order)
    county.register_entry(LORRY, "M3", 18000)
    county.through(LORRY, order=order)
    assert _run(county) == {outcome: 1}


def test_every_run_after_the_first_finds_nothing_new(county: County) -> None:
    for vrm, weight in ((LORRY, 44000), ("CD34EFG", 7500)):
        county.register_entry(vrm, "N3", weight)
        county.through(vrm)
    assert _run(county) == {Outcome.PROPOSED: 1, Outcome.NOT_OVER: 1}
    assert _run(county) == {}
    (case,) = _cases(county.engine)
    assert (case.vrm, case.order_version, case.offence_at) == (LORRY, 1, NOON - timedelta(days=1))


@pytest.mark.parametrize("conclusion", ["stayed", "implausible", "unresolved", "no_inference"])
def test_only_through_is_judged(county: County, conclusion: str) -> None:
    county.register_entry(LORRY, "N3", 44000)
    county.through(LORRY, conclusion=conclusion)
    assert _run(county) == {}


def test_a_single_sighting_is_never_a_case(county: County) -> None:
    county.register_entry(LORRY, "N3", 44000)
    county.passage(LORRY, NOON - timedelta(hours=3))
    assert _run(county) == {}
    assert _cases(county.engine) == []


def test_unknown_to_the_register_goes_to_an_officer(county: County) -> None:
    county.through(LORRY)
    assert _run(county) == {Outcome.REVIEW: 1}
    (case,) = _cases(county.engine)
    assert case.state == CaseState.REVIEW
    assert "no entry" in case.reasons[0]["text"]


def test_register_that_is_away_concludes_nothing(county: County) -> None:
    county.register_entry(LORRY, "N3", 44000)
    county.through(LORRY)
    county.through("CD34EFG")
    away = county.register_path.rename(county.register_path.with_suffix(".away"))
    assert _run(county) == {Outcome.REGISTER_UNAVAILABLE: 1}
    assert _cases(county.engine) == []
    away.rename(county.register_path)
    assert _run(county) == {Outcome.PROPOSED: 1, Outcome.REVIEW: 1}


def test_no_case_before_its_pictures_are_held(county: County) -> None:
    county.register_entry(LORRY, "N3", 44000)
    county.through(LORRY, evidence="awaited")
    assert _run(county) == {Outcome.EVIDENCE_AWAITED: 1}
    assert _run(county) == {Outcome.EVIDENCE_AWAITED: 1}
    assert _cases(county.engine) == []
    county.evidence_becomes("held")
    assert _run(county) == {Outcome.PROPOSED: 1}


def test_lost_pictures_end_the_matter(county: County) -> None:
    county.register_entry(LORRY, "N3", 44000)
    county.through(LORRY, evidence="lost")
    assert _run(county) == {Outcome.EVIDENCE_LOST: 1}
    assert _run(county) == {}


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "known_to_order", "outcome"),
    [
        (date(2026, 9, 14), date(2026, 9, 14), True, Outcome.PERMIT),
        (date(2026, 1, 1), date(2026, 12, 31), True, Outcome.PERMIT),
        (date(2026, 9, 15), date(2026, 12, 31), True, Outcome.PROPOSED),
        (date(2026, 1, 1), date(2026, 9, 13), True, Outcome.PROPOSED),
        (date(2026, 1, 1), date(2026, 12, 31), False, Outcome.PROPOSED),
    ],
)
def test_permits_count_on_their_days_and_where_the_order_knows_them(
    county: County, valid_from: date, valid_to: date, known_to_order: bool, outcome: Outcome
) -> None:
    exemptions = (Exemption.PERMIT_HOLDERS,) if known_to_order else ()
    order = an_order(order_id="lane-2025", exemptions=exemptions)
    county.add_order(order)
    county.add_permits(
        Permit(order_id="lane-2025", vrm=LORRY, holder="A farm", valid_from=valid_from, valid_to=valid_to)
    )
    county.register_entry(LORRY, "N3", 44000)
    county.through(LORRY, order=order)
    assert _run(county) == {outcome: 1}


def test_permit_that_ends_at_midnight_covers_the_way_out(county: County) -> None:
    entry_at = NOON.replace(hour=22, minute=59)  # 23:59 in London
    county.add_permits(
        Permit(
            order_id="village-2024",
            vrm=LORRY,
            holder="A farm",
            valid_from=date(2026, 9, 15),
            valid_to=date(2026, 9, 15),
        )
    )
    county.register_entry(LORRY, "N3", 44000)
    county.through(LORRY, at=entry_at)
    assert _run(county) == {Outcome.PERMIT: 1}


def test_the_orders_version_of_the_transit_judges(county: County) -> None:
    county.add_order(an_order(version=2, limit_kg=18000, effective_from=date(2026, 9, 1)))
    county.register_entry(LORRY, "N3", 12000)
    county.through(LORRY, order=an_order())
    county.through(LORRY, order=an_order(version=2), at=NOON - timedelta(hours=1))
    assert _run(county) == {Outcome.PROPOSED: 1, Outcome.NOT_OVER: 1}


@pytest.mark.parametrize("mark", ["C1234567", "ABCDEFGH"])
def test_what_is_no_uk_mark_is_never_looked_up(county: County, mark: str) -> None:
    county.register_path.unlink()
    county.through(mark)
    assert _run(county) == {Outcome.NO_UK_MARK: 1}


def test_offence_past_its_six_months_opens_nothing(county: County) -> None:
    county.register_entry(LORRY, "N3", 44000)
    county.through(LORRY, at=NOON.replace(month=3, day=14))
    county.through(LORRY, at=NOON.replace(month=3, day=15))
    assert _run(county) == {Outcome.OUT_OF_TIME: 1, Outcome.PROPOSED: 1}


def test_another_authority_sees_nothing(county: County) -> None:
    county.register_entry(LORRY, "N3", 44000)
    county.through(LORRY)
    assert open_cases(county.engine, "elsewhere", county.register, county.now) == {}


def test_opening_is_in_the_audit_log_without_the_registration(county: County) -> None:
    county.register_entry(LORRY, "N3", 44000)
    county.through(LORRY)
    _run(county)
    with Session(county.engine) as session:
        (entry,) = session.scalars(select(AuditRow))
        assert session.scalar(select(func.count()).select_from(CaseRow)) == 1
    assert (entry.action, entry.subject) == ("case.open", "case:1")
    assert LORRY not in " ".join((entry.who, entry.subject, entry.reason))
