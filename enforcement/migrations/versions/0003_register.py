"""Register answers, the queue of look-ups, keepers.

Revision ID: enforcement_0003
"""

import sqlalchemy as sa
from alembic import op

revision = "enforcement_0003"
down_revision = "enforcement_0002"
branch_labels = None
depends_on = None

NAME = sa.String(64)
VRM = sa.String(12)
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _look_ups()
    _keepers()


def _look_ups() -> None:
    op.create_table(
        "register_answers",
        sa.Column("answer_id", sa.Integer, primary_key=True),
        sa.Column("authority", NAME, nullable=False),
        sa.Column("vrm", VRM, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("correlation_id", NAME, nullable=False),
        sa.Column("answer", sa.JSON, nullable=False),
        sa.Column("entry", sa.JSON, nullable=False),
    )
    op.create_index("ix_register_answers_vrm", "register_answers", ["authority", "vrm", "asked_at"])
    op.create_table(
        "register_queue",
        sa.Column("authority", NAME, primary_key=True),
        sa.Column("vrm", VRM, primary_key=True),
        sa.Column("wanted_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("unanswered_since", INSTANT),
        sa.Column("cause", sa.String(32)),
    )
    op.create_index("ix_register_queue_due", "register_queue", ["authority", "due_at"])


def _keepers() -> None:
    op.create_table(
        "keeper_imports",
        sa.Column("import_id", sa.Integer, primary_key=True),
        sa.Column("authority", NAME, nullable=False),
        sa.Column("file_sha256", NAME, nullable=False),
        sa.Column("imported_at", INSTANT, nullable=False),
        sa.Column("who", NAME, nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.UniqueConstraint("authority", "file_sha256"),
    )
    op.create_table(
        "keepers",
        sa.Column("keeper_id", sa.Integer, primary_key=True),
        sa.Column("authority", NAME, nullable=False),
        sa.Column("import_id", sa.Integer, sa.ForeignKey("keeper_imports.import_id"), nullable=False),
        sa.Column("vrm", VRM, nullable=False),
        sa.Column("kept_from", sa.Date, nullable=False),
        sa.Column("kept_to", sa.Date),
        sa.Column("as_of", INSTANT, nullable=False),
        sa.Column("keeper_name", sa.String(200), nullable=False),
        sa.Column("address", sa.String(500), nullable=False),
        sa.Column("postcode", sa.String(16), nullable=False),
        sa.Column("email", sa.String(254)),
        sa.Column("operator_licence", sa.String(16)),
        sa.Column("operator_name", sa.String(200)),
    )
    op.create_index("ix_keepers_vrm", "keepers", ["authority", "vrm", "kept_from"])
