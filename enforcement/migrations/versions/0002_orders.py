"""Drafts of orders, approvals.

Revision ID: enforcement_0002
"""

import sqlalchemy as sa
from alembic import op

revision = "enforcement_0002"
down_revision = "enforcement_0001"
branch_labels = None
depends_on = None

NAME = sa.String(64)
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "order_drafts",
        sa.Column("draft_id", sa.Integer, primary_key=True),
        sa.Column("authority", NAME, nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("reference", sa.String(300), nullable=False),
        sa.Column("file_sha256", NAME, nullable=False),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("gaps", sa.JSON, nullable=False),
        sa.Column("unused", sa.JSON, nullable=False),
        sa.Column("imported_at", INSTANT, nullable=False),
        sa.Column("imported_by", NAME, nullable=False),
        sa.UniqueConstraint("authority", "file_sha256", "reference"),
        sa.UniqueConstraint("authority", "draft_id"),
    )
    op.create_table(
        "order_approvals",
        sa.Column("authority", NAME, primary_key=True),
        sa.Column("draft_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("order_id", NAME, nullable=False),
        sa.Column("order_version", sa.Integer, nullable=False),
        sa.Column("approved_at", INSTANT, nullable=False),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.user_id"), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("completion", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["authority", "draft_id"], ["order_drafts.authority", "order_drafts.draft_id"]
        ),
    )
    for table in ("order_drafts", "order_approvals"):
        for action in ("UPDATE", "DELETE"):
            _refuse(table, action)


def _refuse(table: str, action: str) -> None:
    """Make the database itself refuse to change what was appended."""
    name = f"{table}_no_{action.lower()}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {action} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
