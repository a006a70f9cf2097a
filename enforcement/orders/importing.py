"""A file of orders: what it is, by its content; its drafts, or its versions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from config.files import load
from config.law.deadlines import local_day
from config.law.orders import OrdersFile, OrderVersion
from enforcement.importing import refuse_other_authority
from enforcement.orders.amending import refuse_flawed, refuse_rewriting
from enforcement.orders.document import parse_json, read_bytes
from enforcement.orders.draft import Draft
from enforcement.orders.drafts import StoredDraft, store_draft, stored_draft
from enforcement.orders.dtro import read_dtro
from enforcement.orders.errors import OrderFileRefused
from enforcement.orders.osm import leads
from enforcement.orders.osm_ways import ways_of_json, ways_of_xml
from ingest import records


@dataclass(frozen=True)
class DraftFile:
    """The drafts of one file, and its hash."""

    drafts: Sequence[Draft]
    sha256: str


def drafts_of(file: Path) -> DraftFile | None:
    """The drafts of a D-TRO record or an OSM extract; None for YAML. Raises OrderFileRefused."""
    if file.suffix.lower() in (".yaml", ".yml"):
        return None
    content = read_bytes(file)
    sha256, start = hashlib.sha256(content).hexdigest(), content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"<":
        return DraftFile(leads(file, ways_of_xml(file, content)), sha256)
    if start != b"{":
        raise OrderFileRefused(file, "is neither a D-TRO record, nor an OSM extract, nor named .yaml")
    tree = parse_json(file, content)
    if "elements" in tree:
        return DraftFile(leads(file, ways_of_json(file, tree)), sha256)
    return DraftFile(read_dtro(file, tree), sha256)


def store_drafts(
    session: Session, authority: str, found: DraftFile, *, who: str, now: datetime
) -> list[tuple[StoredDraft, bool]]:
    """Store the drafts that are new; each with its number and whether it is new."""
    numbers = [
        store_draft(session, authority, draft, file_sha256=found.sha256, who=who, now=now)
        for draft in found.drafts
    ]
    return [(stored_draft(session, authority, number), new) for number, new in numbers]


def store_versions(
    session: Session, authority: str, file: Path, *, late: bool, now: datetime
) -> list[tuple[OrderVersion, bool]]:
    """Store the versions in a YAML file that are new; each, and whether it is new.

    Raises FileMistake, VersionChanged, ApprovalRefused for a version that has flaws or rewrites another.
    """
    orders = load(file, OrdersFile).orders
    refuse_other_authority(file, authority, [order.authority for order in orders])
    before = records.order_versions(session, authority)
    told = []
    for order in orders:
        stored = records.order_versions(session, authority, order.order_id)
        if all(other.version != order.version for other in stored):
            refuse_flawed(order)
            refuse_rewriting(order, stored, before=before, today=local_day(now), late=late)
        told.append((order, records.store_order_version(session, order, now)))
    return told
