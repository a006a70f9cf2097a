"""Deciding a case: what is needed, who may, and what is on record afterwards."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from enforcement import audit
from enforcement.cases.records import case_file
from enforcement.tables import AuditRow, CaseDecisionRow
from ingest.evidence.store import evidence_path
from ingest.tables import TRANSITS
from tests.enforcement.console.conftest import Browser, NewBrowser
from tests.enforcement.console.village import NOW, Village

TICKS = {"image_matches_plate": "on", "vehicle_matches_register": "on"}


def decisions(village: Village) -> list[CaseDecisionRow]:
    with Session(village.engine) as session:
        return list(session.scalars(select(CaseDecisionRow)))


def test_a_confirmed_case_names_its_officer_everywhere(officer: Browser, village: Village) -> None:
    officer.get("/cases/2")
    sent = officer.send("/cases/2/decision", verdict="confirm", reason="Both plates are clear.", **TICKS)
    assert (sent.status_code, sent.headers["location"]) == (303, "/cases/2?saved=confirm")
    page = officer.get("/cases/2?saved=confirm").text
    assert "Your decision is recorded" in page
    assert "Amara Sample (1234)" in page
    assert "Both plates are clear." in page
    assert "Next to decide: case 1" in page
    (row,) = decisions(village)
    assert (row.event, row.case_id, row.decided_at) == ("confirm", 2, NOW)
    with Session(village.engine) as session:
        entries = session.scalars(select(AuditRow).where(AuditRow.subject == "case:2")).all()
        assert audit.verify(session, "demo") >= len(entries)
    assert [entry.action for entry in entries][-3:] == ["case.view", "case.confirm", "case.view"]
    assert entries[-2].who == f"user:{row.user_id}"


def test_a_second_officer_looks_and_ticks_again(officer: Browser, second: Browser, village: Village) -> None:
    officer.get("/cases/2")
    officer.send("/cases/2/decision", verdict="confirm", reason="Both plates are clear.", **TICKS)
    page = second.get("/cases/2").text
    assert "A second officer must look at this" in page
    assert "Your decision as second officer" in page
    assert "checked" not in page, "nobody ticks for the second officer"
    refused = second.send("/cases/2/decision", verdict="agree", reason="clear")
    assert refused.status_code == 422
    assert "tick that the plate in the pictures" in refused.text
    sent = second.send("/cases/2/decision", verdict="agree", reason="I see the same lorry.", **TICKS)
    assert (sent.status_code, sent.headers["location"]) == (303, "/cases/2?saved=agree")
    page = second.get("/cases/2?saved=agree").text
    assert "The letter is made with the next batch" in page
    assert "Confirmed as second officer</strong> by Robin Sample" in page
    assert 'name="verdict"' not in page, "what is decided has no form any more"
    assert [(row.event, row.image_matches_plate) for row in decisions(village)] == [
        ("confirm", True),
        ("agree", True),
    ]


def test_the_first_officer_is_told_and_is_not_the_second(officer: Browser, village: Village) -> None:
    officer.get("/cases/2")
    officer.send("/cases/2/decision", verdict="confirm", reason="Both plates are clear.", **TICKS)
    page = officer.get("/cases/2").text
    assert "A second officer must look at this" in page
    assert 'value="agree"' not in page
    assert 'value="reject"' in page
    refused = officer.send("/cases/2/decision", verdict="agree", reason="I looked twice.", **TICKS)
    assert refused.status_code == 422
    assert "you confirmed this case yourself" in refused.text
    assert [row.event for row in decisions(village)] == ["confirm"]


def test_the_list_of_second_looks_marks_ones_own(officer: Browser, second: Browser, village: Village) -> None:
    officer.get("/cases/2")
    officer.send("/cases/2/decision", verdict="confirm", reason="Both plates are clear.", **TICKS)
    mark = "You confirmed it: another officer must look"
    assert mark in officer.get("/?state=second_look").text
    assert "Case 2" not in officer.get("/?state=open").text
    for tab in ("second_look", "open"):
        page = second.get(f"/?state={tab}").text
        assert "Case 2" in page
        assert mark not in page


def test_a_page_from_before_the_first_look_decides_nothing(
    officer: Browser, second: Browser, village: Village
) -> None:
    second.get("/cases/2")
    officer.get("/cases/2")
    officer.send("/cases/2/decision", verdict="confirm", reason="Both plates are clear.", **TICKS)
    page = second.send("/cases/2/decision", verdict="confirm", reason="clear", **TICKS)
    assert page.status_code == 409
    assert "waits for a second officer" in page.text
    assert "checked" not in page.text, "what was ticked for the first look is not a second look"
    assert [row.event for row in decisions(village)] == ["confirm"]


@pytest.mark.parametrize("missing", ["proof_document", "proof_number"])
def test_a_weight_that_the_register_leaves_open_needs_proof(
    officer: Browser, village: Village, missing: str
) -> None:
    assert "a weighbridge ticket" in officer.get("/cases/1").text
    proof = {"proof_document": "plating certificate", "proof_number": "VTG 4711 of 3 March 2026"}
    fields = {"verdict": "confirm", "reason": "The plate says 18 t.", **TICKS}
    page = officer.send("/cases/1/decision", **fields, **{**proof, missing: " "})
    assert page.status_code == 422
    assert "Get proof of the weight" in page.text
    assert decisions(village) == []
    assert officer.send("/cases/1/decision", **fields, **proof).status_code == 303
    assert decisions(village)[0].facts["weight_proof"]["document"] == "plating certificate"
    words = "Proof of the weight: plating certificate, VTG 4711 of 3 March 2026"
    assert words in officer.get("/cases/1").text


def test_a_weight_that_the_register_shows_needs_no_proof(officer: Browser, village: Village) -> None:
    assert "proof_document" not in officer.get("/cases/2").text


def test_a_rejected_case_needs_no_ticks(officer: Browser, village: Village) -> None:
    officer.get("/cases/2")
    sent = officer.send("/cases/2/decision", verdict="reject", reason="It is a fire engine.")
    assert sent.status_code == 303
    assert [row.event for row in decisions(village)] == ["reject"]
    assert "Case 2" in officer.get("/?state=rejected").text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"verdict": "confirm", "reason": "clear"}, "tick that the plate in the pictures"),
        ({"verdict": "confirm", "reason": "clear", "image_matches_plate": "on"}, "tick that the vehicle in"),
        ({"verdict": "confirm", "reason": "clear", "vehicle_matches_register": "on"}, "tick that the plate"),
        ({"verdict": "confirm", "reason": "  ", **TICKS}, "Write down the reason"),
        ({"verdict": "reject", "reason": ""}, "Write down the reason"),
        ({"verdict": "", "reason": "clear", **TICKS}, "Choose whether you confirm or reject"),
        ({"verdict": "burn", "reason": "clear", **TICKS}, "Choose whether you confirm or reject"),
        ({"verdict": "reject", "reason": "x" * 1001}, "1,000 characters at most"),
    ],
)
def test_an_incomplete_decision_is_refused_in_words(
    officer: Browser, village: Village, fields: dict[str, str], words: str
) -> None:
    officer.get("/cases/2")
    page = officer.send("/cases/2/decision", **fields)
    assert page.status_code == 422
    assert words in page.text
    assert fields["reason"].strip() in page.text, "what was typed is not lost"
    assert decisions(village) == []


@pytest.mark.parametrize("token", ["", "0" * 43])
def test_a_form_without_the_right_token_changes_nothing(
    officer: Browser, village: Village, token: str
) -> None:
    fields = {"verdict": "confirm", "reason": "clear", "csrf_token": token, **TICKS}
    page = officer.client.post("/cases/2/decision", data=fields)
    assert page.status_code == 403
    assert "nothing was saved" in page.text
    assert decisions(village) == []


def test_the_token_of_another_session_is_not_taken(
    officer: Browser, new_browser: NewBrowser, village: Village
) -> None:
    village.add_user("second", "officer")
    other = new_browser()
    other.sign_in("second")
    officer.pages.append(other.get("/cases/2"))
    assert officer.send("/cases/2/decision", verdict="reject", reason="no").status_code == 403
    assert decisions(village) == []


def test_a_case_is_decided_once(officer: Browser, village: Village) -> None:
    form = officer.get("/cases/2")
    officer.send("/cases/2/decision", verdict="reject", reason="a bus")
    officer.pages.append(form)
    page = officer.send("/cases/2/decision", verdict="confirm", reason="clear", **TICKS)
    assert page.status_code == 409
    assert "decided already" in page.text
    assert [row.event for row in decisions(village)] == ["reject"]


def test_a_damaged_picture_stops_confirming_but_not_rejecting(officer: Browser, village: Village) -> None:
    with Session(village.engine) as session:
        case = case_file(session, "demo", 2, now=NOW)
    damaged = next(item for item in case.entry.evidence if item.kind == "overview")
    path = evidence_path(village.evidence_dir, damaged.sha256)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    page = officer.get("/cases/2")
    assert "This picture is damaged" in page.text
    assert f"/pictures/{damaged.sha256}.jpg" not in page.text, "no broken image"
    assert officer.get(f"/cases/2/pictures/{damaged.sha256}.jpg").status_code == 409
    officer.get("/cases/2")
    refused = officer.send("/cases/2/decision", verdict="confirm", reason="clear", **TICKS)
    assert refused.status_code == 422
    assert "the overview picture cannot be shown" in refused.text
    assert officer.send("/cases/2/decision", verdict="reject", reason="damaged").status_code == 303


def test_a_missing_picture_is_said_in_words(officer: Browser, village: Village) -> None:
    with Session(village.engine) as session:
        case = case_file(session, "demo", 2, now=NOW)
    plate = next(item for item in case.exit.evidence if item.kind == "plate")
    evidence_path(village.evidence_dir, plate.sha256).unlink()
    assert "not in the evidence store" in officer.get("/cases/2").text
    assert officer.get(f"/cases/2/pictures/{plate.sha256}.jpg").status_code == 404


def test_a_transit_that_later_sightings_contradict_cannot_be_confirmed(
    officer: Browser, village: Village
) -> None:
    with Session(village.engine) as session, session.begin():
        transit = case_file(session, "demo", 2, now=NOW).transit
        session.execute(
            update(TRANSITS).where(TRANSITS.c.transit_id == transit.transit_id).values(withdrawn_at=NOW)
        )
    assert "The sightings changed" in officer.get("/cases/2").text
    page = officer.send("/cases/2/decision", verdict="confirm", reason="clear", **TICKS)
    assert page.status_code == 422
    assert "Reject this case" in page.text


def test_of_two_reads_the_officer_names_the_one_in_the_pictures(officer: Browser, village: Village) -> None:
    with Session(village.engine) as session, session.begin():
        case = case_file(session, "demo", 2, now=NOW)
        own, transit_id = case.summary.vrm, case.transit.transit_id
        other = own[:-1] + ("A" if own[-1] != "A" else "B")
        session.execute(update(TRANSITS).where(TRANSITS.c.transit_id == transit_id).values(exit_vrm=other))
    page = officer.get("/cases/2").text
    assert [f'name="mark" value="{mark}"' in page for mark in (own, other)] == [True, True]
    assert "checked" not in page, "nobody chooses for the officer"
    for mark, told in (("", "say which of the two"), (other, "in the pictures. Reject it.")):
        refused = officer.send("/cases/2/decision", verdict="confirm", reason="clear", mark=mark, **TICKS)
        assert refused.status_code == 422
        assert told in refused.text
    assert decisions(village) == []
    sent = officer.send("/cases/2/decision", verdict="confirm", reason="clear", mark=own, **TICKS)
    assert sent.headers["location"] == "/cases/2?saved=confirm"
