"""A case that is ready for court, made by the real chain: units, ingest, pairing, officers, letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config.files import load
from config.law.orders import OrdersFile
from config.link import public_text
from config.sites import SitesFile
from config.wire import ClockState, Plate, Position, RawRead, SigningKey
from enforcement.cases.advancing import advance
from enforcement.cases.needs import Looked
from enforcement.cases.opening import open_cases
from enforcement.cases.states import Event
from enforcement.database import migrate
from enforcement.letters.addressee import Addressee
from enforcement.letters.batch import send_letters
from enforcement.letters.room import LetterRoom
from enforcement.letters.terms import RequestAct
from enforcement.packs.gathering import Sources
from enforcement.packs.making import make_pack
from enforcement.packs.sealing import pack_key
from enforcement.people import User, add_user
from enforcement.policy import LadderStep, Policy, load_policy
from enforcement.register.csv_register import CsvRegister
from enforcement.register.keeper_records import import_keepers
from enforcement.register.keepers import Keeper
from ingest import records
from ingest.pairing.pairing import Pairing
from ingest.storing.commit import Committer
from tests.enforcement.console import pictures
from tests.enforcement.operators import RunBy
from tests.ingest.units import NOON, PILOT, Unit, committer_on, health, passage, segment

LORRY, OTHER = "YX26HGV", "KV73TPO"
NOW = NOON + timedelta(days=30)
CLOCK = ClockState(source="chrony", offset_s=0.041, error_bound_s=0.018, within_tolerance=True)
MODELS = {"detector": "1" * 64, "reader-uk": "2" * 64}


def keeper_of(session: Session, authority: str, vrm: str, at: datetime) -> Addressee | None:
    """The same keeper for every vehicle."""
    return Addressee(("Alder Haulage Ltd", "1 Alder Yard", "Demoton", "DM2 2BB"))


def strict_policy() -> Policy:
    """The pilot's policy, but the first confirmed breach is prosecuted already."""
    policy = load_policy(PILOT / "policy.yaml", "demo")
    ladder = msgspec.structs.replace(policy.ladders[0], steps=(LadderStep(breach=1, action="prosecution"),))
    act = RequestAct(provision="section 112 of the Road Traffic Regulation Act 1984", source="tests")
    terms = msgspec.structs.replace(policy.letters, weight_request=act)
    return msgspec.structs.replace(policy, ladders=(ladder,), letters=terms)


@dataclass
class Court:
    """The database, evidence store and data folder of one force, and its two officers."""

    engine: Engine
    folder: Path
    first: User
    second: User

    @property
    def evidence_dir(self) -> Path:
        return self.folder / "evidence"

    @property
    def data_dir(self) -> Path:
        return self.folder / "enforcement"

    @property
    def key(self) -> SigningKey:
        return pack_key(self.data_dir, "demo")

    @property
    def sources(self) -> Sources:
        return Sources("demo", strict_policy().letterhead, self.evidence_dir, self.data_dir)

    def make(self, case_id: int = 1, **changes: Any) -> Path:
        """Make the pack as the first officer."""
        plain: dict[str, Any] = {"officer": "4711", "reason": "charge approved", "key": self.key, "now": NOW}
        return make_pack(self.engine, self.sources, case_id, **plain | changes)

    def event(self, event: Event, by: User, case_id: int = 1, now: datetime = NOW) -> None:
        """An officer brings an event about."""
        looked = Looked(image_matches_plate=True, vehicle_matches_register=True)
        with Session(self.engine) as session, session.begin():
            advance(
                session,
                "demo",
                case_id,
                event,
                by=by,
                reason="Both pictures are clear.",
                now=now,
                looked=looked,
            )

    def charge_approved(self) -> None:
        """Case 1 from the two officers' looks to the second officer's approval, letters included."""
        self.event(Event.CONFIRM, self.first, now=NOON + timedelta(days=1))
        self.event(Event.AGREE, self.second, now=NOON + timedelta(days=1))
        send_letters(self._room(), NOON + timedelta(days=2))
        self.event(Event.RECORD_ANSWER, self.first, now=NOON + timedelta(days=12))
        self.event(Event.PROPOSE_CHARGE, self.first, now=NOON + timedelta(days=13))
        self.event(Event.APPROVE_CHARGE, self.second, now=NOON + timedelta(days=14))

    def import_keeper(self) -> None:
        """The force's file names the lorry's keeper."""
        keeper = Keeper(
            vrm=LORRY,
            kept_from=NOON.date(),
            kept_to=None,
            as_of=NOON,
            keeper_name="Alder Haulage Ltd",
            address="1 Alder Yard, Demoton",
            postcode="DM2 2BB",
            email=None,
            operator_licence="OF1234567",
            operator_name="Alder Haulage Ltd",
        )
        with Session(self.engine) as session, session.begin():
            import_keepers(
                session,
                "demo",
                [keeper],
                file_sha256="0" * 64,
                who="uid:1000",
                reason="monthly file",
                now=NOON,
            )

    def _room(self) -> LetterRoom:
        return LetterRoom(
            engine=self.engine,
            authority="demo",
            policy=strict_policy(),
            data_dir=self.data_dir,
            who="uid:1000",
            keeper_of=keeper_of,
            operators=RunBy(),
        )


