"""The list of cases, and the page of one case with its passages side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog
from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from enforcement.cases.ledger import own_first_looks, step_in_question
from enforcement.cases.records import AnyCaseFile, CaseState, CaseSummary, any_case_file, case_list
from enforcement.cases.states import PURSUED, UNDECIDED, Kind
from enforcement.console.case_events import (
    deadlines,
    needs_weight_proof,
    possible_decisions,
    possible_events,
)
from enforcement.console.case_view import CaseView, case_view
from enforcement.console.desk import AnyVisit, CaseVisit, RowId, Visit
from enforcement.console.errors import PageRefused

log = structlog.get_logger()
router = APIRouter()

MOST_CASES = 500


@dataclass(frozen=True)
class Tab:
    """One tab of the list: its key in the address, its words, and the states of the cases under it."""

    key: str
    words: str
    states: tuple[CaseState, ...]


TABS = (
    Tab("open", "To decide", UNDECIDED),
    Tab("proposed", "Proposed", (CaseState.PROPOSED,)),
    Tab("review", "Needs a look", (CaseState.REVIEW,)),
    Tab("second_look", "Second look", (CaseState.SECOND_LOOK,)),
    Tab("confirmed", "Confirmed", (CaseState.CONFIRMED,)),
    Tab("letter_sent", "Letter made", (CaseState.LETTER_SENT, CaseState.WARNING_SENT, CaseState.NOTICE_SENT)),
    Tab("charge", "Driver and charge", (CaseState.DRIVER_REQUESTED, *PURSUED)),
    Tab("withdrawal", "To withdraw", (CaseState.WITHDRAWAL_DUE, CaseState.STEP_REVERSED)),
    Tab("rejected", "Rejected", (CaseState.REJECTED,)),
    Tab("ended", "Ended", (CaseState.CLOSED, CaseState.NOT_PURSUED, CaseState.WITHDRAWN)),
)


@router.get("/")
def first_page(seen: AnyVisit, state: str = "open") -> Response:
    """The list of cases; parishes go to their summaries."""
    if not seen.user.may_see_cases:
        return RedirectResponse("/summaries", status_code=303)
    tab = next((tab for tab in TABS if tab.key == state), None)
    if tab is None:
        raise PageRefused(404, "There is no such list", "Go to the first page and choose a list there.")
    own = own_first_looks(seen.session, seen.authority, seen.user.user_id)
    lists = {tab.key: cases_of(seen, tab.states) for tab in TABS}
    lists["open"] = [case for case in lists["open"] if case.case_id not in own]
    seen.note("case.list", f"list:{tab.key}", "looked at the list of cases")
    return seen.page(
        "cases.html", tabs=TABS, tab=tab, lists=lists, cases=lists[tab.key], own=own, most=MOST_CASES
    )


@router.get("/cases/{case_id}")
def case_page(seen: CaseVisit, case_id: RowId, saved: str = "") -> Response:
    """One case. The view is written to the audit log before it is shown."""
    case = any_case_file(seen.session, seen.authority, case_id, now=seen.now)
    seen.note("case.view", f"case:{case_id}", "looked at the case")
    return case_answer(seen, case, saved=saved)


def case_answer(
    seen: Visit,
    case: AnyCaseFile,
    *,
    status: int = 200,
    saved: str = "",
    refused: Sequence[str] = (),
    form: dict[str, str] | None = None,
) -> Response:
    """The page of a case, with the form as it was filled in where a decision was refused."""
    view = case_view(seen.session, seen.authority, case, Path(seen.desk.settings.evidence_dir))
    _count_troubles(seen, view)
    own = own_first_looks(seen.session, seen.authority, seen.user.user_id)
    return seen.page(
        "case.html" if case.summary.kind is Kind.WEIGHT else "speed_case.html",
        status,
        case=case,
        view=view,
        is_open=case.summary.state in UNDECIDED,
        waits_for_second=case.summary.state is CaseState.SECOND_LOOK,
        own=case.summary.case_id in own,
        verdicts=possible_decisions(case, seen.user),
        needs_proof=needs_weight_proof(case),
        events=possible_events(case, seen.user),
        deadlines=deadlines(case),
        in_question=step_in_question(case.decisions),
        saved=saved if case.decisions and saved == case.decisions[-1].event else "",
        refused=refused,
        form=form or {},
        following=_following(seen, own | {case.summary.case_id}),
    )


def _following(seen: Visit, not_these: frozenset[int]) -> CaseSummary | None:
    """The next case that this person could decide."""
    return next((each for each in cases_of(seen, UNDECIDED) if each.case_id not in not_these), None)


def _count_troubles(seen: Visit, view: CaseView) -> None:
    """A picture that cannot be shown is somebody's work to put right, so it is counted and logged."""
    for picture in (picture for passage in view.passages for picture in passage.pictures.values()):
        if picture.trouble is not None:
            seen.desk.outcomes.pictures.labels(outcome=picture.state).inc()
            log.warning("picture_not_shown", sha256=picture.sha256, state=picture.state)


def cases_of(seen: Visit, states: tuple[CaseState, ...]) -> list[CaseSummary]:
    """The cases in `states`, most urgent first."""
    found = [
        case
        for state in states
        for case in case_list(seen.session, seen.authority, state=state, now=seen.now, limit=MOST_CASES)
    ]
    return sorted(found, key=lambda case: (case.days_left, case.case_id))
