"""Answers of the register as rows: each stays with the date on which it was given."""

from __future__ import annotations

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from enforcement.register.answers import RegisterAnswer
from enforcement.tables import Facts
from enforcement.tables import RegisterAnswerRow as Row

# Made here and now: msgspec 0.22 ends the process where two threads use a type for the first time at once.
_READY = msgspec.json.Decoder(RegisterAnswer)


def keep_answer(
    session: Session, authority: str, answer: RegisterAnswer, *, correlation_id: str, entry: Facts
) -> None:
    """Store an answer beside those that were given before. `entry` is all that the service told."""
    session.add(
        Row(
            authority=authority,
            vrm=answer.vrm,
            asked_at=answer.as_of,
            correlation_id=correlation_id,
            answer=msgspec.to_builtins(answer),
            entry=entry,
        )
    )
    session.flush()


def newest_answer(session: Session, authority: str, vrm: str) -> RegisterAnswer | None:
    """The last answer about a mark, with its date, or None where there was none."""
    newest_first = _about(authority, vrm).order_by(Row.asked_at.desc(), Row.answer_id.desc())
    row = session.scalar(newest_first.limit(1))
    return msgspec.convert(row.answer, RegisterAnswer) if row else None


def answers_about(session: Session, authority: str, vrm: str) -> list[RegisterAnswer]:
    """All answers about a mark that are kept, the oldest first."""
    rows = session.scalars(_about(authority, vrm).order_by(Row.asked_at, Row.answer_id))
    return [msgspec.convert(row.answer, RegisterAnswer) for row in rows]


def _about(authority: str, vrm: str) -> Select[tuple[Row]]:
    return select(Row).where(Row.authority == authority, Row.vrm == vrm)
