"""What an officer does with a case after its decision: a form per case, one event and its reason."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response

from enforcement.cases.advancing import advance
from enforcement.cases.records import any_case_file
from enforcement.console.case_events import possible_events
from enforcement.console.case_pages import case_answer
from enforcement.console.decision_pages import deciding_visit, refused_case
from enforcement.console.desk import RowId, Visit
from enforcement.errors import DecisionRefused

router = APIRouter()


@router.post("/cases/{case_id}/event")
def event(
    seen: Annotated[Visit, Depends(deciding_visit)],
    case_id: RowId,
    event: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Bring the event about and show the case again; or the form as it was, saying what is missing."""
    case = any_case_file(seen.session, seen.authority, case_id, now=seen.now)
    wanted = next((each.event for each in possible_events(case, seen.user) if each.event == event), None)
    refused = "" if wanted else "Choose what is to be done; the list holds what is possible now."
    if wanted is not None:
        try:
            with seen.writing() as session:
                advance(session, seen.authority, case_id, wanted, by=seen.user, reason=reason, now=seen.now)
        except DecisionRefused as error:
            refused = str(error)
    if refused:
        form = {"event": event, "event_reason": reason.strip()}
        return case_answer(seen, refused_case(seen, case_id), status=422, refused=[refused], form=form)
    seen.desk.outcomes.decisions.labels(outcome=event).inc()
    return RedirectResponse(f"/cases/{case_id}?saved={event}", status_code=303)
