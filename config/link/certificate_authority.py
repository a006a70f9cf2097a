"""The centre's own certificate authority: a folder with its key, all it has issued, and what it has revoked.

    ca.pem  ca.key  revoked.pem  issued/NAME-SERIAL.pem

Only `ca.key` is secret. `revoked.pem` is a CRL (RFC 5280), which the broker reads.
"""

from __future__ import annotations

import fcntl
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from config.errors import LinkError
from config.link.certificates import certificate_of, common_name, load_or_make_tls_key, read_certificate
from config.link.certifying import USAGE, Role, Signer, certified, certified_authority, revocation_list
from config.link.issued import CA_FILE, ISSUED_FOLDER, REVOKED_FILE, Issued, read_issued, revoked_in
from config.link.private_files import replace_whole

KEY_FILE = "ca.key"
# A unit's name as the wire knows it. A service's has a dot, so that no unit can be called like one.
_CLIENT = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}|centre\.[a-z0-9][a-z0-9_-]{0,50}")


class CertificateAuthority:
    """Issues and revokes certificates. Instants are the real time of day: TLS knows no other."""

    def __init__(self, folder: Path) -> None:
        """The authority that `make_authority` has made in `folder`. Raises LinkError."""
        if not (folder / KEY_FILE).exists():
            raise LinkError(f"{folder} holds no certificate authority; make one: python -m deploy.pki init")
        self._folder = folder
        self._signer = Signer(
            read_certificate(folder / CA_FILE).parsed, load_or_make_tls_key(folder / KEY_FILE)
        )

    def issue(self, request_pem: str, name: str, now: datetime, days: float) -> Issued:
        """A client's certificate for the key in `request_pem`, which must name `name`. Raises LinkError."""
        try:
            request = x509.load_pem_x509_csr(request_pem.encode())
        except ValueError as error:
            raise LinkError(f"not a certificate request in PEM: {error}") from error
        said = common_name(request.subject)
        if said != name:
            raise LinkError(f"the request names {said}, not {name}; is it this unit's own file?")
        if not request.is_signature_valid:
            raise LinkError(f"the request of {name} is not signed by its own key; have it made again")
        return self.issue_for(name, request.public_key(), now, days)

    def issue_for(
        self,
        name: str,
        key: object,
        now: datetime,
        days: float,
        role: Role = "client",
        hosts: Sequence[str] = (),
    ) -> Issued:
        """A certificate for a public key. `hosts` are a broker's names and addresses. Raises LinkError."""
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise LinkError(f"the key of {name} is not an elliptic curve key; have it made by hgv-edge key")
        if not _CLIENT.fullmatch(name):
            raise LinkError(f"{name!r} is neither a unit's name nor a service's, as centre.ingest is")
        certificate = certificate_of(certified(self._signer, name, key, now, days, role, hosts))
        path = self._folder / ISSUED_FOLDER / f"{name}-{certificate.serial:x}.pem"
        replace_whole(path, certificate.pem)
        return Issued(certificate, path, None)

    def renew(self, ending_before: datetime, now: datetime, days: float) -> list[Issued]:
        """Certificates for the same keys, for each client whose newest one ends before an instant.

        The old one is good until its own end. Who is revoked or has ended gets none. Raises LinkError.
        """
        newest = {each.certificate.name: each.certificate for each in self.issued() if each.opens(now)}
        return [
            self.issue_for(name, certificate.parsed.public_key(), now, days)
            for name, certificate in newest.items()
            if certificate.not_after < ending_before and _is_client(certificate.parsed)
        ]

    def issued(self) -> list[Issued]:
        """All certificates, by name and end. Raises LinkError."""
        return read_issued(self._folder)

    def revoke(self, serials: Iterable[int], now: datetime) -> None:
        """Put certificates on the revocation list, for good. Raises LinkError."""
        with self._alone():
            revoked = revoked_in(self._folder)
            self._write_list({**dict.fromkeys(serials, now), **revoked}, now)

    def revoke_all_of(self, name: str, now: datetime) -> list[Issued]:
        """Revoke each certificate of `name` that is still good; which these were. Raises LinkError."""
        good = [each for each in self.issued() if each.certificate.name == name and each.opens(now)]
        self.revoke([each.certificate.serial for each in good], now)
        return good

    def _write_list(self, revoked: dict[int, datetime], now: datetime) -> None:
        signed = revocation_list(self._signer, revoked, now)
        replace_whole(self._folder / REVOKED_FILE, signed.public_bytes(Encoding.PEM))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Two commands at once change the list one after the other."""
        with (self._folder / KEY_FILE).open("rb") as locked:
            fcntl.flock(locked, fcntl.LOCK_EX)
            yield


def make_authority(folder: Path, name: str, now: datetime) -> CertificateAuthority:
    """A new authority in `folder`, good for ten years. Raises LinkError where one is already."""
    if (folder / KEY_FILE).exists():
        raise LinkError(f"{folder} holds a certificate authority already; it is never written over")
    signer_key = load_or_make_tls_key(folder / KEY_FILE)
    certificate = certified_authority(name, signer_key, now)
    empty = revocation_list(Signer(certificate, signer_key), {}, now)
    (folder / ISSUED_FOLDER).mkdir(exist_ok=True)
    replace_whole(folder / CA_FILE, certificate.public_bytes(Encoding.PEM))
    replace_whole(folder / REVOKED_FILE, empty.public_bytes(Encoding.PEM))
    return CertificateAuthority(folder)


def _is_client(certificate: x509.Certificate) -> bool:
    return USAGE["client"] in certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
