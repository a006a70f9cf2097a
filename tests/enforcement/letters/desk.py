"""Confirmed cases of several vehicles, a room that writes to their keepers, and the text of a letter."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from enforcement.cases.advancing import advance
from enforcement.cases.needs import Looked
from enforcement.cases.opening import open_cases
from enforcement.cases.rows import case_row
from enforcement.cases.states import CaseState, Event
from enforcement.letters.addressee import Addressee
from enforcement.letters.room import LetterRoom
from enforcement.people import User
from enforcement.policy import load_policy
from tests.enforcement.county import NOON, County
from tests.enforcement.operators import RunBy

POLICY = load_policy(Path(__file__).parents[3] / "config" / "pilot" / "policy.yaml", "demo")
KEEPERS = {"AB11CDE": "Alder", "AB12CDE": "Beech", "AB13CDE": "Cedar", "AB14CDE": "Dogwood"}


def keeper_of(session: Session, authority: str, vrm: str, at: datetime) -> Addressee | None:
    """A keeper of its own for each of four vehicles; nobody for any other."""
    name = KEEPERS.get(vrm)
    return Addressee((f"{name} Haulage Ltd", f"1 {name} Yard", "Demoton", "DM2 2BB")) if name else None


def a_room(engine: Engine, data_dir: Path, **changes: Any) -> LetterRoom:
    """The demo force's letters, all by post unless told otherwise."""
    plain: dict[str, Any] = {
        "engine": engine,
        "authority": "demo",
        "policy": POLICY,
        "data_dir": data_dir,
        "who": "uid:1000",
        "keeper_of": keeper_of,
        "operators": RunBy(),
    }
    return LetterRoom(**plain | changes)


def drive_through(county: County, vrms: Sequence[str], **passage: Any) -> None:
    """One proposed case for each registration, a day apart, the first nine days ago; numbered from 1."""
    for number, vrm in enumerate(vrms):
        county.register_entry(vrm, "N3", 44000)
        at = NOON - timedelta(days=9 - number, minutes=7 * number)
        county.through(vrm, **{"at": at, "elapsed_s": 180 + 13 * number} | passage)
    open_cases(county.engine, "demo", county.register, county.now)


def event(county: County, case_id: int, what: Event, officer: User, reason: str = "clear") -> None:
    """An officer brings an event about."""
    with Session(county.engine) as session, session.begin():
        advance(
            session,
            "demo",
            case_id,
            what,
            by=officer,
            reason=reason,
            now=county.now,
            looked=Looked(image_matches_plate=True, vehicle_matches_register=True),
        )


def confirm(county: County, case_id: int, officer: User) -> None:
    """One officer confirms and a second one agrees."""
    event(county, case_id, Event.CONFIRM, officer)
    event(county, case_id, Event.AGREE, county.second_officer())


def state(county: County, case_id: int) -> CaseState:
    """The state of a case."""
    with Session(county.engine) as session:
        return CaseState(case_row(session, "demo", case_id).state)


def text_of(pdf: bytes | Path) -> str:
    """The words of a PDF as a reader finds them, with single spaces."""
    reader = PdfReader(io.BytesIO(pdf.read_bytes() if isinstance(pdf, Path) else pdf))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())
