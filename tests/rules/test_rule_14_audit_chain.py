"""Rule 14: the audit log is append-only and hash-chained."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from enforcement import audit
from enforcement.errors import ChainBroken
from tests.enforcement.county import NOON


@pytest.fixture
def written(engine: Engine) -> Engine:
    """A chain of three entries."""
    for number in range(3):
        with Session(engine) as session, session.begin():
            audit.record(
                session,
                "demo",
                who="user:1",
                action="case.view",
                subject=f"case:{number}",
                reason="review",
                now=NOON + timedelta(minutes=number),
            )
    return engine


def test_every_entry_is_in_the_chain_with_its_reason(written: Engine) -> None:
    with Session(written) as session:
        assert audit.verify(session, "demo") == 3
        assert set(session.scalars(text("SELECT reason FROM audit"))) == {"review"}


@pytest.mark.parametrize("statement", ["UPDATE audit SET reason = 'x'", "DELETE FROM audit WHERE seq = 3"])
def test_the_database_refuses_to_change_an_entry(written: Engine, statement: str) -> None:
    with written.connect() as connection, pytest.raises(DatabaseError, match="append-only"):
        connection.execute(text(statement))


@pytest.mark.parametrize("column", ["who", "action", "subject", "reason"])
def test_one_changed_word_breaks_the_chain(written: Engine, column: str) -> None:
    with written.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_no_update"))
        connection.execute(text(f"UPDATE audit SET {column} = {column} || '!' WHERE seq = 2"))
    with Session(written) as session, pytest.raises(ChainBroken):
        audit.verify(session, "demo")
