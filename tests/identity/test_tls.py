"""Whose TLS is no good does not get as far as MQTT: a certificate that ended, a stranger's, none, old TLS."""

from __future__ import annotations

import shutil
import socket
import ssl
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from config.link import CertificateAuthority, load_or_make_tls_key, make_authority, request_for
from config.settings import Broker
from tests.identity.installation import Installation, wait_for
from tests.identity.knocker import Knocker
from tests.identity.signing_unit import SigningUnit

NOW = datetime.now(UTC)


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
