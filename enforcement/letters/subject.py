"""What one letter is about: the case, the step that is due, and who is written to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from config.law.deadlines import local_day
from config.vrm import spaced
from enforcement.cases.steps import DueStep
from enforcement.letters.addressee import Addressee
from enforcement.letters.wording import plain_day
from enforcement.policy import Policy
from enforcement.tables import CaseRow

PRIVACY = (
    "We keep two pictures of each sighting. They show this vehicle only. You can ask for a copy of what we "
    "hold about you, and you can ask us to correct it. Write to {email}."
)


@dataclass(frozen=True)
class Subject:
    """Everything that the words of a letter are taken from; `made_at` is its batch's date."""

    session: Session
    case: CaseRow
    step: DueStep
    policy: Policy
    addressee: Addressee
    made_at: datetime

    @property
    def made_on(self) -> date:
        """The local day on the letter."""
        return local_day(self.made_at)

    def heading(self) -> dict[str, Any]:
        """The fields that letters of every kind share, but the place and the day of the offence."""
        head = self.policy.letterhead
        return {
            "letterhead": head,
            "reference": reference(self.case.authority, self.case.case_id),
            "date": plain_day(self.made_on),
            "vrm": spaced(self.case.vrm),
            "addressee": self.addressee.lines,
            "privacy": PRIVACY.format(email=head.email),
        }


def reference(authority: str, case_id: int) -> str:
    """The case's number as letters and answers quote it."""
    return f"{authority.upper()}-{case_id:06d}"
