"""Whether the unit's certificate is its own, fits its key, is good, and is taken by the broker."""

from __future__ import annotations

import socket
import ssl
from datetime import datetime
from pathlib import Path

from config.link import NEAR_DAYS, fits_key, load_or_make_tls_key, read_certificate, tls_context
from config.settings import Broker, EdgeSettings, Tls
from edge.errors import IdentityError

_RENEWED_BY = "have it renewed at the centre: python -m deploy.pki renew"


def certificate_told(settings: EdgeSettings, now: datetime) -> str:
    """What the certificate is good for. Raises IdentityError and LinkError where something is wrong with it.

    `now` is the real time of day, as TLS knows no other.
    """
    tls = settings.broker.tls
    if tls is None:
        return "none is needed for a broker on this machine"
    if not Path(tls.key_file).exists():
        raise IdentityError(f"the key {tls.key_file} is not there; make it with: hgv-edge key")
    certificate = read_certificate(Path(tls.certificate_file))
    if certificate.name != settings.agent_id:
        raise IdentityError(f"it names {certificate.name}, not {settings.agent_id}; it is another unit's")
    if not fits_key(certificate, load_or_make_tls_key(Path(tls.key_file))):
        raise IdentityError(f"it was made for another key than {tls.key_file}; have it issued again")
    days, ends = certificate.days_left(now), f"{certificate.not_after:%Y-%m-%d}"
    if days <= 0:
        raise IdentityError(f"it has ended on {ends}; {_RENEWED_BY}")
    if days < NEAR_DAYS:
        raise IdentityError(f"it ends in {days:.0f} days, on {ends}; {_RENEWED_BY}")
    return f"{certificate.name} until {ends}, {days:.0f} days"


def private_files_told(paths: list[Path]) -> str:
    """That only their owner reads the unit's keys. Raises IdentityError where others can."""
    open_to_others = [str(path) for path in paths if path.exists() and path.stat().st_mode & 0o077]
    if open_to_others:
        raise IdentityError(f"others can read {', '.join(open_to_others)}; chmod 600, and change the keys")
    return "only their owner can read them"


def broker_told(broker: Broker, tls: Tls, within_s: float) -> str:
    """That the broker takes our certificate and we its. Raises IdentityError and LinkError.

    With TLS 1.2 the broker's word on a certificate is part of the handshake. There is no MQTT connection,
    which would end that of a unit that is running under the same name.
    """
    where = f"{broker.host}:{broker.port}"
    context = tls_context(tls)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    try:
        with (
            socket.create_connection((broker.host, broker.port), timeout=within_s) as plain,
            context.wrap_socket(plain, server_hostname=broker.host) as secured,
        ):
            return f"{where} takes the certificate ({secured.version()})"
    except ssl.SSLCertVerificationError as error:
        raise IdentityError(f"{where} is not our broker: {error.verify_message}") from error
    except ssl.SSLError as error:
        raise IdentityError(f"{where} does not take the certificate: {_alert(error)}") from error
    except OSError as error:
        raise IdentityError(
            f"{where} does not answer ({error}); check host, port and that it runs"
        ) from error


def _alert(error: ssl.SSLError) -> str:
    return (error.reason or str(error)).lower().replace("_", " ")
