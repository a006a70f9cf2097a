"""Pictures of a case: served to whom, and without a trace of each look."""

from __future__ import annotations

import hashlib

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from enforcement.cases.records import case_file
from enforcement.console.app import create_app
from enforcement.tables import AuditRow
from tests.enforcement.console.conftest import Browser, NewBrowser, SetClock, open_browser
from tests.enforcement.console.reading import picture_addresses
from tests.enforcement.console.village import NOW, Village


def test_all_four_pictures_are_shown_and_served(officer: Browser) -> None:
    addresses = picture_addresses(officer.get("/cases/2").text)
    assert len(addresses) == 4
    for address in addresses:
        picture = officer.get(address)
        assert picture.headers["content-type"] == "image/jpeg"
        assert hashlib.sha256(picture.content).hexdigest() in address


def test_pictures_are_for_those_who_are_signed_in_and_of_their_authority(
    officer: Browser, new_browser: NewBrowser, village: Village, clock: SetClock
) -> None:
    address = picture_addresses(officer.get("/cases/2").text)[0]
    assert new_browser().get(address).status_code == 303
    village.add_user("neighbour", "officer", authority="elsewhere")
    elsewhere = msgspec.structs.replace(village.settings, authority="elsewhere")
    neighbour = open_browser(create_app(elsewhere, village.engine, clock))
    neighbour.sign_in("neighbour")
    assert neighbour.get(address).status_code == 404
    assert neighbour.get("/cases/2").status_code == 404
    assert "PN68" not in neighbour.get("/").text


def test_a_picture_of_another_case_or_a_path_is_not_served(officer: Browser) -> None:
    other = picture_addresses(officer.get("/cases/1").text)[0].rsplit("/", 1)[1]
    assert officer.get(f"/cases/2/pictures/{other}").status_code == 404
    assert officer.get(f"/cases/2/pictures/{'0' * 64}.jpg").status_code == 404
    assert officer.get("/cases/2/pictures/..%2f..%2fhgv.sqlite.jpg").status_code == 404


def test_looking_at_pictures_writes_nothing(officer: Browser, village: Village) -> None:
    addresses = picture_addresses(officer.get("/cases/2").text)
    with Session(village.engine) as session:
        before = session.scalar(select(func.count()).select_from(AuditRow))
    for address in addresses:
        officer.get(address)
    with Session(village.engine) as session:
        assert session.scalar(select(func.count()).select_from(AuditRow)) == before
        assert case_file(session, "demo", 2, now=NOW).decisions == ()
