"""Case kinds, steps, device readings.

Revision ID: enforcement_0004
"""

revision = "enforcement_0004"
down_revision = "enforcement_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
