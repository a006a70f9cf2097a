"""What all tables of enforcement rest on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import DeclarativeBase

from ingest.records import Instant

Facts = dict[str, Any]


class Base(DeclarativeBase):
    """The enforcement branch's own metadata."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads a plain class attribute
        datetime: Instant,
        Facts: JSON,
        list[Facts]: JSON,
    }
