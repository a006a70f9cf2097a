"""The centre's side of the wire: topics, envelopes, payloads, pictures, and all the way into the database."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

import cv2
import numpy as np

from config.errors import WireError
from config.wire import Loss, RawRead, encode, open_envelope, parse_topic, peek_header, seal, topic_for
from config.wire.envelope import Header, Kind
from deploy.broker.turned_away import is_routine, turned_away
from ingest.database.opening import migrate, open_database
from ingest.errors import EvidenceRefused
from ingest.intake.admit import admit
from ingest.intake.arrivals import Picture, Refused, Signed
from ingest.intake.jpeg import check_jpeg
from ingest.intake.keys import KeyRing
from ingest.storing.commit import Committer
from tests.fuzz.target import Target
from tests.ingest.units import NOON, Unit, arrival, health, jpeg, passage, reference, traffic

_OUTBOX_ID = "0" * 32


def message_targets(folder: Path) -> list[Target]:
    """The targets of this side."""
    engine = open_database(f"sqlite:///{folder}/ingest.sqlite")
    migrate(engine)
    unit = Unit().enrol(engine)
    keys = KeyRing(engine, time.monotonic)
    committer = Committer(engine, keys, folder / "evidence", lambda: NOON, 10.0, lambda step: None)
    payloads = _payloads()
    envelopes = tuple(_sealed(unit, kind, payload) for kind, payload in payloads.items())
    logs = (
        b"1700000000: Denied PUBLISH from unit-1 (d0, q1, r0, m3, 'hgv/v1/unit-2/passage', ... (10 bytes))",
        b"1700000000: Client unit-1 disconnected due to malformed packet.",
        b"1700000000: OpenSSL Error[0]: error:0A000086:SSL routines::certificate verify failed",
    )
    topics = tuple(arriving.encode() for arriving in (topic_for("unit-1", "passage"), "hgv/v1/+/health"))
    return [
        Target("topics", topics, _topic, share=10, short=500),
        Target("envelopes", envelopes, lambda raw: _envelope(raw, unit), share=20, short=300),
        *(
            Target(f"payloads of {kind}", (payload,), _admitted(unit, keys, kind), share=12, short=150)
            for kind, payload in payloads.items()
        ),
        Target("pictures", _pictures(), _picture, share=20, short=500),
        Target("arriving pictures", _pictures(), _arriving_picture(unit, keys), share=4, short=100),
        Target("into the database", tuple(payloads.values()), _stored(unit, committer), share=2, short=50),
        Target("the broker's log", logs, _log_line, share=10, short=500),
    ]


def _payloads() -> Mapping[Kind, bytes]:
    picture = jpeg("lorry")
    reads = tuple(
        RawRead(text="AA19AAA", confidence=0.9, reader="british-plates", frame_number=at) for at in range(3)
    )
    lost = Loss(
        loss_id="1" * 32,
        authority="demo",
        agent_id="unit-1",
        noticed_at=NOON,
        cause="disk_full",
        words="the card is full",
        pictures=("a" * 64,),
        earlier_outbox_id="2" * 32,
        earlier_last_seq=7,
    )
    models = {"plates": "b" * 64}
    seen = passage("one", evidence=(reference(picture),), raw_reads=reads, lane=1, models=models)
    return {
        "passage": encode(seen),
        "traffic": encode(traffic("minute")),
        "health": encode(health(faulty_after_s=-5)),
        "loss": encode(lost),
    }


def _sealed(unit: Unit, kind: Kind, payload: bytes, seq: int = 1) -> bytes:
    outbox, number = (None, None) if kind == "health" else (_OUTBOX_ID, seq)
    return seal(payload, Header(kid=unit.key.key_id, kind=kind, outbox=outbox, seq=number), unit.key)


def _topic(raw: bytes) -> None:
    try:
        parse_topic(raw.decode("utf-8", "surrogateescape"))
    except WireError:
        return


def _envelope(raw: bytes, unit: Unit) -> None:
    try:
        open_envelope(raw, lambda key_id: unit.key.key)
        peek_header(raw)
    except WireError:
        return


def _admitted(unit: Unit, keys: KeyRing, kind: Kind) -> Callable[[bytes], None]:
    """Any payload, rightly signed: an enrolled unit that is broken or has been broken into."""
    topic = topic_for("unit-1", "health" if kind == "loss" else kind)  # type: ignore[arg-type]  # never a receipt

    def run(payload: bytes) -> None:
        found = admit(arrival(topic, _sealed(unit, kind, payload)), keys)
        assert isinstance(found, Signed | Refused), found

    return run


def _picture(raw: bytes) -> None:
    try:
        check_jpeg(raw)
    except EvidenceRefused:
        return


def _arriving_picture(unit: Unit, keys: KeyRing) -> Callable[[bytes], None]:
    def run(raw: bytes) -> None:
        found = admit(unit.delivers_picture(raw), keys)
        assert isinstance(found, Picture | Refused), found

    return run


def _stored(unit: Unit, committer: Committer) -> Callable[[bytes], None]:
    """Whatever is admitted is stored or put aside; the first byte says as which kind it comes."""
    kinds: tuple[Kind, ...] = ("passage", "traffic", "health", "loss")

    def run(raw: bytes) -> None:
        named = [kind for kind in kinds if f'"{kind}"'.encode() in raw]
        kind = named[0] if named else "passage"
        topic = topic_for("unit-1", "health" if kind == "loss" else kind)  # type: ignore[arg-type]  # never a receipt
        outcome = committer.commit([arrival(topic, _sealed(unit, kind, raw, seq=len(raw) + 1))])
        assert sum(outcome.endings.values()) == 1, outcome.endings

    return run


def _pictures() -> tuple[bytes, ...]:
    noise = np.random.default_rng(1).integers(0, 255, (48, 64, 3), dtype=np.uint8)
    kinds = ([], [cv2.IMWRITE_JPEG_PROGRESSIVE, 1], [cv2.IMWRITE_JPEG_RST_INTERVAL, 4])
    encoded = tuple(bytes(cv2.imencode(".jpg", noise, kind)[1]) for kind in kinds)
    return (*encoded, jpeg("x"), jpeg("bomb", width_px=65_535, height_px=65_535))


def _log_line(raw: bytes) -> None:
    line = raw.decode("utf-8", "replace")
    is_routine(line)
    turned_away(line)
