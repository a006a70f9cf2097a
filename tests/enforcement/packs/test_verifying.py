"""A changed byte is found wherever it is, and what pretends to be a pack is refused."""

from __future__ import annotations

import io
import json
import warnings
import zipfile

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from joserfc.jwk import OKPKey

from config.link import public_text
from config.wire import SigningKey
from enforcement.packs import archive
from enforcement.packs.archive import read_archive
from enforcement.packs.errors import PackBroken
from enforcement.packs.manifest import BUNDLE, MANIFEST, PACK_KEY, SIGNATURE
from enforcement.packs.verifying import verify_pack
from tests.enforcement.packs.court import Court, public_key_text
from tests.enforcement.packs.repacking import flipped, signed_anew, with_member, zipped

ONE_PER_CLASS = [
    "README.txt",
    "order/order.json",
    "order/plan.svg",
    "entry/passage.jws.json",
    "entry/unit-key.jwk.json",
    "entry/overview.jpg",
    "exit/plate.jpg",
    "exit/heartbeat-1.jws.json",
    "case/register.json",
    "case/decisions.json",
    "letters/1-driver_request.pdf",
    "audit/extract.json",
    "unused/schedule.json",
    PACK_KEY,
    MANIFEST,
    SIGNATURE,
    BUNDLE,
]


def other_key(name: str = "demo-packs:other") -> SigningKey:
    return SigningKey(name, OKPKey.generate_key("Ed25519"))


def test_a_pack_is_whole_by_the_forces_key_and_by_its_own(pack: bytes, approved: Court) -> None:
    verified = verify_pack(pack, public_key_text(approved))
    assert verified == verify_pack(pack)
    assert verified.key_id == approved.key.key_id
    assert set(read_archive(pack)) == {each.name for each in verified.manifest.files} | {MANIFEST, SIGNATURE}


@pytest.mark.parametrize("name", ONE_PER_CLASS)
@pytest.mark.parametrize("where", ["first", "middle", "last"])
def test_a_flipped_byte_of_a_member_is_found_though_the_archive_is_made_anew(
    pack: bytes, name: str, where: str
) -> None:
    content = read_archive(pack)[name]
    at = {"first": 0, "middle": len(content) // 2, "last": len(content) - 1}[where]
    with pytest.raises(PackBroken):
        verify_pack(with_member(pack, name, flipped(content, at)))


def test_every_bit_of_the_signature_counts(pack: bytes) -> None:
    signed = read_archive(pack)[SIGNATURE]
    start = signed.index(b'"signature"')
    for at in range(start, len(signed)):
        with pytest.raises(PackBroken):
            verify_pack(with_member(pack, SIGNATURE, flipped(signed, at)))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1, exclude_max=True), bits=st.integers(1, 255))
@example(share=0.0, bits=1)
@example(share=0.999_999_9, bits=255)
def test_a_flipped_byte_anywhere_in_the_file_is_found(pack: bytes, share: float, bits: int) -> None:
    with pytest.raises(PackBroken):
        verify_pack(flipped(pack, int(share * len(pack)), bits))


@pytest.mark.parametrize("cut", [0, 1, 22, 100_000])
def test_a_cut_or_longer_file_is_found(pack: bytes, cut: int) -> None:
    for whole in (pack[: len(pack) - 1 - cut], pack + b"\0" * (cut + 1), b"\0" * (cut + 1) + pack):
        with pytest.raises(PackBroken):
            verify_pack(whole)


@pytest.mark.parametrize("name", ONE_PER_CLASS)
def test_a_missing_member_is_named(pack: bytes, name: str) -> None:
    with pytest.raises(PackBroken, match=name):
        verify_pack(with_member(pack, name, None))


def test_an_added_member_is_named(pack: bytes) -> None:
    with pytest.raises(PackBroken, match=r"case/more\.json is in the pack, but not in the signed list"):
        verify_pack(with_member(pack, "case/more.json", b"{}"))


