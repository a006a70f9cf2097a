"""X.509 certificates as files: what one says, and a unit's request for one (PKCS #10, RFC 2986).

The common name is the unit's name; the broker takes it for the user's name (`use_identity_as_username`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from config.errors import LinkError
from config.link.private_files import write_private

# A certificate is renewed by a person, who may have to drive to the unit: its end is told so long before.
NEAR_DAYS = 30


@dataclass(frozen=True)
class Certificate:
    """What a certificate says of whom it names, and until when. Instants are UTC."""

    name: str
    serial: int
    not_before: datetime
    not_after: datetime
    parsed: x509.Certificate

    @property
    def pem(self) -> bytes:
        """The certificate as it stands in a file."""
        return self.parsed.public_bytes(Encoding.PEM)

    def days_left(self, now: datetime) -> float:
        """Days until its end; negative once it has come."""
        return (self.not_after - now).total_seconds() / 86_400


def read_certificate(path: Path) -> Certificate:
    """The first certificate of a PEM file. Raises LinkError."""
    try:
        return certificate_of(x509.load_pem_x509_certificate(path.read_bytes()))
    except OSError as error:
        raise LinkError(f"the certificate {path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise LinkError(f"{path} is not a certificate in PEM; have it issued again") from error


def certificate_of(parsed: x509.Certificate) -> Certificate:
    """What a parsed certificate says. Raises LinkError where it names nobody."""
    return Certificate(
        common_name(parsed.subject),
        parsed.serial_number,
        parsed.not_valid_before_utc,
        parsed.not_valid_after_utc,
        parsed,
    )


def common_name(subject: x509.Name) -> str:
    """The one common name of a subject. Raises LinkError for none, several or an unprintable one."""
    names = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if len(names) != 1 or not str(names[0].value).isprintable():
        raise LinkError("a certificate must have one common name, the unit's")
    return str(names[0].value)


def load_or_make_tls_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """The private key of a certificate, made (P-256, mode 0600) where there is none. Raises LinkError."""
    if not path.exists():
        new = ec.generate_private_key(ec.SECP256R1())
        write_private(path, new.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise LinkError(f"the key file {path} cannot be read: {error.strerror}") from error
    except (ValueError, TypeError) as error:
        raise LinkError(
            f"{path} is not a private key in PEM; restore it, or move it away for a new one"
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise LinkError(f"{path} is not an elliptic curve key; move it away for a new one")
    return key


def request_for(name: str, key: ec.EllipticCurvePrivateKey) -> str:
    """A request, in PEM, for a certificate that names `name`; it proves that the key is held."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return request.public_bytes(Encoding.PEM).decode("ascii")


def fits_key(certificate: Certificate, key: ec.EllipticCurvePrivateKey) -> bool:
    """Whether the certificate was made for this very key."""
    return certificate.parsed.public_key() == key.public_key()
