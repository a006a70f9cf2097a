"""How a unit's disk took what was written last.

Revision ID: ingest_0005
"""

import sqlalchemy as sa
from alembic import op

revision = "ingest_0005"
down_revision = "ingest_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("heartbeats", sa.Column("storage", sa.String(16), server_default="ok", nullable=False))
