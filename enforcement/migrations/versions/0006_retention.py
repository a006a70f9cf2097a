"""Holds, what was erased of which case, and proof of sending that may lose its address, but nothing else.

Revision ID: enforcement_0006
"""

import sqlalchemy as sa
from alembic import op

revision = "enforcement_0006"
down_revision = "enforcement_0005"
branch_labels = None
depends_on = None

NAME = sa.String(64)
INSTANT = sa.DateTime(timezone=True)
_KEPT = ("dispatch_id", "authority", "letter_id", "event", "at", "who", "pdf_sha256")


def upgrade() -> None:
    op.create_table(
        "evidence_holds",
        sa.Column("hold_id", sa.Integer, primary_key=True),
        sa.Column("authority", NAME, nullable=False),
        sa.Column("case_id", sa.Integer),
        sa.Column("passage_id", NAME),
        sa.Column("placed_at", INSTANT, nullable=False),
        sa.Column("placed_by", NAME, nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("released_at", INSTANT),
        sa.Column("released_by", NAME),
        sa.Column("release_reason", sa.String(1000)),
        sa.ForeignKeyConstraint(["authority", "case_id"], ["cases.authority", "cases.case_id"]),
        sa.CheckConstraint("(case_id IS NULL) <> (passage_id IS NULL)", name="evidence_holds_one_subject"),
    )
    op.create_index("ix_evidence_holds_open", "evidence_holds", ["authority", "released_at"])
    op.create_table(
        "erased_cases",
        sa.Column("authority", NAME, primary_key=True),
        sa.Column("case_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("erased_at", INSTANT, nullable=False),
        sa.Column("rule", NAME, nullable=False),
        sa.ForeignKeyConstraint(["authority", "case_id"], ["cases.authority", "cases.case_id"]),
    )
    for action in ("UPDATE", "DELETE"):
        _refuse("erased_cases", action)
    _let_addresses_go()


def _let_addresses_go() -> None:
    """A dispatch may be emptied of where it went and of free text; of its proof nothing changes, ever."""
    same = " AND ".join(f"NEW.{name} = OLD.{name}" for name in _KEPT)
    emptied = f"NEW.sent_to = '' AND NEW.detail = '' AND {same}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER dispatches_no_update")
        op.execute(
            f"CREATE TRIGGER dispatches_no_update BEFORE UPDATE ON dispatches WHEN NOT ({emptied}) "
            "BEGIN SELECT RAISE(ABORT, 'dispatches is append-only'); END"
        )
    else:
        op.execute(
            "CREATE OR REPLACE FUNCTION dispatches_no_update() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {emptied} THEN RETURN NEW; END IF; "
            "RAISE EXCEPTION 'dispatches is append-only'; END $$"
        )


def _refuse(table: str, action: str) -> None:
    """Make the database itself refuse to change what was appended."""
    name = f"{table}_no_{action.lower()}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {action} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    else:
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
        )
        op.execute(f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
