"""The public part of a certificate authority's folder: what it has issued, and what of it is revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509

from config.errors import LinkError
from config.link.certificates import NEAR_DAYS, Certificate, read_certificate

CA_FILE, REVOKED_FILE, ISSUED_FOLDER = "ca.pem", "revoked.pem", "issued"


@dataclass(frozen=True)
class Issued:
    """One certificate of the authority, where it lies, and since when it is revoked (UTC)."""

    certificate: Certificate
    path: Path
    revoked_at: datetime | None

    def opens(self, now: datetime) -> bool:
        """Whether the broker lets its holder in."""
        return self.revoked_at is None and self.certificate.not_after > now

    def state(self, now: datetime) -> str:
        """Until when the broker lets the holder in, in words."""
        if self.revoked_at is not None:
            return f"revoked {self.revoked_at:%Y-%m-%d %H:%M}Z"
        ends = f"{self.certificate.not_after:%Y-%m-%d}"
        if not self.opens(now):
            return f"ended {ends}"
        days = self.certificate.days_left(now)
        return f"good until {ends}" + (f", ENDS IN {days:.0f} DAYS: renew it" if days < NEAR_DAYS else "")


def read_issued(folder: Path) -> list[Issued]:
    """All certificates issued from `folder`, by name and end. Raises LinkError for a damaged folder."""
    revoked = revoked_in(folder)
    found = [
        Issued(certificate, path, revoked.get(certificate.serial))
        for path in sorted((folder / ISSUED_FOLDER).glob("*.pem"))
        for certificate in [read_certificate(path)]
    ]
    return sorted(found, key=lambda each: (each.certificate.name, each.certificate.not_after))


def revoked_in(folder: Path) -> dict[int, datetime]:
    """Serial numbers on the revocation list and when each was revoked. Raises LinkError.

    The list must carry the signature of the folder's own authority.
    """
    path = folder / REVOKED_FILE
    try:
        listed = x509.load_pem_x509_crl(path.read_bytes())
    except OSError as error:
        raise LinkError(f"the revocation list {path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise LinkError(
            f"{path} is not a revocation list in PEM; restore it from the authority's folder"
        ) from error
    authority = read_certificate(folder / CA_FILE).parsed
    if not listed.is_signature_valid(authority.public_key()):  # type: ignore[arg-type]  # any key of a CA
        raise LinkError(f"{path} was not signed by {folder / CA_FILE}; it is not used")
    return {each.serial_number: each.revocation_date_utc for each in listed}
