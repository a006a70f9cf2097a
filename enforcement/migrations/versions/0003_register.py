"""Register answers, the queue of look-ups, keepers.

Revision ID: enforcement_0003
"""

revision = "enforcement_0003"
down_revision = "enforcement_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
