"""Close pairs, and what a transit's conclusion rests on.

Revision ID: ingest_0004
"""

revision = "ingest_0004"
down_revision = "ingest_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
