"""Who has no business here: refused, counted and to be seen, by a real mosquitto with the rules that ship."""

from __future__ import annotations

import shutil
import socket
import ssl
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from joserfc.jwk import OKPKey

import ingest.cli
from config.link import CertificateAuthority, load_or_make_tls_key, make_authority, request_for
from config.settings import Broker
from config.wire import SigningKey, topic_for
from tests.identity.installation import Installation, said, wait_for
from tests.identity.knocker import Knocker
from tests.identity.signing_unit import SigningUnit
from tests.ingest.units import passage

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def units(centre: Installation) -> dict[str, SigningUnit]:
    """Two units that were let in."""
    for agent_id in ("unit-1", "unit-2"):
        centre.enrol(agent_id)
    return {name: SigningUnit.of(centre.folder, name) for name in ("unit-1", "unit-2")}


@pytest.fixture
def knocker(centre: Installation, units: dict[str, SigningUnit]) -> Knocker:
    """The first unit's certificate, in whose hands ever."""
    return Knocker(centre.address("unit-1"), "unit-1", (topic_for("unit-1", "receipt"),))


def test_an_honest_passage_is_stored_with_the_bytes_that_were_signed_and_answered(
    centre: Installation, units: dict[str, SigningUnit], knocker: Knocker
) -> None:
    sent = passage("honest")
    with knocker.inside():
        mid = knocker.send(topic_for("unit-1", "passage"), units["unit-1"].sealed(sent))
        assert knocker.word_on(mid) == "Success"
        wait_for("the receipt", knocker.receipts)
    assert centre.stored()[sent.passage_id] == "AA19AAA"


@pytest.mark.parametrize(
    ("name", "code"),
    [("wrong key under the unit's name", "untrusted"), ("a key nobody knows", "unknown_key")],
)
def test_a_forged_passage_goes_to_quarantine(
    centre: Installation, units: dict[str, SigningUnit], knocker: Knocker, name: str, code: str
) -> None:
    forger = OKPKey.generate_key("Ed25519")
    claimed = units["unit-1"].key.key_id if code == "untrusted" else "unit-1:nobody"
    forged = passage(name)
    before = centre.ended(f"quarantined_{code}")
    with knocker.inside():
        raw = units["unit-1"].sealed(forged, SigningKey(claimed, forger))
        knocker.send(topic_for("unit-1", "passage"), raw)
        wait_for("the count", lambda: centre.ended(f"quarantined_{code}") == before + 1)
    assert forged.passage_id not in centre.stored()
    assert any((row.code, row.raw) == (code, raw) for row in centre.quarantine())
    listed = said_by_ingester(centre)
    assert code in listed
    assert "hgv/v1/unit-1/passage" in listed
    assert f'"code": "{code}"' in centre.log("ingest")


def test_a_replayed_passage_with_a_changed_plate_goes_to_quarantine_whoever_signs_it(
    centre: Installation, units: dict[str, SigningUnit], knocker: Knocker
) -> None:
    unit, sent = units["unit-1"], passage("replayed")
    changed = msgspec.structs.replace(sent, plate=passage("other", vrm="BB19BBB").plate)
    with knocker.inside():
        original = unit.sealed(sent)
        knocker.send(topic_for("unit-1", "passage"), original)
        wait_for("the original", lambda: sent.passage_id in centre.stored())
        parts = msgspec.json.decode(original)
        swapped = {**parts, "payload": msgspec.json.decode(unit.sealed(changed))["payload"]}
        knocker.send(topic_for("unit-1", "passage"), msgspec.json.encode(swapped))
        knocker.send(topic_for("unit-1", "passage"), unit.sealed(changed))
        wait_for("the count", lambda: centre.ended("quarantined_other_bytes") == 1)
        wait_for("the quarantine", lambda: len(rows(centre, "untrusted")) >= 1)
    assert centre.stored()[sent.passage_id] == "AA19AAA"
    assert len(rows(centre, "other_bytes")) == 1


