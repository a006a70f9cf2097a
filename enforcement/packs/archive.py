"""The ZIP of a pack: members uncompressed, in one order, without dates, so that the same members are the
same bytes.

Nothing else is read: what unpacks to more than it weighs, names a place outside, stands there twice or hides
between members is refused, because it is not what this file writes.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping

from enforcement.packs.errors import PackBroken

MOST_BYTES = 256 * 1024 * 1024
MOST_MEMBERS = 500

# All that the library raises for bytes that are no whole archive.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
    EOFError,
    OSError,
)
_NAME = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._-]{0,99}/){0,3}[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_START_OF_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_FILE_FOR_ALL_TO_READ = 0o100444 << 16
_UNIX = 3


def write_archive(members: Mapping[str, bytes]) -> bytes:
    """The ZIP of members by name, in the order given."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, _START_OF_ZIP_TIME)
            entry.create_system, entry.external_attr = _UNIX, _FILE_FOR_ALL_TO_READ
            archive.writestr(entry, content)
    return whole.getvalue()


def read_archive(whole: bytes) -> dict[str, bytes]:
    """The members of a ZIP that `write_archive` wrote. Raises PackBroken for every other bytes."""
    if len(whole) > MOST_BYTES:
        raise PackBroken(f"the file is larger than any pack ({MOST_BYTES // 1024 // 1024} MB)")
    try:
        with zipfile.ZipFile(io.BytesIO(whole)) as archive:
            entries = archive.infolist()
            _refuse_hostile(entries, len(whole))
            members = {entry.filename: archive.read(entry) for entry in entries}
    except _UNREADABLE as error:
        raise PackBroken(f"the file is no whole ZIP archive: {error}") from error
    if write_archive(members) != whole:
        raise PackBroken("the ZIP itself was changed: it holds more or other than its members")
    return members


def _refuse_hostile(entries: list[zipfile.ZipInfo], whole_bytes: int) -> None:
    """Judge the members by the archive's own list, before anything is unpacked."""
    if len(entries) > MOST_MEMBERS:
        raise PackBroken(f"the archive has {len(entries)} members, more than any pack")
    names = [entry.filename for entry in entries]
    if len({name.casefold() for name in names}) != len(names):
        raise PackBroken("the archive holds two members of one name")
    for entry in entries:
        if not _NAME.fullmatch(entry.filename):
            raise PackBroken(f"the archive holds a member with a name of no pack: {entry.filename[:80]!r}")
        if entry.compress_type != zipfile.ZIP_STORED or entry.compress_size != entry.file_size:
            raise PackBroken(f"{entry.filename} is compressed; a pack is not")
    if sum(entry.file_size for entry in entries) > whole_bytes:
        raise PackBroken("the archive's members are larger than itself")
