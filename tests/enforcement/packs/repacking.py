"""Packs taken apart and put together again, as somebody might who wants to pass off another."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import msgspec

from config.wire import SigningKey
from enforcement.packs.archive import read_archive, write_archive
from enforcement.packs.manifest import MANIFEST, SIGNATURE, manifest_bytes, packed_file, read_manifest
from enforcement.packs.sealing import seal_manifest


def with_member(pack: bytes, name: str, content: bytes | None) -> bytes:
    """The pack with one member replaced, added or taken out."""
    files = {**read_archive(pack)}
    if content is None:
        del files[name]
    else:
        files[name] = content
    return write_archive(files)


def signed_anew(pack: bytes, key: SigningKey, members: Mapping[str, bytes]) -> bytes:
    """The pack with other members and a manifest that fits them, signed with `key`."""
    files = {**read_archive(pack), **members}
    manifest = read_manifest(files[MANIFEST])
    listed = tuple(packed_file(each.name, each.what, files[each.name]) for each in manifest.files)
    again = manifest_bytes(msgspec.structs.replace(manifest, files=listed))
    return write_archive({**files, MANIFEST: again, SIGNATURE: seal_manifest(again, key)})


def flipped(content: bytes, at: int, bits: int = 1) -> bytes:
    """The bytes with one of them changed."""
    return content[:at] + bytes([content[at] ^ bits]) + content[at + 1 :]


def zipped(*members: tuple[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    """An archive of any members, as a stranger might write it."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", compression) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return whole.getvalue()