def new_court(engine: Engine, folder: Path) -> Court:
    """A lorry drove through Ashcombe Green and another one came in between; case 1 waits for its officer."""
    records.migrate(engine)
    migrate(engine)
    with Session(engine) as session, session.begin():
        for order in load(PILOT / "orders.yaml", OrdersFile).orders:
            records.store_order_version(session, order, NOON)
        records.store_sites(session, load(PILOT / "sites.yaml", SitesFile), NOON)
        users = [
            _officer(session, name, number)
            for name, number in (("Sam Sample", "4711"), ("Jo Bloggs", "0815"))
        ]
    committer = committer_on(engine, folder / "evidence")
    west, east = (Unit(f"unit-ashcombe-{end}").enrol(engine) for end in ("west", "east"))
    _drives(committer, west, "ashcombe-west", "towards", LORRY, 0.0)
    _drives(committer, west, "ashcombe-west", "towards", OTHER, 60.0)
    _drives(committer, east, "ashcombe-east", "away", LORRY, 140.0)
    _drives(committer, west, "ashcombe-west", "towards", LORRY, -86_400.0)
    for unit, site_id in ((west, "ashcombe-west"), (east, "ashcombe-east")):
        beats = [
            health(agent_id=unit.agent_id, camera_id=site_id, after_s=60.0 * n, clock=CLOCK)
            for n in range(-31, 36)
        ]
        committer.commit([unit.delivers(beat, after_s=60.0 * n + 0.4) for n, beat in enumerate(beats, -31)])
    with Session(engine) as session, session.begin():
        Pairing().run(session, NOON + timedelta(days=1))
    open_cases(engine, "demo", CsvRegister(PILOT / "register.csv"), NOON + timedelta(hours=2))
    pack_key(folder / "enforcement", "demo")  # once, so that copies of the folder have the same
    return Court(engine, folder, *users)


def _officer(session: Session, name: str, number: str) -> User:
    return add_user(
        session,
        authority="demo",
        login=number,
        name=name,
        rank="Sergeant",
        number=number,
        role="officer",
        password="walnut-drum-otter",
        now=NOON,
    )


def _drives(committer: Committer, unit: Unit, site_id: str, direction: str, vrm: str, after_s: float) -> None:
    """One vehicle past one camera, with pictures of it, through the ingester."""
    rear = direction == "away"
    shots = {
        "overview": _of_that_moment(pictures.overview(vrm, bgr=(40, 40, 170), rear=rear), after_s),
        "plate": _of_that_moment(pictures.patch(vrm, rear=rear), after_s),
    }
    message = passage(
        f"{vrm} {after_s}",
        agent_id=unit.agent_id,
        site_id=site_id,
        direction=direction,
        after_s=after_s,
        vrm=vrm,
        lane=1,
        position=_position(site_id),
        plate=Plate(text=vrm, confidence=0.978, looks=4),
        raw_reads=tuple(
            RawRead(text=text, confidence=share, reader="reader-uk", frame_number=40 + n)
            for n, (text, share) in enumerate(((vrm, 0.93), (vrm[:-1], 0.41), (vrm, 0.98)))
        ),
        evidence=tuple(pictures.reference(kind, jpeg) for kind, jpeg in shots.items()),
        clock=CLOCK,
        software="hgvwatch 0.1.0",
        models=MODELS,
    )
    committer.commit([unit.delivers(message), *(unit.delivers_picture(jpeg) for jpeg in shots.values())])


def _of_that_moment(jpeg: bytes, after_s: float) -> bytes:
    """The picture with its moment in a comment: no two pictures of a camera are the same bytes."""
    return jpeg[:2] + segment(0xFE, str(after_s).encode()) + jpeg[2:]


def _position(site_id: str) -> Position:
    site = {site.site_id: site for site in load(PILOT / "sites.yaml", SitesFile).sites}[site_id]
    return Position(latitude=site.latitude, longitude=site.longitude, source="site")


def public_key_text(court: Court) -> str:
    """What the court is given: the force's public key."""
    return public_text(court.key)
