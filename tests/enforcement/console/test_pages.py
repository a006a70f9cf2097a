"""Who sees which page, with which headers, and what the pages say."""

from __future__ import annotations

import re

import msgspec
import pytest
from sqlalchemy import select, update

from config.settings import Console
from enforcement.console.app import create_app
from ingest.tables import ORDER_VERSIONS
from tests.enforcement.console.conftest import Browser, NewBrowser, SetClock, open_browser
from tests.enforcement.console.reading import audit_of, picture_addresses
from tests.enforcement.console.village import Village


def signed_in(new_browser: NewBrowser, village: Village, role: str) -> Browser:
    village.add_user(f"the.{role}", role)
    browser = new_browser()
    assert browser.sign_in(f"the.{role}").status_code == 303
    return browser


@pytest.mark.parametrize(
    "address",
    ["/login", "/", "/search", "/cases/2", "/cases/999", "/nowhere", "/summaries", "/static/console.css"],
)
def test_every_page_has_the_security_headers(officer: Browser, address: str) -> None:
    headers = officer.get(address).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == ("no-cache" if "static" in address else "no-store")
    assert "strict-transport-security" not in headers, "this console is reached without TLS"


def test_no_page_has_style_or_script_of_its_own(officer: Browser) -> None:
    for address in ("/", "/cases/2", "/search", "/summaries"):
        page = officer.get(address).text
        assert not re.search(r"<style|\sstyle=|<script(?! src=)|\son\w+=", page), address


def test_over_tls_browsers_are_told_to_stay_there(village: Village, clock: SetClock) -> None:
    secure = msgspec.structs.replace(village.settings, console=Console(secure_cookies=True))
    page = open_browser(create_app(secure, village.engine, clock)).get("/login")
    assert page.headers["strict-transport-security"].startswith("max-age=")
    assert page.headers["set-cookie"].startswith("__Host-hgv_login=")
    assert "; Secure" in page.headers["set-cookie"]


def test_the_list_has_the_open_cases_with_the_time_left(officer: Browser, village: Village) -> None:
    page = officer.get("/").text
    assert page.index("PN68 KTE") < page.index("YX26 HGV"), "the most urgent first"
    assert "180 days" in page
    assert "PN68 KTE" not in officer.get("/?state=proposed").text
    assert "No case is in this state" in officer.get("/?state=rejected").text
    assert officer.get("/?state=secret").status_code == 404
    lists = [row.subject for row in audit_of(village, "case.list")]
    assert lists == ["list:open", "list:proposed", "list:rejected"]


def test_the_case_page_says_all_that_a_decision_rests_on(officer: Browser, village: Village) -> None:
    page = officer.get("/cases/2").text
    for words in (
        "YX26 HGV",
        "2 min 20 s",
        "45 s to 2 min 54 s",
        "(Ashcombe Green) (7.5 Tonnes Maximum Gross Weight) Order 2024",
        "7,500 kg",
        "44,000 kg",
        "as of Tue 1 Sep 2026",
        "confidence 97 %",
        "+0.041 s (± 0.018 s)",
        "over the limit of 7,500 kg",
        "15 March 2027",
        "into Ashcombe Green, eastbound",
        "out of Ashcombe Green, eastbound",
    ):
        assert words in page, words
    assert page.index('id="entry"') < page.index('id="exit"')
    (viewed,) = audit_of(village, "case.view")
    assert viewed.subject == "case:2"
    assert "YX26" not in viewed.reason + viewed.subject


def test_the_case_page_says_when_the_order_does_not_hold(officer: Browser, village: Village) -> None:
    """An officer who sees the hours alone would confirm a drive that the order let through."""
    assert "Except at" not in officer.get("/cases/2").text
    with village.engine.begin() as connection:
        rows = connection.execute(select(ORDER_VERSIONS)).all()
        for row in rows:
            order = msgspec.json.decode(row.document)
            order["except_hours"] = [{"days": ["sat", "sun"], "from": "10:00", "until": "16:00"}]
            key = (ORDER_VERSIONS.c.order_id == row.order_id) & (ORDER_VERSIONS.c.version == row.version)
            connection.execute(update(ORDER_VERSIONS).where(key).values(document=msgspec.json.encode(order)))
    page = officer.get("/cases/2").text
    assert "Except at" in page
    assert "Saturday, Sunday, 10:00 to 16:00" in page


def test_a_case_whose_vehicle_the_register_lacks_says_so(officer: Browser) -> None:
    page = officer.get("/cases/1").text
    assert "The register has no vehicle of this registration" in page
    assert "Why an officer must look" in page


ROLES = [
    ("officer", 200, 303),
    ("supervisor", 200, 303),
    ("auditor", 200, 403),
    ("administrator", 200, 403),
    ("parish", 403, 403),
]


@pytest.mark.parametrize(("role", "may_look", "may_decide"), ROLES, ids=[role for role, *_ in ROLES])
def test_roles(new_browser: NewBrowser, village: Village, role: str, may_look: int, may_decide: int) -> None:
    browser = signed_in(new_browser, village, role)
    page = browser.get("/cases/2")
    assert page.status_code == may_look
    assert ('name="verdict"' in page.text) == (may_decide == 303)
    assert ("YX26" in page.text) == (may_look == 200)
    sent = browser.send("/cases/2/decision", verdict="reject", reason="a bus")
    assert sent.status_code == may_decide
    assert browser.get("/summaries").status_code == 200


def test_a_parish_gets_summaries_and_nothing_about_vehicles(
    officer: Browser, new_browser: NewBrowser, village: Village
) -> None:
    picture = picture_addresses(officer.get("/cases/2").text)[0]
    parish = signed_in(new_browser, village, "parish")
    assert parish.get("/").headers["location"] == "/summaries"
    for address in ("/cases/2", "/search", picture, "/cases/2/letters/1.pdf"):
        page = parish.get(address)
        assert page.status_code == 403, address
        assert "not for your role" in page.text


def test_a_search_needs_a_reason_and_leaves_it_but_not_the_registration(
    officer: Browser, village: Village
) -> None:
    officer.get("/search")
    refused = officer.send("/search", vrm="yx26 hgv", reason="")
    assert refused.status_code == 422
    assert "Write why you search" in refused.text
    found = officer.send("/search", vrm="yx26 hgv", reason="Keeper telephoned about a letter")
    assert "1 case of YX26 HGV" in found.text
    assert 'href="/cases/2"' in found.text
    (entry,) = audit_of(village, "case.search")
    assert (entry.subject, entry.reason) == ("cases:2", "Keeper telephoned about a letter")
    assert "0 cases of" in officer.send("/search", vrm="AB12CDE", reason="Keeper telephoned").text


def test_probes_need_no_session(new_browser: NewBrowser) -> None:
    page = new_browser().get("/healthz")
    assert (page.status_code, page.text) == (200, "ok\n")
