"""Two sightings under marks that a reader may have confused: an officer's to look at, never proposed."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config.law.orders import Permit
from enforcement.cases.advancing import advance
from enforcement.cases.judging import Outcome
from enforcement.cases.needs import Looked
from enforcement.cases.opening import open_cases
from enforcement.cases.rows import still_through
from enforcement.cases.states import Event
from enforcement.errors import DecisionRefused
from enforcement.tables import CaseRow
from ingest.tables import TRANSITS
from tests.enforcement.county import County, an_order

AT_ENTRY, AT_EXIT = "AB12CDE", "A812CDE"


@pytest.fixture
def close(county: County) -> str:
    """A close pair: read as one mark at the entry and as another at the exit; gives its id."""
    transit_id = county.through(AT_ENTRY, conclusion="close")
    with Session(county.engine) as session, session.begin():
        session.execute(update(TRANSITS).where(TRANSITS.c.transit_id == transit_id).values(exit_vrm=AT_EXIT))
    return transit_id


@pytest.mark.parametrize(
    ("type_approval", "weight", "outcome"),
    [
        ("N3", 7500, Outcome.NOT_OVER),
        ("N1", 3500, Outcome.NOT_OVER),
        ("M1", "", Outcome.NOT_GOODS_VEHICLE),
        ("M3", 18000, Outcome.NOT_GOODS_VEHICLE),
    ],
)
def test_a_read_that_may_drive_there_is_no_case(
    county: County, close: str, type_approval: str, weight: int | str, outcome: Outcome
) -> None:
    county.register_entry(AT_ENTRY, type_approval, weight)
    assert open_cases(county.engine, "demo", county.register, county.now) == {outcome: 1}
    with Session(county.engine) as session:
        assert session.scalars(select(CaseRow)).all() == []


@pytest.mark.parametrize(("type_approval", "weight"), [("N3", 44000), ("N3", 0), ("", "")])
def test_over_or_not_known_an_officer_looks(
    county: County, close: str, type_approval: str, weight: int | str
) -> None:
    county.register_entry(AT_ENTRY, type_approval, weight)
    assert open_cases(county.engine, "demo", county.register, county.now) == {Outcome.REVIEW: 1}
    with Session(county.engine) as session:
        (case,) = session.scalars(select(CaseRow))
        assert (case.state, case.transit_id, still_through(session, case)) == ("review", close, True)


@pytest.mark.parametrize("permitted", [AT_ENTRY, AT_EXIT])
def test_a_permit_of_either_read_ends_it(county: County, close: str, permitted: str) -> None:
    county.register_entry(AT_ENTRY, "N3", 44000)
    county.add_permits(
        Permit(
            order_id=an_order().order_id,
            vrm=permitted,
            holder="A farm",
            valid_from=date(2026, 1, 1),
            valid_to=date(2026, 12, 31),
        )
    )
    assert open_cases(county.engine, "demo", county.register, county.now) == {Outcome.PERMIT: 1}


@pytest.mark.parametrize(
    ("mark", "refused"),
    [
        (None, "say which of the two"),
        ("", "say which of the two"),
        ("AB12CDF", "say which of the two"),
        (AT_EXIT, "you see A812 CDE in the pictures. Reject it."),
        (AT_ENTRY, None),
    ],
)
def test_both_officers_say_which_read_the_pictures_show(
    county: County, close: str, mark: str | None, refused: str | None
) -> None:
    county.register_entry(AT_ENTRY, "N3", 44000)
    open_cases(county.engine, "demo", county.register, county.now)
    officers = {Event.CONFIRM: county.add_officer(), Event.AGREE: county.second_officer()}

    def look(event: Event, mark: str | None) -> None:
        looked = Looked(image_matches_plate=True, vehicle_matches_register=True, mark=mark)
        with Session(county.engine) as session, session.begin():
            by = officers[event]
            advance(session, "demo", 1, event, by=by, reason="seen", now=county.now, looked=looked)

    for event in officers:
        if refused is not None:
            with pytest.raises(DecisionRefused, match=refused):
                look(event, mark)
        look(event, AT_ENTRY)
    with Session(county.engine) as session:
        assert session.scalars(select(CaseRow)).one().state == "confirmed"


def test_one_that_was_withdrawn_can_only_be_rejected(county: County, close: str) -> None:
    county.register_entry(AT_ENTRY, "N3", 44000)
    open_cases(county.engine, "demo", county.register, county.now)
    county.withdraw(close)
    with Session(county.engine) as session:
        assert not still_through(session, session.scalars(select(CaseRow)).one())