def test_a_passage_under_another_units_topic_is_denied_and_counted(
    centre: Installation, units: dict[str, SigningUnit], knocker: Knocker
) -> None:
    before = centre.counted("door", "hgv_broker_turned_away_total", why="topic", unit="unit-1")
    with knocker.inside():
        for what in ("passage", "traffic", "health", "receipt"):
            mid = knocker.send(f"hgv/v1/unit-2/{what}", units["unit-1"].sealed(passage(what)))
            assert knocker.word_on(mid) == "Not authorized"
        for topic in (f"hgv/v1/unit-2/evidence/{'0' * 64}", "hgv/v1/unit-1/receipt", "$SYS/x", "else"):
            assert knocker.word_on(knocker.send(topic, b"x")) == "Not authorized"
    wait_for(
        "the count",
        lambda: (
            centre.counted("door", "hgv_broker_turned_away_total", why="topic", unit="unit-1") == before + 8
        ),
    )
    assert '"hgv/v1/unit-2/passage"' in centre.log("door")


def test_a_topic_that_plays_a_line_of_the_log_ends_the_connection_and_is_counted(
    centre: Installation, units: dict[str, SigningUnit], knocker: Knocker
) -> None:
    """A line break in a topic: what follows it would stand in the log as mosquitto's own word."""
    played = "x\n1795391925: Denied PUBLISH from unit-2 (d0, q1, r0, m2, 'x', ... (1 bytes))"
    turned_away = "hgv_broker_turned_away_total"
    with knocker.inside():
        knocker.send(played, b"x")
        wait_for("the count", lambda: centre.counted("door", turned_away, why="protocol", unit="unit-1"))
    assert centre.counted("door", turned_away, unit="unit-2") == 0


def test_a_message_to_be_retained_ends_the_connection(
    centre: Installation, units: dict[str, SigningUnit], knocker: Knocker
) -> None:
    with knocker.inside():
        knocker.client.publish(topic_for("unit-1", "health"), b"x" * 1_000_000, qos=1, retain=True)
        wait_for("the end", knocker.lost.is_set)


def test_the_centre_refuses_it_too_should_the_broker_let_it_through(
    centre: Installation, units: dict[str, SigningUnit]
) -> None:
    """The very message, carried past the rules: from a certificate of the other unit's own."""
    stolen = passage("stolen", agent_id="unit-1")
    with Knocker(centre.address("unit-2"), "unit-2").inside() as other:
        other.send(topic_for("unit-2", "passage"), units["unit-1"].sealed(stolen))
        wait_for("the count", lambda: centre.ended("quarantined_other_unit") == 1)
    assert stolen.passage_id not in centre.stored()


def test_a_unit_hears_nobodys_receipts_but_its_own(
    centre: Installation, units: dict[str, SigningUnit], knocker: Knocker
) -> None:
    curious = Knocker(
        centre.address("unit-2"),
        "unit-2",
        ("#", "hgv/v1/+/receipt", "$SYS/#", "$share/g/#", "$share/h/hgv/v1/+/passage"),
    )
    with curious.inside(), knocker.inside():
        for number in range(3):
            message = units["unit-1"].sealed(passage(f"overheard {number}"))
            knocker.send(topic_for("unit-1", "passage"), message)
        wait_for("three receipts", lambda: sum(len(r.accepted) for r in knocker.receipts()) >= 3)
        curious.send(
            topic_for("unit-2", "passage"), units["unit-2"].sealed(passage("own", agent_id="unit-2"))
        )
        wait_for("its own receipt", curious.receipts)
    assert {topic for topic, _ in curious.heard} == {"hgv/v1/unit-2/receipt"}


