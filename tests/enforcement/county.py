"""Orders, passages and transits as ingest leaves them, and a register in a file, for tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Engine, insert, update
from sqlalchemy.orm import Session

from config.law.orders import (
    CameraPair,
    CameraPoint,
    Exemption,
    OrderVersion,
    Permit,
    PermitsFile,
    Zone,
)
from config.sites import Site, SitesFile
from config.wire.envelope import Header, SigningKey, seal
from config.wire.messages import encode
from enforcement import people
from enforcement.register.csv_register import CsvRegister
from ingest import records, tables
from ingest.database.inserts import insert_into
from tests.enforcement.passage_rows import a_hash, evidence_row, passage_row, reference_row, signed_passage

NOON = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)


def an_order(**changes: Any) -> OrderVersion:
    """A 7.5 t order with access exemption and permits over one zone with two cameras."""
    ends = [CameraPoint(site_id="west", direction="towards"), CameraPoint(site_id="east", direction="away")]
    pair = CameraPair(
        entry=ends[0],
        exit=ends[1],
        min_elapsed_s=45,
        max_elapsed_s=600,
        calibrated_by="tests",
        calibrated_on=date(2026, 8, 1),
    )
    plain = OrderVersion(
        order_id="village-2024",
        version=1,
        authority="demo",
        title="The (Village) (7.5 Tonnes Maximum Gross Weight) Order 2024",
        type="permanent",
        purpose="environmental",
        limit_kg=7500,
        weight_basis="plated_maximum",
        effective_from=date(2024, 4, 1),
        exemptions=(Exemption.ACCESS_LOADING, Exemption.BUSES, Exemption.PERMIT_HOLDERS, Exemption.REFUSE),
        zones=(Zone(zone_id="high-street", name="Village, High Street", parish="Village", pairs=(pair,)),),
    )
    return msgspec.structs.replace(plain, **changes)


@dataclass
class County:
    """What ingest and the force's feed know; every method adds to it."""

    engine: Engine
    key: SigningKey
    register_path: Path
    now: datetime = NOON
    _seq: int = field(default=0, init=False)
    _second: people.User | None = field(default=None, init=False)

    @property
    def register(self) -> CsvRegister:
        return CsvRegister(self.register_path)

    def add_order(self, order: OrderVersion) -> None:
        with Session(self.engine) as session, session.begin():
            records.store_order_version(session, order, self.now)

    def add_permits(self, *permits: Permit) -> None:
        with Session(self.engine) as session, session.begin():
            records.store_permits(session, PermitsFile(authority="demo", permits=permits), self.now)

    def add_site(self, site_id: str, **changes: Any) -> None:
        plain = Site(
            site_id=site_id,
            site_version=1,
            authority="demo",
            name=f"{site_id} end",
            road="High Street",
            latitude=51.87,
            longitude=-0.4,
            effective_from=datetime(2026, 1, 1, tzinfo=UTC),
            towards="into Village",
            away="out of Village",
        )
        with Session(self.engine) as session, session.begin():
            site = msgspec.structs.replace(plain, **changes)
            records.store_sites(session, SitesFile(sites=(site,)), self.now)

    def register_entry(self, vrm: str, type_approval: str, revenue_weight: int | str) -> None:
        with self.register_path.open("a", encoding="utf-8") as file:
            file.write(f"{vrm},{type_approval},{revenue_weight},MERCEDES,BLUE,2026-09-01T00:00:00Z\n")

    def passage(
        self,
        vrm: str,
        at: datetime,
        site_id: str = "west",
        *,
        direction: str = "towards",
        evidence: str = "held",
        trailer: bool | None = None,
    ) -> str:
        """Store one passage with its two pictures in a state; gives its id."""
        self._seq += 1
        passage = signed_passage(vrm, at, site_id, direction, trailer)
        raw = seal(encode(passage), Header(kid=self.key.key_id, kind="passage"), self.key)
        with Session(self.engine) as session, session.begin():
            session.execute(insert(tables.PASSAGES), passage_row(passage, raw, self._seq, self.now))
            for ref in passage.evidence:
                session.execute(insert(tables.EVIDENCE_REFERENCES), reference_row(passage, ref))
                session.execute(insert(tables.EVIDENCE), evidence_row(passage, ref, evidence, self.now))
        return passage.passage_id

    def through(
        self,
        vrm: str,
        *,
        at: datetime | None = None,
        elapsed_s: float = 180,
        order: OrderVersion | None = None,
        conclusion: str = "through",
        evidence: str = "held",
        trailer: bool | None = None,
    ) -> str:
        """Store a transit with its entry and exit; gives its id."""
        at, order = at or self.now - timedelta(days=1), order or an_order()
        entry = self.passage(vrm, at, evidence=evidence, trailer=trailer)
        exit_at = at + timedelta(seconds=elapsed_s)
        exit_ = self.passage(vrm, exit_at, "east", direction="away", evidence=evidence, trailer=trailer)
        row = {
            "authority": "demo",
            "transit_id": a_hash(entry, exit_)[:32],
            "order_id": order.order_id,
            "order_version": order.version,
            "zone_id": order.zones[0].zone_id,
            "vrm": vrm,
            "entry_passage_id": entry,
            "exit_passage_id": exit_,
            "conclusion": conclusion,
            "reasons": [
                {"code": "elapsed", "text": f"{elapsed_s:.0f} s.", "facts": {"elapsed_s": elapsed_s}}
            ],
            "elapsed_s": elapsed_s,
            "started_at": at,
            "concluded_at": exit_at,
            "withdrawn_at": None,
        }
        with Session(self.engine) as session, session.begin():
            session.execute(insert(tables.TRANSITS), row)
        return str(row["transit_id"])

    def traffic(self, at: datetime, vehicles: int, site_id: str = "west", direction: str = "towards") -> None:
        """Store one minute's count of cars past a site."""
        self._seq += 1
        row = {
            "authority": "demo",
            "traffic_id": a_hash("traffic", self._seq)[:32],
            "agent_id": f"unit-{site_id}",
            "camera_id": site_id,
            "site_id": site_id,
            "site_version": 1,
            "minute": at,
            "received_at": self.now,
            "outbox_id": "0" * 32,
            "seq": self._seq,
            "payload_sha256": a_hash(self._seq),
            "raw": b"",
        }
        count = {"vehicle_class": "car", "direction": direction, "vehicles": vehicles}
        with Session(self.engine) as session, session.begin():
            session.execute(insert(tables.TRAFFIC), row)
            session.execute(
                insert(tables.TRAFFIC_COUNTS),
                {"authority": "demo", "traffic_id": row["traffic_id"], **count},
            )

    def seeing(self, camera_id: str, since: datetime, minutes: int) -> None:
        """Store that a camera was seeing for so many minutes, at the site of its name."""
        row = {
            "authority": "demo",
            "agent_id": f"unit-{camera_id}",
            "camera_id": camera_id,
            "site_version": 1,
            "started_at": since,
            "ended_at": since + timedelta(minutes=minutes),
        }
        watches = {name: row[name] for name in ("authority", "agent_id", "camera_id", "site_version")}
        with Session(self.engine) as session, session.begin():
            session.execute(insert(tables.CAMERA_UPTIME), row)
            known = insert_into(session, tables.CAMERAS).on_conflict_do_nothing()
            session.execute(known, watches | {"site_id": camera_id})

    def evidence_becomes(self, state: str) -> None:
        with Session(self.engine) as session, session.begin():
            session.execute(update(tables.EVIDENCE).values(state=state))

    def withdraw(self, transit_id: str) -> None:
        transits = tables.TRANSITS
        with Session(self.engine) as session, session.begin():
            session.execute(
                update(transits).where(transits.c.transit_id == transit_id).values(withdrawn_at=self.now)
            )

    def add_officer(self, role: str = "officer") -> people.User:
        return self._add_user(role, f"a-{role}", "Sam Sample", "4711")

    def second_officer(self) -> people.User:
        """The one who looks after another officer; always the same."""
        if self._second is None:
            self._second = self._add_user("supervisor", "second", "Robin Second", "0815")
        return self._second

    def _add_user(self, role: str, login: str, name: str, number: str) -> people.User:
        with Session(self.engine) as session, session.begin():
            return people.add_user(
                session,
                authority="demo",
                login=login,
                name=name,
                rank="Sergeant",
                number=number,
                role=role,
                password="a long enough password",
                now=self.now,
            )
