"""Finding the cases of one registration. A search needs a reason, and is in the audit log without the VRM."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from config.vrm import normalise
from enforcement.cases.records import CaseState
from enforcement.console.case_pages import cases_of
from enforcement.console.desk import CaseVisit, Visit, case_visit, form_visit

router = APIRouter()

SHORTEST_REASON = 5


@router.get("/search")
def form(seen: CaseVisit) -> Response:
    """The empty search form."""
    return seen.page("search.html", cases=None, vrm="", reason="", refused=())


@router.post("/search")
def search(
    seen: Annotated[Visit, Depends(form_visit)],
    _cases: Annotated[Visit, Depends(case_visit)],
    vrm: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """The cases of exactly this registration; a form sends it, so that it gets into no address and no log."""
    wanted, why = normalise(vrm)[:12], reason.strip()[:500]
    refused = [] if len(wanted) >= 2 else ["Type the registration to look for."]
    if len(why) < SHORTEST_REASON:
        refused.append("Write why you search; the reason is kept in the audit log.")
    if refused:
        return seen.page("search.html", 422, cases=None, vrm=vrm, reason=reason, refused=refused)
    found = [case for case in cases_of(seen, tuple(CaseState)) if case.vrm == wanted]
    subject = "cases:" + ",".join(str(case.case_id) for case in found)
    seen.note("case.search", subject[:128], why)
    return seen.page("search.html", cases=found, vrm=wanted, reason=why, refused=())