def test_a_unit_cannot_take_over_another_units_session(
    centre: Installation, units: dict[str, SigningUnit], knocker: Knocker
) -> None:
    with knocker.inside(), Knocker(centre.address("unit-2"), "unit-1").inside() as impostor:
        assert knocker.word_on(knocker.send("hgv/v1/unit-1/health", b"x")) == "Success"
        assert impostor.word_on(impostor.send("hgv/v1/unit-1/health", b"x")) == "Not authorized"
        assert not knocker.lost.is_set()


def bad_certificate(centre: Installation, why: str) -> Broker:
    """The units' listener with a certificate that is no good."""
    folder = centre.folder / why
    key = load_or_make_tls_key(folder / "unit.key")
    request = request_for("unit-1", key)
    if why == "expired":
        issued = CertificateAuthority(centre.pki).issue(request, "unit-1", NOW - timedelta(days=40), 39)
    else:
        issued = make_authority(folder / "pki", "hgvwatch", NOW).issue(request, "unit-1", NOW, 30)
    shutil.copy(issued.path, folder / "unit.pem")
    return centre.address(why)


@pytest.mark.parametrize("why", ["expired", "of another authority"])
def test_a_certificate_that_is_no_good_opens_nothing_and_is_counted(
    centre: Installation, units: dict[str, SigningUnit], why: str
) -> None:
    before = centre.counted("door", "hgv_broker_turned_away_total", why="certificate")
    with Knocker(bad_certificate(centre, why), "unit-1").knocking() as knocker:
        wait_for(
            "the count",
            lambda: centre.counted("door", "hgv_broker_turned_away_total", why="certificate") > before,
        )
        assert knocker.connections == 0
    assert '"turned_away"' in centre.log("door")


@pytest.mark.parametrize("why", ["no_certificate", "tls"])
def test_nobody_comes_in_without_a_certificate_or_with_old_tls(centre: Installation, why: str) -> None:
    context = bare(centre) if why == "no_certificate" else old_tls(centre)
    before = centre.counted("door", "hgv_broker_turned_away_total", why=why)
    with socket.create_connection(("localhost", centre.units_port), 10) as plain:
        assert answer_to_connect(context, plain) == b""
    wait_for("the count", lambda: centre.counted("door", "hgv_broker_turned_away_total", why=why) > before)


def answer_to_connect(context: ssl.SSLContext, plain: socket.socket) -> bytes:
    """What the broker answers to a CONNECT; nothing where it has closed the door before."""
    try:
        with context.wrap_socket(plain, server_hostname="localhost") as secured:
            secured.sendall(b"\x10\x10\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x03abc")
            return secured.recv(100)
    except OSError:
        return b""


def bare(centre: Installation) -> ssl.SSLContext:
    """TLS as anybody speaks it."""
    return ssl.create_default_context(cafile=centre.pki / "ca.pem")


def old_tls(centre: Installation) -> ssl.SSLContext:
    """TLS 1.1, which this side would speak."""
    context = bare(centre)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


def test_a_units_certificate_does_not_make_a_broker(centre: Installation, units: object) -> None:
    """A unit that plays the broker to others: its certificate is for clients only."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(centre.folder / "unit-1" / "unit.pem", centre.folder / "unit-1" / "unit.key")
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with listening.accept()[0] as plain, suppress(OSError):
                server.wrap_socket(plain, server_side=True)

        thread = threading.Thread(target=serve)
        thread.start()
        context = bare(centre)
        context.check_hostname = False
        with (
            socket.create_connection(listening.getsockname()) as plain,
            pytest.raises(ssl.SSLCertVerificationError, match="purpose"),
        ):
            context.wrap_socket(plain)
        thread.join()


def rows(centre: Installation, code: str) -> list[str]:
    """Topics of the quarantine's rows under a code."""
    return [row.topic for row in centre.quarantine() if row.code == code]


def said_by_ingester(centre: Installation) -> str:
    """`hgv-ingest quarantine list`, on a wide terminal."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "300")
        return said(ingest.cli.main, "--config", str(centre.folder / "ingest.yaml"), "quarantine", "list")
