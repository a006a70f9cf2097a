"""A revoked unit: nothing of it is taken from a second later on, its session ends, it does not come back."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from threading import Event, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.clock import system_clock
from config.link import CertificateAuthority, load_or_make_tls_key, replace_whole, request_for
from config.wire import topic_for
from ingest.database.opening import open_database, reading
from ingest.tables import AGENT_KEYS, PASSAGES
from tests.identity.installation import Installation, wait_for
from tests.identity.knocker import Knocker
from tests.identity.signing_unit import SigningUnit
from tests.ingest.units import jpeg, passage, reference

PROMISED = timedelta(seconds=1)


@pytest.fixture
def unit(centre: Installation) -> SigningUnit:
    """A unit of its own for each test, let in with key and certificate."""
    agent_id = f"unit-{len(list(centre.folder.glob('unit-*.json')))}"
    centre.enrol(agent_id)
    return SigningUnit.of(centre.folder, agent_id)


@contextmanager
def sending(centre: Installation, unit: SigningUnit, knocker: Knocker) -> Iterator[None]:
    """Passages all the time, some fifty a second, while the context lasts."""
    stop = Event()

    def send() -> None:
        number = 0
        while not stop.wait(0.02):
            number += 1
            one = passage(f"{unit.agent_id} {number}", agent_id=unit.agent_id)
            knocker.send(topic_for(unit.agent_id, "passage"), unit.sealed(one))

    thread = Thread(target=send)
    thread.start()
    try:
        wait_for("the first passages", lambda: len(received(centre, unit)) >= 10)
        yield
    finally:
        stop.set()
        thread.join()


def received(centre: Installation, unit: SigningUnit) -> list[datetime]:
    """When each stored passage of the unit was received."""
    engine = open_database(centre.database_url)
    with Session(reading(engine)) as session:
        rows = session.scalars(select(PASSAGES.c.received_at).where(PASSAGES.c.agent_id == unit.agent_id))
        found = sorted(rows)
    engine.dispose()
    return found


def revoked_at(centre: Installation, unit: SigningUnit) -> datetime:
    """When the unit's key was revoked, as the database says."""
    engine = open_database(centre.database_url)
    with Session(reading(engine)) as session:
        at = session.scalar(select(AGENT_KEYS.c.revoked_at).where(AGENT_KEYS.c.key_id == unit.key.key_id))
    engine.dispose()
    assert isinstance(at, datetime)
    return at


def test_the_ingester_takes_nothing_from_a_second_later_on_though_the_session_lasts(
    centre: Installation, unit: SigningUnit
) -> None:
    """Enforcement that knows nothing of certificates: the broker goes on letting the unit in."""
    knocker = Knocker(centre.address(unit.agent_id), unit.agent_id)
    with knocker.inside(), sending(centre, unit, knocker):
        centre.enforce("keys", "revoke", unit.agent_id, settings="keys-only.yaml")
        before = centre.ended("quarantined_revoked_key")
        wait_for("refusals", lambda: centre.ended("quarantined_revoked_key") > before + 100)
        assert not knocker.lost.is_set()
        at = revoked_at(centre, unit)
        late = [when for when in received(centre, unit) if when > at + PROMISED]
        assert late == []
        picture = jpeg("late")
        sha256 = reference(picture).sha256
        mid = knocker.send(topic_for(unit.agent_id, "evidence", sha256), picture)
        assert knocker.word_on(mid) == "Success"
        wait_for("the refused picture", lambda: centre.ended("quarantined_no_key") == 1)
    refused = {row.topic for row in centre.quarantine() if row.code == "revoked_key"}
    assert topic_for(unit.agent_id, "passage") in refused


def test_the_session_is_closed_at_once_and_does_not_come_back(
    centre: Installation, unit: SigningUnit
) -> None:
    knocker = Knocker(centre.address(unit.agent_id), unit.agent_id)
    closed = centre.counted("door", "hgv_broker_sessions_closed_total", ending="closed")
    away = centre.counted("door", "hgv_broker_turned_away_total", why="certificate")
    with knocker.inside(), sending(centre, unit, knocker):
        assert "1 certificates" in centre.enforce("keys", "revoke", unit.agent_id)
        wait_for("the session's end", knocker.lost.is_set)
        wait_for(
            "the door's count",
            lambda: centre.counted("door", "hgv_broker_sessions_closed_total", ending="closed") > closed,
        )
        wait_for(
            "three attempts to come back",
            lambda: centre.counted("door", "hgv_broker_turned_away_total", why="certificate") > away + 2,
        )
        assert knocker.connections == 1
    late = [at for at in received(centre, unit) if at > revoked_at(centre, unit) + PROMISED]
    assert late == []
    assert was_closed(centre, unit.agent_id)


