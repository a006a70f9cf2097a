"""What a pack says that it holds: each file with its hash, and where the exhibits stand in the bundle."""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from config.wire.values import Instant, Name, Sha256
from enforcement.packs.errors import PackBroken

MANIFEST = "manifest.json"
SIGNATURE = "manifest.jws.json"
BUNDLE = "bundle.pdf"
PACK_KEY = "pack-key.jwk.json"

Text = Annotated[str, Meta(max_length=500)]


class PackedFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One member of the ZIP and what it is."""

    name: Text
    what: Text
    sha256: Sha256
    size_bytes: Annotated[int, Meta(ge=0)]


class ExhibitPage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a part of the bundle begins; `number` is empty for the statement and the index."""

    number: Text
    title: Text
    page: Annotated[int, Meta(ge=1)]


class Manifest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole pack. It is signed as the bytes of `manifest.json`."""

    format: Literal["hgvwatch-pack/1"] = "hgvwatch-pack/1"
    authority: Name
    case_id: Annotated[int, Meta(ge=1)]
    reference: Text
    made_at: Instant
    made_by: Text
    software: Text
    pages: Annotated[int, Meta(ge=1)]
    exhibits: Annotated[tuple[ExhibitPage, ...], Meta(max_length=50)]
    files: Annotated[tuple[PackedFile, ...], Meta(max_length=500)]


_MANIFEST = msgspec.json.Decoder(Manifest)


def packed_file(name: str, what: str, content: bytes) -> PackedFile:
    """The entry of one member."""
    return PackedFile(
        name=name, what=what, sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content)
    )


def manifest_bytes(manifest: Manifest) -> bytes:
    """The manifest as it is signed: JSON in a fixed order, for people to read."""
    return msgspec.json.format(msgspec.json.encode(manifest, order="deterministic"), indent=1) + b"\n"


def read_manifest(content: bytes) -> Manifest:
    """The manifest in `content`. Raises PackBroken."""
    try:
        return _MANIFEST.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise PackBroken(f"{MANIFEST} is not a pack's list of files: {error}") from error