def test_another_key_is_refused_where_the_forces_key_is_given(pack: bytes, approved: Court) -> None:
    with pytest.raises(PackBroken, match="not with the key that was given"):
        verify_pack(pack, public_text(other_key()))
    forger = other_key(approved.key.key_id)
    forged = signed_anew(pack, forger, {PACK_KEY: public_text(forger).encode()})
    with pytest.raises(PackBroken, match="not with the key that was given"):
        verify_pack(forged, public_key_text(approved))


def test_a_manifest_signed_by_a_stranger_is_found(pack: bytes) -> None:
    with pytest.raises(PackBroken, match="the signature does not verify"):
        verify_pack(signed_anew(pack, other_key(), {}))


def test_a_file_that_the_bundle_does_not_know_is_found_though_the_force_signed_it(
    pack: bytes, approved: Court
) -> None:
    with pytest.raises(PackBroken, match=r"does not print the hash of case/register\.json"):
        verify_pack(signed_anew(pack, approved.key, {"case/register.json": b"{}"}))


def test_a_private_key_is_refused_as_the_courts(pack: bytes, approved: Court) -> None:
    private = {**approved.key.key.as_dict(private=True), "kid": approved.key.key_id}
    with pytest.raises(PackBroken, match="the public key that was given is of no use"):
        verify_pack(pack, json.dumps(private))


HOSTILE = {
    "a bomb": (zipped(("manifest.json", b"\0" * 50_000_000), compression=zipfile.ZIP_DEFLATED), "compressed"),
    "a path outside": (zipped(("../manifest.json", b"{}")), "a name of no pack"),
    "an absolute path": (zipped(("/etc/passwd", b"")), "a name of no pack"),
    "a Windows path": (zipped(("C:\\manifest.json", b"")), "a name of no pack"),
    "a name with a NUL": (zipped(("manifest.json%", b"")).replace(b"%", b"\0"), "."),
    "names that differ by case": (
        zipped(("manifest.json", b""), ("Manifest.JSON", b"")),
        "two members of one name",
    ),
    "too many members": (
        zipped(*((f"{n}.txt", b"") for n in range(archive.MOST_MEMBERS + 1))),
        "more than any pack",
    ),
    "nothing": (b"", "no whole ZIP"),
    "no archive": (b"%PDF-1.7 something else", "no whole ZIP"),
    "an empty archive": (zipped(), "is missing from the pack"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_archives_are_refused(what: str) -> None:
    whole, words = HOSTILE[what]
    with pytest.raises(PackBroken, match=words):
        verify_pack(whole)


def test_two_members_of_one_name_are_refused() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns of what is written here on purpose
        whole = zipped(("manifest.json", b"{}"), ("manifest.json", b"[]"))
    with pytest.raises(PackBroken, match="two members of one name"):
        verify_pack(whole)


def test_overlapping_members_are_refused(pack: bytes) -> None:
    """A list that names the same bytes many times unpacks to more than it weighs."""
    whole = zipped(("a.bin", b"x" * 4096))
    start = whole.index(b"PK\x01\x02")
    end = whole.index(b"PK\x05\x06")
    entries = b"".join(whole[start:end].replace(b"a.bin", b"%05d" % n) for n in range(200))
    tail = whole[end : end + 8] + (200).to_bytes(2, "little") * 2 + len(entries).to_bytes(4, "little")
    with pytest.raises(PackBroken):
        verify_pack(whole[:start] + entries + tail + start.to_bytes(4, "little") + b"\0\0")


def test_a_larger_file_than_any_pack_is_not_read(monkeypatch: pytest.MonkeyPatch, pack: bytes) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", len(pack) - 1)
    with pytest.raises(PackBroken, match="larger than any pack"):
        verify_pack(pack)


def test_bytes_hidden_between_members_are_found(pack: bytes) -> None:
    """A reader that goes by the list alone would not see them."""
    with zipfile.ZipFile(io.BytesIO(pack)) as opened:
        second = opened.infolist()[1].header_offset
    with pytest.raises(PackBroken):
        verify_pack(pack[:second] + b"hidden" + pack[second:])
