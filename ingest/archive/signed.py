"""Stored passages as the bytes that their units signed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.errors import NotFound
from ingest.tables import PASSAGES


def signed_passage(session: Session, authority: str, passage_id: str) -> bytes:
    """The envelope of one passage exactly as it came from the network. Raises NotFound."""
    raw: bytes | None = session.scalar(
        select(PASSAGES.c.raw).where(PASSAGES.c.authority == authority, PASSAGES.c.passage_id == passage_id)
    )
    if raw is None:
        raise NotFound(f"no passage {passage_id} is stored for {authority}; it may have been deleted")
    return raw
