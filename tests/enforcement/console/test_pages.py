"""Who sees which page, with which headers; pictures, letters, summaries; faults in plain words."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from config.settings import Console
from enforcement.cases import case_file
from enforcement.console.app import create_app
from enforcement.tables import AuditRow, BatchRow, LetterRow, SummaryRow
from tests.enforcement.console.conftest import Browser, NewBrowser, SetClock, open_browser
from tests.enforcement.console.village import NOW, Village

PDF = b"%PDF-1.7\n%a letter\n"


def audit_of(village: Village, action: str) -> list[AuditRow]:
    with Session(village.engine) as session:
        return list(session.scalars(select(AuditRow).where(AuditRow.action == action)))


def picture_addresses(page: str) -> list[str]:
    return re.findall(r'<img src="([^"]+)"', page)


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
        "3 min 34 s",
        "45 s to 10 min 00 s",
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


def test_a_case_whose_vehicle_the_register_lacks_says_so(officer: Browser) -> None:
    page = officer.get("/cases/1").text
    assert "The register has no vehicle of this registration" in page
    assert "Why an officer must look" in page


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


def add_letter(village: Village, content: bytes, sha256: str) -> None:
    folder = Path(village.settings.data_dir)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "letter.pdf").write_bytes(content)
    with Session(village.engine) as session, session.begin():
        batch = BatchRow(authority="demo", kind="letters", created_at=NOW, finished_at=NOW, manifest=[])
        session.add(batch)
        session.flush()
        session.add(
            LetterRow(
                authority="demo",
                case_id=2,
                kind="first",
                batch_id=batch.batch_id,
                created_at=NOW,
                pdf_path="letter.pdf",
                pdf_sha256=sha256,
            )
        )


def test_a_letter_is_linked_and_served_as_it_was_made(officer: Browser, village: Village) -> None:
    add_letter(village, PDF, hashlib.sha256(PDF).hexdigest())
    assert 'href="/cases/2/letters/1.pdf"' in officer.get("/cases/2").text
    letter = officer.get("/cases/2/letters/1.pdf")
    assert (letter.status_code, letter.content) == (200, PDF)
    assert letter.headers["content-type"] == "application/pdf"
    assert [row.subject for row in audit_of(village, "letter.view")] == ["letter:1"]
    assert officer.get("/cases/1/letters/1.pdf").status_code == 404, "a letter of another case"


def test_a_letter_that_was_changed_is_not_served(officer: Browser, village: Village) -> None:
    add_letter(village, PDF + b" ", hashlib.sha256(PDF).hexdigest())
    page = officer.get("/cases/2/letters/1.pdf")
    assert page.status_code == 409
    assert "was changed" in page.text


def test_a_letter_without_its_file_is_said_in_words(officer: Browser, village: Village) -> None:
    add_letter(village, PDF, hashlib.sha256(PDF).hexdigest())
    (Path(village.settings.data_dir) / "letter.pdf").unlink()
    assert officer.get("/cases/2/letters/1.pdf").status_code == 404


def test_summaries_are_listed_and_served_with_their_own_style_only(
    officer: Browser, village: Village
) -> None:
    folder = Path(village.settings.data_dir) / "summaries"
    folder.mkdir(parents=True)
    (folder / "s.html").write_text("<html lang='en'><style>p{color:#111}</style><p>Lorries: 12</p>")
    (folder / "s.pdf").write_bytes(PDF)
    with Session(village.engine) as session, session.begin():
        row = SummaryRow(authority="demo", parish="Ashcombe Green", month="2026-08", created_at=NOW)
        row.path_html, row.path_pdf = "summaries/s.html", "summaries/s.pdf"
        session.add(row)
    page = officer.get("/summaries").text
    assert "August 2026" in page
    assert 'href="/summaries/2026-08/Ashcombe%20Green"' in page
    summary = officer.get("/summaries/2026-08/Ashcombe%20Green")
    assert "Lorries: 12" in summary.text
    assert "style-src 'sha256-" in summary.headers["content-security-policy"]
    assert officer.get("/summaries/2026-08/Ashcombe%20Green.pdf").content == PDF
    assert officer.get("/summaries/2026-07/Ashcombe%20Green").status_code == 404
    assert len(audit_of(village, "summary.view")) == 2


@pytest.mark.parametrize(
    "address", ["/nowhere", "/cases/999", "/cases/two", "/cases/-1", "/cases/9" + "9" * 30]
)
def test_what_is_not_there_is_a_page_in_words(officer: Browser, address: str) -> None:
    page = officer.get(address)
    assert page.status_code == 404
    assert "There is no such" in page.text
    assert "<h1>" in page.text


def test_a_page_that_says_what_went_wrong_keeps_the_way_on(officer: Browser) -> None:
    assert "Sign out" in officer.get("/cases/999").text


def test_a_form_that_is_too_big_is_refused(officer: Browser) -> None:
    page = officer.client.post("/login", data={"login": "x" * 70_000})
    assert page.status_code == 413
    assert "too big" in page.text
    assert page.headers["x-frame-options"] == "DENY"


def test_a_fault_of_ours_is_a_page_in_words_with_headers(officer: Browser, village: Village) -> None:
    with village.engine.begin() as connection:
        connection.execute(text("alter table cases rename to cases_away"))
    page = officer.get("/cases/2")
    assert page.status_code == 500
    assert "fault of the console" in page.text
    assert "cases_away" not in page.text
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["cache-control"] == "no-store"


def test_probes_need_no_session(new_browser: NewBrowser) -> None:
    page = new_browser().get("/healthz")
    assert (page.status_code, page.text) == (200, "ok\n")


def test_looking_at_pictures_writes_nothing(officer: Browser, village: Village) -> None:
    addresses = picture_addresses(officer.get("/cases/2").text)
    with Session(village.engine) as session:
        before = session.scalar(select(func.count()).select_from(AuditRow))
    for address in addresses:
        officer.get(address)
    with Session(village.engine) as session:
        assert session.scalar(select(func.count()).select_from(AuditRow)) == before
        assert case_file(session, "demo", 2, now=NOW).decisions == ()
