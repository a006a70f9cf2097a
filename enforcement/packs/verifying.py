"""Checks a pack away from the force's systems: nothing is needed but the file, at best with the public key.

The first thing that is wrong ends the check. What is right at the end: every byte is what the force's key
signed, the bundle names every file with its hash, and inside it each passage and heartbeat is what its camera
unit signed, each picture is the one that the unit hashed, and the audit entries follow from one another.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass

from joserfc.jwk import OKPKey
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from config.errors import WireError
from config.wire import Envelope, Health, Passage, decode, open_envelope
from enforcement.packs.archive import read_archive
from enforcement.packs.audit_extract import read_extract
from enforcement.packs.bundle import exhibit_pages
from enforcement.packs.errors import PackBroken
from enforcement.packs.manifest import BUNDLE, MANIFEST, PACK_KEY, SIGNATURE, Manifest, read_manifest
from enforcement.packs.members import ENDS, ENVELOPE, EXTRACT, HEARTBEAT, UNIT_KEY
from enforcement.packs.sealing import court_key, open_manifest

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Verified:
    """A pack in which everything is right, and the id of the key that signed it."""

    manifest: Manifest
    key_id: str


def verify_pack(whole: bytes, key_text: str | None = None) -> Verified:
    """Check a pack by the force's public key, or by the one inside it. Raises PackBroken.

    By the key inside it, only that nothing was changed since it was signed is known, not by whom.
    """
    files = read_archive(whole)
    key_id, key = _key(files, key_text)
    manifest = _signed_manifest(files, key_id, key)
    _check_files(files, manifest)
    _check_bundle(files[BUNDLE], manifest)
    for end in ENDS:
        _check_passage(files, end, manifest)
    _check_audit(files, manifest)
    return Verified(manifest, key_id)


def _member(files: Files, name: str) -> bytes:
    if name not in files:
        raise PackBroken(f"{name} is missing from the pack")
    return files[name]


def _key(files: Files, key_text: str | None) -> tuple[str, OKPKey]:
    inside = court_key(_text(_member(files, PACK_KEY)), f"the key in the pack ({PACK_KEY})")
    if key_text is None:
        return inside
    given = court_key(key_text, "the public key that was given")
    if given[1].thumbprint() != inside[1].thumbprint():
        raise PackBroken(f"the pack is signed with {inside[0]}, not with the key that was given ({given[0]})")
    return given


def _signed_manifest(files: Files, key_id: str, key: OKPKey) -> Manifest:
    signed = open_manifest(_member(files, SIGNATURE), key_id, key)
    if signed != _member(files, MANIFEST):
        raise PackBroken(f"{MANIFEST} is not the list that was signed")
    return read_manifest(signed)


def _check_files(files: Files, manifest: Manifest) -> None:
    listed = {each.name: each for each in manifest.files}
    if len(listed) != len(manifest.files):
        raise PackBroken(f"{MANIFEST} lists a file twice")
    for name in sorted(set(files) - {MANIFEST, SIGNATURE} - set(listed)):
        raise PackBroken(f"{name} is in the pack, but not in the signed list")
    for name, each in listed.items():
        if hashlib.sha256(_member(files, name)).hexdigest() != each.sha256:
            raise PackBroken(f"{name} was changed: its hash is not the one in the signed list")
        if len(files[name]) != each.size_bytes:
            raise PackBroken(f"{name} is not as long as the signed list says")


def _check_bundle(pdf: bytes, manifest: Manifest) -> None:
    """The bundle has the pages and parts that the manifest says, and prints the hash of every file."""
    try:
        exhibits, pages = exhibit_pages(pdf)
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise PackBroken(f"{BUNDLE} is no readable PDF: {error}") from error
    if (exhibits, pages) != (manifest.exhibits, manifest.pages):
        raise PackBroken(f"{BUNDLE} has other pages or exhibits than the signed list says")
    for each in manifest.files:
        if each.name != BUNDLE and each.sha256 not in text:
            raise PackBroken(f"{BUNDLE} does not print the hash of {each.name}")


def _check_passage(files: Files, end: str, manifest: Manifest) -> None:
    """What the unit signed at one end, by the unit's own key."""
    key = court_key(_text(_member(files, f"{end}/{UNIT_KEY}")), f"the unit's key in {end}/")[1]
    try:
        envelope = _opened(_member(files, f"{end}/{ENVELOPE}"), key)
        passage = decode(envelope.payload, Passage)
        for name in sorted(files):
            if name.startswith(f"{end}/{HEARTBEAT}-"):
                beat = decode(_opened(files[name], key).payload, Health)
                if beat.agent_id != passage.agent_id:
                    raise PackBroken(f"{name} is another unit's heartbeat")
    except WireError as error:
        raise PackBroken(f"a message in {end}/ is not what its unit signed: {error}") from error
    if passage.authority != manifest.authority:
        raise PackBroken(f"the passage in {end}/ is another authority's")
    hashes = {each.kind: each.sha256 for each in passage.evidence}
    for kind in ("overview", "plate"):
        picture = hashlib.sha256(_member(files, f"{end}/{kind}.jpg")).hexdigest()
        if picture != hashes.get(kind):
            raise PackBroken(f"{end}/{kind}.jpg is not the picture that the camera unit hashed and signed")


def _opened(raw: bytes, key: OKPKey) -> Envelope:
    return open_envelope(raw, lambda _: key)


def _check_audit(files: Files, manifest: Manifest) -> None:
    for entry in read_extract(_member(files, EXTRACT)).entries:
        if entry.authority != manifest.authority:
            raise PackBroken(f"entry {entry.seq} of the audit extract is another authority's")


def _text(content: bytes) -> str:
    return content.decode("utf-8", errors="replace")
