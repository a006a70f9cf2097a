"""An officer's decision: a form that is refused in words unless a person has looked at everything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response

from enforcement.cases.proving import PROOF_MISSING, weight_proof
from enforcement.cases.records import AnyCaseFile, Verdict, any_case_file, decide
from enforcement.cases.states import UNDECIDED, Event, transition
from enforcement.console.case_events import DECISIONS, needs_weight_proof
from enforcement.console.case_pages import case_answer
from enforcement.console.desk import RowId, Visit, case_visit, form_visit
from enforcement.console.errors import PageRefused
from enforcement.console.pictures import troubles
from enforcement.errors import DecisionRefused

router = APIRouter()


def deciding_visit(
    seen: Annotated[Visit, Depends(form_visit)], _cases: Annotated[Visit, Depends(case_visit)]
) -> Visit:
    """A form sent by somebody who may decide. Raises PageRefused for other roles."""
    if not seen.user.may_decide:
        raise PageRefused(
            403,
            "Your role may look but not decide",
            f"You are signed in as {seen.user.role}. Only officers and supervisors confirm or reject a case; "
            "nothing was saved.",
        )
    return seen


@router.post("/cases/{case_id}/decision")
def decision(
    seen: Annotated[Visit, Depends(deciding_visit)],
    case_id: RowId,
    verdict: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
    image_matches_plate: Annotated[str, Form()] = "",
    vehicle_matches_register: Annotated[str, Form()] = "",
    proof_document: Annotated[str, Form()] = "",
    proof_number: Annotated[str, Form()] = "",
    mark: Annotated[str, Form()] = "",
) -> Response:
    """Record the decision and show the case again; or the form as it was, saying what is missing."""
    form = {
        "verdict": verdict,
        "reason": reason.strip(),
        "image_matches_plate": image_matches_plate,
        "vehicle_matches_register": vehicle_matches_register,
        "proof_document": proof_document.strip(),
        "proof_number": proof_number.strip(),
        "mark": mark,
    }
    case = any_case_file(seen.session, seen.authority, case_id, now=seen.now)
    faults = list(_faults(case, form, Path(seen.desk.settings.evidence_dir)))
    if not faults:
        try:
            _decide(seen, case_id, form)
        except DecisionRefused as refused:
            faults = [str(refused)]
    if faults:
        return _refused(seen, case_id, form, faults)
    seen.desk.outcomes.decisions.labels(outcome=verdict).inc()
    return RedirectResponse(f"/cases/{case_id}?saved={verdict}", status_code=303)


def _refused(seen: Visit, case_id: int, form: dict[str, str], faults: list[str]) -> Response:
    """The page again with what is missing; without its ticks where the case went on meanwhile."""
    case = refused_case(seen, case_id)
    if _went_on(case, form["verdict"]):
        return case_answer(seen, case, status=409, refused=faults, form={"reason": form["reason"]})
    return case_answer(seen, case, status=422, refused=faults, form=form)


def refused_case(seen: Visit, case_id: int) -> AnyCaseFile:
    """Count that what was asked for is refused, and read the case afresh: somebody may have been faster."""
    seen.desk.outcomes.decisions.labels(outcome="refused").inc()
    seen.session.rollback()
    return any_case_file(seen.session, seen.authority, case_id, now=seen.now)


def _went_on(case: AnyCaseFile, verdict: str) -> bool:
    """Whether the verdict is one for an earlier state of the case."""
    state = case.summary.state
    return state not in UNDECIDED or (
        verdict in DECISIONS and transition(case.summary.kind, state, verdict) is None
    )


def _decide(seen: Visit, case_id: int, form: dict[str, str]) -> None:
    with seen.writing() as session:
        decide(
            session,
            seen.authority,
            case_id,
            officer=seen.user,
            verdict=cast("Verdict", form["verdict"]),
            reason=form["reason"],
            image_matches_plate=form["image_matches_plate"] == "on",
            vehicle_matches_register=form["vehicle_matches_register"] == "on",
            proof=weight_proof(form["proof_document"], form["proof_number"]),
            mark=form["mark"],
            now=seen.now,
        )


def _faults(case: AnyCaseFile, form: dict[str, str], evidence_dir: Path) -> Iterator[str]:
    if form["verdict"] not in DECISIONS:
        yield "Choose whether you confirm or reject the case."
    if not form["reason"]:
        yield "Write down the reason for your decision."
    if form["verdict"] in (Event.CONFIRM, Event.AGREE):
        yield from _faults_of_confirming(case, form, evidence_dir)


def _faults_of_confirming(case: AnyCaseFile, form: dict[str, str], evidence_dir: Path) -> Iterator[str]:
    """A person confirms that plate and vehicle are right, from pictures that are whole (rules 9 and 13)."""
    if form["image_matches_plate"] != "on":
        yield "To confirm, tick that the plate in the pictures is this registration. If it is not, reject."
    if form["vehicle_matches_register"] != "on":
        yield "To confirm, tick that the vehicle in the pictures is the vehicle in the register."
    if needs_weight_proof(case) and weight_proof(form["proof_document"], form["proof_number"]) is None:
        yield PROOF_MISSING
    for name, passage in case.passages:
        for trouble in troubles(passage, evidence_dir):
            yield f"This case cannot be confirmed: of the {name}, {trouble}."
