"""Letters of every kind, and proof of what was sent.

Revision ID: enforcement_0005
"""

revision = "enforcement_0005"
down_revision = "enforcement_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
