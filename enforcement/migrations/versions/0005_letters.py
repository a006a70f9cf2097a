"""Letters of every kind, and proof of what was sent.

Revision ID: enforcement_0005
"""

import sqlalchemy as sa
from alembic import op

revision = "enforcement_0005"
down_revision = "enforcement_0004"
branch_labels = None
depends_on = None

NAME = sa.String(64)
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _rounds()
    op.create_table(
        "planned_letters",
        sa.Column("batch_id", sa.Integer, sa.ForeignKey("batches.batch_id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("authority", NAME, nullable=False),
        sa.Column("case_id", sa.Integer, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("address", sa.String(800), nullable=False),
        sa.Column("email", sa.String(254)),
        sa.Column("left_out", sa.String(1000)),
        sa.ForeignKeyConstraint(["authority", "case_id"], ["cases.authority", "cases.case_id"]),
    )
    op.create_index("ix_planned_letters_case", "planned_letters", ["authority", "case_id"])
    op.create_table(
        "dispatches",
        sa.Column("dispatch_id", sa.Integer, primary_key=True),
        sa.Column("authority", NAME, nullable=False),
        sa.Column("letter_id", sa.Integer, sa.ForeignKey("letters.letter_id"), nullable=False),
        sa.Column("event", sa.String(16), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("who", NAME, nullable=False),
        sa.Column("sent_to", sa.String(800), nullable=False),
        sa.Column("pdf_sha256", NAME, nullable=False),
        sa.Column("detail", sa.String(500), nullable=False),
        sa.UniqueConstraint("letter_id", "event"),
    )
    for action in ("UPDATE", "DELETE"):
        _refuse("dispatches", action)


def _rounds() -> None:
    """A case that had its letter withdrawn may get another one of the same kind, in its next round."""
    names = {"uq": "%(table_name)s_%(column_0_N_name)s_key"}  # as PostgreSQL names what has no name
    with op.batch_alter_table("letters", naming_convention=names) as letters:
        letters.add_column(sa.Column("round", sa.Integer, nullable=False, server_default="0"))
        letters.drop_constraint("letters_authority_case_id_kind_key", type_="unique")
        letters.create_unique_constraint("letters_round_key", ["authority", "case_id", "kind", "round"])


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
