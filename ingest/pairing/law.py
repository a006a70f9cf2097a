"""Orders, sites and permits as they were in force: versions are kept, never changed."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import msgspec
import shapely
from sqlalchemy import ColumnElement, Table, select, update
from sqlalchemy.orm import Session

from config.clock import LONDON
from config.law.orders import OrderVersion, Permit, PermitsFile
from config.sites import Site, SitesFile
from ingest.database.inserts import insert_into
from ingest.errors import NotFound, RecordsError, VersionChanged
from ingest.pairing.due import pair_again
from ingest.pairing.match import road
from ingest.tables import ORDER_VERSIONS, PERMITS, SITES

# Made here and now: msgspec 0.22 ends the process where two threads use a type for the first time at once.
_ORDER, _SITE = msgspec.json.Decoder(OrderVersion), msgspec.json.Decoder(Site)

_EXPECTED = "expected LINESTRING(east north, ...) in EPSG:27700"
# The extent of EPSG:27700 in metres, with some sea around it; degrees fall into its corner.
_GREAT_BRITAIN = shapely.box(1_000, 1_000, 800_000, 1_300_000)


def store_order_version(session: Session, order: OrderVersion, now: datetime) -> bool:
    """Store a version; False where the same is there already.

    Passages from its first day on are paired again. Raises VersionChanged for other content under the
    number, RecordsError for a section that is no line in Great Britain.
    """
    _check_sections(order)
    key: dict[str, Any] = {"authority": order.authority, "order_id": order.order_id, "version": order.version}
    what = f"version {order.version} of order {order.order_id}"
    stored = _stored(session, ORDER_VERSIONS, key)
    if stored is not None:
        if _ORDER.decode(stored) != order:
            raise VersionChanged(f"{what} is stored with other content; import the change as a new version")
        return False
    row = {**key, "effective_from": order.effective_from, "document": _document(order), "stored_at": now}
    session.execute(insert_into(session, ORDER_VERSIONS), row)
    first_instant = datetime.combine(order.effective_from, time.min, LONDON)
    pair_again(session, order.authority, since=first_instant, now=now)
    return True


def order_versions(session: Session, authority: str, order_id: str | None = None) -> list[OrderVersion]:
    """All versions of one order, or of all, in order of id and version."""
    rows = ORDER_VERSIONS.c
    query = select(rows.document).where(rows.authority == authority)
    if order_id is not None:
        query = query.where(rows.order_id == order_id)
    documents = session.scalars(query.order_by(rows.order_id, rows.version))
    return [_ORDER.decode(document) for document in documents]


def order_version(session: Session, authority: str, order_id: str, version: int) -> OrderVersion:
    """One version of one order. Raises NotFound."""
    key: dict[str, Any] = {"authority": authority, "order_id": order_id, "version": version}
    document = _stored(session, ORDER_VERSIONS, key)
    if document is None:
        raise NotFound(f"version {version} of order {order_id} is not stored for {authority}; import it")
    return _ORDER.decode(document)


def store_sites(session: Session, sites_file: SitesFile, now: datetime) -> int:
    """Store the site versions that are new, and pair their passages again; how many were new or ended.

    Raises VersionChanged where a stored version differs in more than an end that it did not have yet.
    """
    return sum(_store_site(session, site, now) for site in sites_file.sites)


def sites(session: Session, authority: str) -> list[Site]:
    """All site versions, in order of id and version."""
    rows = SITES.c
    query = select(rows.document).where(rows.authority == authority)
    documents = session.scalars(query.order_by(rows.site_id, rows.site_version))
    return [_SITE.decode(document) for document in documents]


def store_permits(session: Session, permits_file: PermitsFile, now: datetime) -> None:
    """Make the file's permits the ones that count; those it no longer names are withdrawn, not forgotten."""
    authority = permits_file.authority
    session.execute(
        update(PERMITS)
        .where(PERMITS.c.authority == authority, PERMITS.c.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )
    rows = [
        {"authority": authority, "stored_at": now, "withdrawn_at": None, **msgspec.structs.asdict(permit)}
        for permit in permits_file.permits
    ]
    if rows:
        insert = insert_into(session, PERMITS)
        keep = {"withdrawn_at": None, "holder": insert.excluded.holder}
        session.execute(
            insert.on_conflict_do_update(index_elements=list(PERMITS.primary_key.columns), set_=keep), rows
        )


def permits(session: Session, authority: str, order_id: str) -> list[Permit]:
    """The permits under an order that count, in order of VRM and first day."""
    rows = PERMITS.c
    query = (
        select(rows.order_id, rows.vrm, rows.holder, rows.valid_from, rows.valid_to)
        .where(rows.authority == authority, rows.order_id == order_id, rows.withdrawn_at.is_(None))
        .order_by(rows.vrm, rows.valid_from)
    )
    return [Permit(**row._mapping) for row in session.execute(query)]


def _store_site(session: Session, site: Site, now: datetime) -> bool:
    key: dict[str, Any] = {
        "authority": site.authority,
        "site_id": site.site_id,
        "site_version": site.site_version,
    }
    stored = _stored(session, SITES, key)
    if stored is None:
        row = {**key, "document": _document(site), "stored_at": now}
        session.execute(insert_into(session, SITES), row)
        pair_again(session, site.authority, since=site.effective_from, now=now)
        return True
    before = _SITE.decode(stored)
    if before == site:
        return False
    if before.effective_to is not None or before != msgspec.structs.replace(site, effective_to=None):
        raise VersionChanged(
            f"version {site.site_version} of site {site.site_id} is stored with other content; "
            "a camera that was moved is a new site_version"
        )
    session.execute(update(SITES).where(*_equal(SITES, key)).values(document=_document(site)))
    return True


def _check_sections(order: OrderVersion) -> None:
    for number, section in enumerate(order.sections, start=1):
        what = f"section {number} of order {order.order_id}"
        try:
            line = road(section)
        except shapely.errors.ShapelyError as error:
            raise RecordsError(f"{what} is no geometry: {error}; {_EXPECTED}") from error
        if line.geom_type not in ("LineString", "MultiLineString") or not line.length > 0:
            raise RecordsError(f"{what} is no line; {_EXPECTED}")
        if not _GREAT_BRITAIN.covers(line):
            raise RecordsError(f"{what} does not lie in Great Britain; {_EXPECTED}")


def _stored(session: Session, table: Table, key: dict[str, Any]) -> bytes | None:
    return session.scalar(select(table.c.document).where(*_equal(table, key)))


def _equal(table: Table, key: dict[str, Any]) -> list[ColumnElement[bool]]:
    return [table.c[name] == value for name, value in key.items()]


def _document(version: OrderVersion | Site) -> bytes:
    return msgspec.json.encode(version, order="deterministic")
