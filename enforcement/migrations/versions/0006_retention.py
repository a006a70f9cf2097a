"""Deletions and holds.

Revision ID: enforcement_0006
"""

revision = "enforcement_0006"
down_revision = "enforcement_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
