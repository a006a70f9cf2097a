"""Cases of a county on their way, for tests: opened, confirmed and sent on by the office's own doors."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from enforcement import people
from enforcement.cases.advancing import advance
from enforcement.cases.ladder import due_step
from enforcement.cases.needs import Looked
from enforcement.cases.opening import open_cases
from enforcement.cases.rows import case_row
from enforcement.cases.states import CaseState, Event
from enforcement.cases.steps import DueStep
from enforcement.people import User
from enforcement.policy import Policy, load_policy
from enforcement.tables import CaseDecisionRow, CaseRow
from tests.enforcement.county import NOON, County
from tests.enforcement.operators import RunBy

LORRY, SISTER, STRANGER = "AB12CDE", "CD34EFG", "EF56GHJ"
POLICY = load_policy(Path(__file__).parents[3] / "config" / "pilot" / "policy.yaml", "demo")
LOOKED = Looked(image_matches_plate=True, vehicle_matches_register=True)


def policy(**ladder: object) -> Policy:
    """The pilot's policy with its ladder changed."""
    changed = msgspec.structs.replace(POLICY.ladders[0], **ladder)
    return msgspec.structs.replace(POLICY, ladders=(changed,))


@dataclass
class Docket:
    """A county; LORRY and SISTER belong to one haulier unless `operators` says otherwise."""

    county: County
    operators: RunBy = field(default_factory=lambda: RunBy({LORRY: "OK100", SISTER: "OK100"}))
    policy: Policy = POLICY
    officers: list[User] = field(default_factory=list)
    cases: int = 0

    def officer(self, number: int = 0) -> User:
        while len(self.officers) <= number:
            login = f"officer-{len(self.officers)}"
            with Session(self.county.engine) as session, session.begin():
                self.officers.append(
                    people.add_user(
                        session,
                        authority="demo",
                        login=login,
                        name=f"Officer {len(self.officers)}",
                        rank="Constable",
                        number=str(4000 + len(self.officers)),
                        role="officer",
                        password="a long enough password",
                        now=NOON,
                    )
                )
        return self.officers[number]

    def proposed(self, vrm: str = LORRY, *, at: datetime) -> int:
        """A proposed case of an offence at an instant; gives its number."""
        if vrm not in self.county.register_path.read_text(encoding="utf-8"):
            self.county.register_entry(vrm, "N3", 44000)
        transit_id = self.county.through(vrm, at=at)
        open_cases(self.county.engine, "demo", self.county.register, max(self.county.now, at))
        with Session(self.county.engine) as session:
            return session.scalars(select(CaseRow.case_id).where(CaseRow.transit_id == transit_id)).one()

    def confirmed(self, vrm: str = LORRY, *, days_ago: float = 1) -> int:
        return self.confirm(self.proposed(vrm, at=NOON - timedelta(days=days_ago)))

    def confirm(self, case_id: int, *, now: datetime = NOON) -> int:
        """Officer 0 confirms and officer 1 agrees."""
        self.do(case_id, Event.CONFIRM, looked=LOOKED, now=now)
        self.do(case_id, Event.AGREE, officer=1, looked=LOOKED, now=now)
        return case_id

    def do(
        self,
        case_id: int,
        event: Event,
        *,
        officer: int = 0,
        now: datetime = NOON,
        looked: Looked | None = None,
    ) -> CaseState:
        with Session(self.county.engine) as session, session.begin():
            by = self.officer(officer)
            return advance(session, "demo", case_id, event, by=by, reason="seen", now=now, looked=looked)

    def step(self, case_id: int, now: datetime = NOON) -> DueStep | None:
        with Session(self.county.engine) as session:
            return due_step(session, case_row(session, "demo", case_id), self.policy, self.operators, now)

    def send(self, case_id: int, now: datetime = NOON) -> CaseState:
        """What a batch does: the step that is due, in one transaction."""
        with Session(self.county.engine) as session, session.begin():
            row = case_row(session, "demo", case_id)
            step = due_step(session, row, self.policy, self.operators, now)
            assert step is not None
            return advance(
                session, "demo", case_id, step.event, by="process:batch", reason="batch:1", now=now, step=step
            )

    def state(self, case_id: int) -> str:
        with Session(self.county.engine) as session:
            return case_row(session, "demo", case_id).state

    def events(self, case_id: int) -> list[str]:
        with Session(self.county.engine) as session:
            query = select(CaseDecisionRow.event).where(CaseDecisionRow.case_id == case_id)
            return list(session.scalars(query.order_by(CaseDecisionRow.id)))


def utc(text: str) -> datetime:
    """An instant from its ISO text without a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
