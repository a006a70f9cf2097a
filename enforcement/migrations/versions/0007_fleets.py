"""The cases of a vehicle, and the vehicles of an operator, are found without reading all.

Revision ID: enforcement_0007
"""

from alembic import op

revision = "enforcement_0007"
down_revision = "enforcement_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_cases_vrm", "cases", ["authority", "vrm", "offence_at"])
    op.create_index("ix_keepers_operator", "keepers", ["authority", "operator_licence"])
