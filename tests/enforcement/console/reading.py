"""What tests read off the console's pages and its audit log."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from enforcement.tables import AuditRow
from tests.enforcement.console.village import Village


def audit_of(village: Village, action: str) -> list[AuditRow]:
    """Entries of one action, oldest first."""
    with Session(village.engine) as session:
        return list(session.scalars(select(AuditRow).where(AuditRow.action == action)))


def picture_addresses(page: str) -> list[str]:
    """Where the pictures of a page are."""
    return re.findall(r'<img src="([^"]+)"', page)
