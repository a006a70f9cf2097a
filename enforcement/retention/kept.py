"""What must stay, whatever its age: what cases rest on that are not erased, and what is held."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.law.deadlines import charge_by, is_over
from enforcement.cases.states import Kind
from enforcement.retention.rules import CASE_RULES, LIVE, Ages, Rule, Since
from enforcement.tables import (
    CaseDecisionRow,
    CaseRow,
    ErasedCaseRow,
    HoldRow,
    ReadingRow,
    StepGroundRow,
)
from ingest import records


@dataclass(frozen=True)
class Kept:
    """The passages, transits and registrations that cases and holds need."""

    passages: frozenset[str]
    transits: frozenset[str]
    vrms: frozenset[str]


def what_is_kept(session: Session, authority: str, going: Collection[int] = ()) -> Kept:
    """What must stay, once the cases of `going` are erased."""
    passages, transits, vrms = set(_held_passages(session, authority)), set(), set()
    for case in _standing(session, authority):
        if case.case_id in going:
            continue
        vrms.add(case.vrm)
        if case.kind == Kind.SPEED:
            passages.add(session.get_one(ReadingRow, (authority, case.transit_id)).passage_id)
            continue
        transits.add(case.transit_id)
        passages |= _passages_of(session, authority, case.transit_id)
    return Kept(frozenset(passages), frozenset(transits), frozenset(vrms))


def due_cases(
    session: Session, authority: str, ages: Ages, only: int | None = None
) -> list[tuple[int, Rule]]:
    """The cases to erase, each by its rule, in order of their numbers; `only` asks about one of them."""
    needed = _held_cases(session, authority) | _grounds(session, authority)
    ended = _ended_at(session, authority, only)
    found = (
        (case.case_id, rule_of(case, ended.get(case.case_id), ages))
        for case in _standing(session, authority, only)
        if case.case_id not in needed
    )
    return [(case_id, rule) for case_id, rule in found if rule is not None]


def rule_of(case: CaseRow, ended_at: datetime | None, ages: Ages) -> Rule | None:
    """The rule by which a case's time is over, if it is; an undecided one is live until its last day."""
    rule = next((each for each in CASE_RULES if case.state in each.states), None)
    if rule is None or not is_over(charge_by(case.offence_at), ages.now):
        return None
    since = case.offence_at if rule.since is Since.OFFENCE else ended_at
    return rule if since is not None and since < ages.before(rule) else None


def _standing(session: Session, authority: str, only: int | None = None) -> list[CaseRow]:
    erased = select(ErasedCaseRow.case_id).where(ErasedCaseRow.authority == authority)
    query = select(CaseRow).where(CaseRow.authority == authority, CaseRow.case_id.not_in(erased))
    if only is not None:
        query = query.where(CaseRow.case_id == only)
    return list(session.scalars(query.order_by(CaseRow.case_id)))


def _ended_at(session: Session, authority: str, only: int | None) -> dict[int, datetime]:
    """When each case last changed its state."""
    query = (
        select(CaseDecisionRow.case_id, func.max(CaseDecisionRow.decided_at))
        .where(CaseDecisionRow.authority == authority, CaseDecisionRow.before != CaseDecisionRow.after)
        .group_by(CaseDecisionRow.case_id)
    )
    if only is not None:
        query = query.where(CaseDecisionRow.case_id == only)
    return {row[0]: row[1] for row in session.execute(query)}


def _grounds(session: Session, authority: str) -> set[int]:
    """Earlier cases that a step of a live case was counted on."""
    query = (
        select(StepGroundRow.rests_on)
        .join(
            CaseRow,
            (CaseRow.authority == StepGroundRow.authority) & (CaseRow.case_id == StepGroundRow.case_id),
        )
        .where(StepGroundRow.authority == authority, CaseRow.state.in_(LIVE))
    )
    return set(session.scalars(query))


def _held_cases(session: Session, authority: str) -> set[int]:
    held = select(HoldRow.case_id).where(HoldRow.authority == authority, HoldRow.released_at.is_(None))
    return {case_id for case_id in session.scalars(held) if case_id is not None}


def _held_passages(session: Session, authority: str) -> set[str]:
    held = select(HoldRow.passage_id).where(HoldRow.authority == authority, HoldRow.released_at.is_(None))
    return {passage_id for passage_id in session.scalars(held) if passage_id is not None}


def _passages_of(session: Session, authority: str, transit_id: str) -> set[str]:
    try:
        transit = records.transit(session, authority, transit_id)
    except records.NotFound:
        return set()
    return {each for each in (transit.entry_passage_id, transit.exit_passage_id) if each is not None}
