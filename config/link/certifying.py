"""What a certificate authority signs: its own certificate, those of clients and brokers, the revoked ones."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

Role = Literal["client", "server"]

USAGE: dict[Role, ObjectIdentifier] = {
    "client": ExtendedKeyUsageOID.CLIENT_AUTH,
    "server": ExtendedKeyUsageOID.SERVER_AUTH,
}
_AUTHORITY_DAYS = 3650
# Clocks of units may be a little behind when a certificate is new.
_BACKDATED = timedelta(hours=1)


@dataclass(frozen=True)
class Signer:
    """An authority's certificate and its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def subject(name: str) -> x509.Name:
    """A subject that is one common name."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def certified_authority(name: str, key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    """The certificate of a new authority, signed by itself, good for ten years."""
    return (
        _begun(subject(name), key.public_key(), now, now + timedelta(days=_AUTHORITY_DAYS))
        .issuer_name(subject(name))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_SIGNS_CERTIFICATES_AND_LISTS, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def certified(
    by: Signer,
    name: str,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
    days: float,
    role: Role,
    hosts: Sequence[str] = (),
) -> x509.Certificate:
    """A certificate for a client, or for a broker that is reached under `hosts`.

    It ends after `days`, or with its authority.
    """
    ends = min(by.certificate.not_valid_after_utc, now + timedelta(days=days))
    builder = (
        _begun(subject(name), key, now, ends)
        .issuer_name(by.certificate.subject)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([USAGE[role]]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), critical=False
        )
    )
    if hosts:
        names = x509.SubjectAlternativeName([_general_name(host) for host in hosts])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(by.key, hashes.SHA256())


def revocation_list(
    by: Signer, revoked: Mapping[int, datetime], now: datetime
) -> x509.CertificateRevocationList:
    """The list of revoked serial numbers, each with its instant.

    A broker refuses everybody once a list is past its next update. This list reaches it as a file at each
    change, so its age says nothing: it holds as long as the authority.
    """
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(by.certificate.subject)
        .last_update(now)
        .next_update(by.certificate.not_valid_after_utc)
    )
    for serial, at in sorted(revoked.items()):
        one = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at).build()
        builder = builder.add_revoked_certificate(one)
    return builder.sign(by.key, hashes.SHA256())


def _begun(
    named: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, ends: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(named)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(now, ends) - _BACKDATED)
        .not_valid_after(ends)
    )


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


_SIGNS_CERTIFICATES_AND_LISTS = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)
