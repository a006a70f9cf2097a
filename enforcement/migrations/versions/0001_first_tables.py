"""The first tables: people, cases, letters, audit, summaries.

Revision ID: enforcement_0001
"""

import sqlalchemy as sa
from alembic import op

revision = "enforcement_0001"
down_revision = None
branch_labels = None
depends_on = None

NAME = sa.String(64)
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _people()
    _cases()
    _papers()
    _audit()
    _refuse("case_decisions", ("UPDATE", "DELETE"))
    _refuse("audit", ("UPDATE", "DELETE"))


def _people() -> None:
    op.create_table(
        "users",
        sa.Column("user_id", sa.Integer, primary_key=True),
        sa.Column("authority", NAME, nullable=False),
        sa.Column("login", NAME, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("rank", NAME, nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.UniqueConstraint("authority", "login"),
    )
    op.create_table(
        "web_sessions",
        sa.Column("token_sha256", NAME, primary_key=True),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.user_id"), nullable=False),
        sa.Column("authority", NAME, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("csrf_token", NAME, nullable=False),
    )
    op.create_table(
        "login_attempts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("authority", NAME, nullable=False),
        sa.Column("login", NAME, nullable=False),
        sa.Column("address", NAME, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("succeeded", sa.Boolean, nullable=False),
    )
    op.create_index("ix_login_attempts_at", "login_attempts", ["authority", "at"])


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("case_id", sa.Integer, primary_key=True),
        sa.Column("authority", NAME, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("transit_id", NAME, nullable=False),
        sa.Column("order_id", NAME, nullable=False),
        sa.Column("order_version", sa.Integer, nullable=False),
        sa.Column("zone_id", NAME, nullable=False),
        sa.Column("vrm", sa.String(12), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("offence_at", INSTANT, nullable=False),
        sa.Column("register_answer", sa.JSON, nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.UniqueConstraint("authority", "kind", "transit_id"),
        sa.UniqueConstraint("authority", "case_id"),
    )
    op.create_index("ix_cases_state", "cases", ["authority", "state", "offence_at"])
    op.create_table(
        "transit_outcomes",
        sa.Column("authority", NAME, primary_key=True),
        sa.Column("transit_id", NAME, primary_key=True),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("offence_at", INSTANT, nullable=False),
        sa.Column("concluded_at", INSTANT, nullable=False),
    )
    op.create_table(
        "case_decisions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("authority", NAME, nullable=False),
        sa.Column("case_id", sa.Integer, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.user_id"), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("image_matches_plate", sa.Boolean, nullable=False),
        sa.Column("vehicle_matches_register", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["authority", "case_id"], ["cases.authority", "cases.case_id"]),
    )
    op.create_index("ix_case_decisions_case", "case_decisions", ["authority", "case_id"])


def _papers() -> None:
    op.create_table(
        "batches",
        sa.Column("batch_id", sa.Integer, primary_key=True),
        sa.Column("authority", NAME, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT),
        sa.Column("manifest", sa.JSON, nullable=False),
    )
    op.create_table(
        "letters",
        sa.Column("letter_id", sa.Integer, primary_key=True),
        sa.Column("authority", NAME, nullable=False),
        sa.Column("case_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("batch_id", sa.Integer, sa.ForeignKey("batches.batch_id"), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("pdf_path", sa.String(255), nullable=False),
        sa.Column("pdf_sha256", NAME, nullable=False),
        sa.UniqueConstraint("authority", "case_id", "kind"),
        sa.ForeignKeyConstraint(["authority", "case_id"], ["cases.authority", "cases.case_id"]),
    )
    op.create_table(
        "summaries",
        sa.Column("authority", NAME, primary_key=True),
        sa.Column("parish", sa.String(128), primary_key=True),
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("path_html", sa.String(255), nullable=False),
        sa.Column("path_pdf", sa.String(255), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("authority", NAME, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("who", NAME, nullable=False),
        sa.Column("action", NAME, nullable=False),
        sa.Column("subject", sa.String(128), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("previous_hash", NAME, nullable=False),
        sa.Column("hash", NAME, nullable=False),
    )
    op.create_table(
        "audit_heads",
        sa.Column("authority", NAME, primary_key=True),
        sa.Column("entries", sa.Integer, nullable=False),
        sa.Column("hash", NAME, nullable=False),
    )


def _refuse(table: str, actions: tuple[str, ...]) -> None:
    """Make the database itself refuse to change what was appended."""
    for action in actions:
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
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
            )
