"""The audit chain: it verifies as written and breaks wherever it is touched."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from enforcement import audit
from enforcement.errors import ChainBroken
from tests.enforcement.county import NOON


def _write(engine: Engine, count: int = 3, authority: str = "demo") -> None:
    for number in range(count):
        with Session(engine) as session, session.begin():
            audit.record(
                session,
                authority,
                who="user:1",
                action="case.view",
                subject=f"case:{number}",
                reason="review",
                now=NOON + timedelta(minutes=number),
            )


def _verify(engine: Engine, authority: str = "demo") -> int:
    with Session(engine) as session:
        return audit.verify(session, authority)


def test_chain_as_written_verifies(engine: Engine) -> None:
    assert _verify(engine) == 0
    _write(engine, 3)
    _write(engine, 2, "elsewhere")
    assert (_verify(engine), _verify(engine, "elsewhere")) == (3, 2)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE audit SET reason = 'reviex' WHERE seq = 2", "entry 2 .* was changed"),
        ("UPDATE audit SET at = '2026-09-15 12:01:00.000001' WHERE seq = 2", "entry 2 .* was changed"),
        ("UPDATE audit SET who = 'user:2' WHERE seq = 3", "entry 3 .* was changed"),
        ("UPDATE audit SET previous_hash = replace(previous_hash, 'a', 'b') WHERE seq = 3", "entry 3"),
        ("DELETE FROM audit WHERE seq = 2", "entry 2 .* is missing"),
        ("DELETE FROM audit WHERE seq = 3", "its end was cut off"),
        ("DELETE FROM audit", "its end was cut off"),
        ("DELETE FROM audit_heads", "its end was cut off"),
    ],
)
def test_chain_breaks_where_it_is_touched(engine: Engine, statement: str, words: str) -> None:
    _write(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_no_update"))
        connection.execute(text("DROP TRIGGER audit_no_delete"))
        connection.execute(text(statement))
    with pytest.raises(ChainBroken, match=words):
        _verify(engine)


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        ("looked at AB12CDE twice", "looked at [registration] twice"),
        ("ab12 cde and N123 ABC", "[registration] and [registration]"),
        ("A123ABC, ABC123D, AIZ 1234", "[registration], [registration], [registration]"),
        ("case 12 on the A41, 14:05", "case 12 on the A41, 14:05"),
        ("x" * 990 + " AB12CDE", "x" * 990 + " [registra"),
    ],
)
def test_registrations_stay_out_of_the_log(engine: Engine, reason: str, kept: str) -> None:
    with Session(engine) as session, session.begin():
        audit.record(session, "demo", who="user:1", action="search", subject="cases", reason=reason, now=NOON)
        (stored,) = session.execute(text("SELECT reason FROM audit")).one()
    assert stored == kept
