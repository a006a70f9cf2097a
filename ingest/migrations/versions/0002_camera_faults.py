"""What is wrong with a camera's pictures, and since when.

Revision ID: ingest_0002
"""

import sqlalchemy as sa
from alembic import op

revision = "ingest_0002"
down_revision = "ingest_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("camera_heartbeats", sa.Column("fault", sa.String(64), nullable=True))
    op.add_column("camera_heartbeats", sa.Column("faulty_since", sa.DateTime(timezone=True), nullable=True))
