"""Orders, sites, permits and keys: versions are kept, never changed, and seen by their authority only."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config.files import load
from config.law.orders import OrdersFile, OrderVersion, Permit, PermitsFile
from config.link import load_or_make_key, public_text
from config.sites import Site, SitesFile
from ingest import records

NOW = datetime(2026, 8, 20, 12, tzinfo=UTC)
PILOT = Path(__file__).parents[2] / "config" / "pilot"


@pytest.fixture(scope="module")
def orders() -> tuple[OrderVersion, ...]:
    return load(PILOT / "orders.yaml", OrdersFile).orders


@pytest.fixture(scope="module")
def pilot_sites() -> tuple[Site, ...]:
    return load(PILOT / "sites.yaml", SitesFile).sites


def test_order_versions_come_back_as_they_went_in(engine: Engine, orders: tuple[OrderVersion, ...]) -> None:
    with Session(engine) as session:
        assert [records.store_order_version(session, order, NOW) for order in orders] == [True] * len(orders)
        assert [records.store_order_version(session, order, NOW) for order in orders] == [False] * len(orders)
        stored = records.order_versions(session, "demo")
        assert sorted(stored, key=lambda o: o.order_id) == sorted(orders, key=lambda o: o.order_id)
        assert records.order_versions(session, "elsewhere") == []
        first = orders[0]
        assert records.order_version(session, "demo", first.order_id, first.version) == first
        with pytest.raises(records.NotFound):
            records.order_version(session, "elsewhere", first.order_id, first.version)


def test_a_stored_order_version_never_changes(engine: Engine, orders: tuple[OrderVersion, ...]) -> None:
    changed = msgspec.structs.replace(orders[0], limit_kg=18_000)
    with Session(engine) as session:
        records.store_order_version(session, orders[0], NOW)
        with pytest.raises(records.VersionChanged, match="new version"):
            records.store_order_version(session, changed, NOW)


def test_a_site_version_may_only_come_to_its_end(engine: Engine, pilot_sites: tuple[Site, ...]) -> None:
    site = msgspec.structs.replace(pilot_sites[0], effective_to=None)
    ended = msgspec.structs.replace(site, effective_to=NOW)
    with Session(engine) as session:
        for version, news in ((site, 1), (site, 0), (ended, 1), (ended, 0)):
            assert records.store_sites(session, SitesFile(sites=(version,)), NOW) == news
        assert records.sites(session, site.authority) == [ended]
        for other in (site, msgspec.structs.replace(ended, latitude=0.0)):
            with pytest.raises(records.VersionChanged, match="new site_version"):
                records.store_sites(session, SitesFile(sites=(other,)), NOW)


def test_a_permit_that_the_file_no_longer_names_is_withdrawn(engine: Engine) -> None:
    kept, gone = (
        Permit(
            order_id="an-order",
            vrm=vrm,
            holder="A farm",
            valid_from=date(2026, 1, 1),
            valid_to=date(2026, 12, 31),
        )
        for vrm in ("AA19AAA", "AB19AAA")
    )
    with Session(engine) as session:
        for permits in ((kept, gone), (kept,)):
            records.store_permits(session, PermitsFile(authority="demo", permits=permits), NOW)
        assert records.permits(session, "demo", "an-order") == [kept]
        records.store_permits(session, PermitsFile(authority="demo", permits=(kept, gone)), NOW)
        assert records.permits(session, "demo", "an-order") == [kept, gone]
        assert records.permits(session, "elsewhere", "an-order") == []


def test_a_key_is_enrolled_once_and_revoked_once(engine: Engine, tmp_path: Path) -> None:
    key = load_or_make_key(tmp_path / "unit.pem", "unit-1")
    enrolment = ("unit-1", key.key_id, public_text(key), NOW)
    with Session(engine) as session:
        records.store_agent_key(session, "demo", *enrolment)
        records.store_agent_key(session, "demo", *enrolment)
        assert [(k.agent_id, k.revoked_at) for k in records.agent_keys(session, "demo")] == [("unit-1", None)]
        with pytest.raises(records.RecordsError, match="another unit"):
            records.store_agent_key(session, "elsewhere", *enrolment)
        with pytest.raises(records.NotFound):
            records.revoke_agent_key(session, "elsewhere", key.key_id, NOW)
        records.revoke_agent_key(session, "demo", key.key_id, NOW)
        with pytest.raises(records.NotFound):
            records.revoke_agent_key(session, "demo", key.key_id, NOW)
        assert records.agent_keys(session, "demo")[0].revoked_at == NOW


@pytest.mark.parametrize("jwk", ["", "{}", '{"kid":"x","kty":"OKP"}', "not json"])
def test_what_is_no_key_is_not_enrolled(engine: Engine, jwk: str) -> None:
    with Session(engine) as session, pytest.raises(records.RecordsError, match="unit-1"):
        records.store_agent_key(session, "demo", "unit-1", "x", jwk, NOW)


@pytest.mark.parametrize(
    "section",
    [
        "",
        "LINESTRING(1 2",
        "a road",
        "SRID=27700;POINT",
        "POINT(510039 220386)",
        "LINESTRING EMPTY",
        "LINESTRING(510039 220386, 510039 220386)",
        "LINESTRING(51.87 -0.40, 51.88 -0.41)",
        "LINESTRING(510039 220386, 510581 2204980)",
        "SRID=4326;LINESTRING(510039 220386, 510581 220498)",
    ],
)
def test_a_section_that_is_no_line_in_great_britain_is_refused(
    engine: Engine, orders: tuple[OrderVersion, ...], section: str
) -> None:
    broken = msgspec.structs.replace(orders[0], sections=(*orders[0].sections, section))
    with Session(engine) as session, pytest.raises(records.RecordsError, match="section 2"):
        records.store_order_version(session, broken, NOW)
