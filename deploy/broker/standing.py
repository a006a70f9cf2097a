"""Whose certificates have ended, by revocation or by time, as the authority's folder says."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from config.errors import LinkError
from config.link import ISSUED_FOLDER, REVOKED_FILE, Issued, read_issued

# When a file was written, and which of the files of its name it is.
Mark = tuple[int, int]


class Standing:
    """The certificates of a folder, read again when it has changed."""

    def __init__(self, folder: Path) -> None:
        """Raises LinkError for a folder that cannot be read."""
        self._folder = folder
        self._seen = _marks(folder)
        self.issued = read_issued(folder)

    @property
    def list_mark(self) -> Mark:
        """Another value for each revocation list."""
        return self._seen[0]

    def look(self) -> bool:
        """Read the folder again if anything in it is new; whether it was.

        Raises LinkError for one that cannot be used; what was read before stays, and it is read again.
        """
        marks = _marks(self._folder)
        if marks == self._seen:
            return False
        self.issued = read_issued(self._folder)
        self._seen = marks
        return True

    def ended(self, now: datetime) -> dict[int, str]:
        """Names by the serial numbers of certificates with which nobody is let in any more."""
        return {each.certificate.serial: each.certificate.name for each in self.issued if not each.opens(now)}

    def ends(self, now: datetime) -> dict[str, datetime]:
        """When the last good certificate of each name ends."""
        good: list[Issued] = [each for each in self.issued if each.opens(now)]
        return {each.certificate.name: each.certificate.not_after for each in good}


def _marks(folder: Path) -> tuple[Mark, Mark]:
    try:
        listed, issued = (folder / REVOKED_FILE).stat(), (folder / ISSUED_FOLDER).stat()
    except OSError as error:
        raise LinkError(f"{folder} is no authority's folder: {error}") from error
    return (listed.st_mtime_ns, listed.st_ino), (issued.st_mtime_ns, issued.st_ino)