def was_closed(centre: Installation, agent_id: str) -> bool:
    """Whether the door has ended a session of the unit, as its log tells."""
    lines = [json.loads(line) for line in centre.log("door").splitlines()]
    assert {line["process"] for line in lines} == {"door"}
    return any(line["event"] == "session_closed" and line["unit"] == agent_id for line in lines)


def test_a_tls_session_from_before_is_not_taken_up_again(centre: Installation, unit: SigningUnit) -> None:
    """Resumption skips the check of the certificate, so the broker must forget such sessions."""
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        agent_id = f"{unit.agent_id}-{version.name.lower().replace('.', '-')}"
        centre.enrol(agent_id)
        context = ssl.create_default_context(cafile=centre.pki / "ca.pem")
        context.minimum_version = context.maximum_version = version
        own = centre.folder / agent_id
        context.load_cert_chain(own / "unit.pem", own / "unit.key")
        answer, reused, session = connected(centre, context, agent_id, None)
        assert (answer, reused) == (0, False)
        assert connected(centre, context, agent_id, session)[:2] == (0, True), "nothing is tested otherwise"
        centre.enforce("keys", "revoke", agent_id)
        wait_for("the door's word", partial(was_closed, centre, agent_id))
        assert connected(centre, context, agent_id, session)[0] is None


def connected(
    centre: Installation, context: ssl.SSLContext, agent_id: str, session: ssl.SSLSession | None
) -> tuple[int | None, bool, ssl.SSLSession | None]:
    """The broker's answer to a CONNECT (0 is yes, None is a closed door), and the TLS session."""
    name = agent_id.encode()
    body = b"\x00\x04MQTT\x05\x02\x00\x3c\x00" + len(name).to_bytes(2, "big") + name
    try:
        with (
            socket.create_connection(("localhost", centre.units_port), 10) as plain,
            context.wrap_socket(plain, server_hostname="localhost", session=session) as secured,
        ):
            secured.sendall(b"\x10" + bytes([len(body)]) + body)
            answer = secured.recv(100)
            return (answer[3] if answer else None), bool(secured.session_reused), secured.session
    except OSError:
        return None, False, None


def test_a_revoked_unit_is_let_in_again_only_with_another_key(
    centre: Installation, unit: SigningUnit
) -> None:
    centre.enforce("keys", "revoke", unit.agent_id)
    file = centre.folder / f"{unit.agent_id}.json"
    assert "was revoked, for good" in centre.enforce("keys", "issue", unit.agent_id, str(file), code=2)
    assert "no key and no certificate" in centre.enforce("keys", "revoke", unit.agent_id, code=2)
    centre.enrol(unit.agent_id, "--next")
    centre.edge("key", unit.agent_id, "--use-next")
    anew = SigningUnit.of(centre.folder, unit.agent_id)
    assert anew.key.key_id != unit.key.key_id
    sent = passage(f"{unit.agent_id} is back", agent_id=unit.agent_id)
    with Knocker(centre.address(unit.agent_id), unit.agent_id).inside() as knocker:
        knocker.send(topic_for(unit.agent_id, "passage"), anew.sealed(sent))
        wait_for("its passage", lambda: sent.passage_id in centre.stored())


def test_a_certificate_that_ends_while_its_session_lasts_ends_the_session(centre: Installation) -> None:
    own = centre.folder / "brief"
    request = request_for("brief", load_or_make_tls_key(own / "unit.key"))
    made = CertificateAuthority(centre.pki).issue(request, "brief", system_clock(), 10 / 86_400)
    replace_whole(own / "unit.pem", made.certificate.pem)
    knocker = Knocker(centre.address("brief"), "brief")
    with knocker.inside():
        wait_for("the session's end", knocker.lost.is_set)
        assert system_clock() >= made.certificate.not_after
        wait_for("the door's word", partial(was_closed, centre, "brief"))
    assert knocker.connections == 1
