"""Drafts of orders, approvals.

Revision ID: enforcement_0002
"""

revision = "enforcement_0002"
down_revision = "enforcement_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
