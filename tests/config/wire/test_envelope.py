"""The signed envelope: what verifies, what is refused, and that the signed bytes come back unchanged."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OKPKey

from config.errors import BadSignature, Undecodable, UnknownVersion, WireError
from config.wire import Header, Receipt, SigningKey, decode, encode, open_envelope, seal

KEY = SigningKey("unit-1:abc", OKPKey.generate_key("Ed25519"))
RECEIPT = Receipt(agent_id="unit-1", outbox_id="0" * 32, accepted=(1, 2, 5))


def known(key_id: str) -> OKPKey | None:
    return KEY.key if key_id == KEY.key_id else None


def sealed(**header: object) -> bytes:
    return seal(encode(RECEIPT), Header(kid=KEY.key_id, kind="receipt", **header), KEY)  # type: ignore[arg-type]  # a test's shorthand


def test_the_signed_bytes_come_back_as_they_were() -> None:
    raw = sealed(outbox="f" * 32, seq=7)
    envelope = open_envelope(raw, known)
    assert envelope.payload == encode(RECEIPT)
    assert envelope.raw == raw
    assert (envelope.header.outbox, envelope.header.seq) == ("f" * 32, 7)
    assert decode(envelope.payload, Receipt) == RECEIPT


@pytest.mark.parametrize("part", ["payload", "protected", "signature"])
def test_one_changed_byte_in_any_part_is_refused(part: str) -> None:
    parts = json.loads(sealed())
    content = bytearray(base64.urlsafe_b64decode(parts[part] + "=="))
    content[len(content) // 2] ^= 1
    parts[part] = base64.urlsafe_b64encode(bytes(content)).decode().rstrip("=")
    with pytest.raises(WireError):
        open_envelope(json.dumps(parts).encode(), known)


def test_another_key_is_refused_even_under_a_known_name() -> None:
    forged = seal(
        encode(RECEIPT),
        Header(kid=KEY.key_id, kind="receipt"),
        SigningKey(KEY.key_id, OKPKey.generate_key("Ed25519")),
    )
    with pytest.raises(BadSignature, match="does not verify"):
        open_envelope(forged, known)


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(BadSignature, match="no key 'unit-1:abc' is known"):
        open_envelope(sealed(), lambda _: None)


def test_a_major_version_not_spoken_here_says_so() -> None:
    with pytest.raises(UnknownVersion, match=r"message version 2\.0"):
        open_envelope(sealed(version="2.0"), known)


def test_a_newer_minor_version_is_accepted() -> None:
    assert open_envelope(sealed(version="1.9"), known).payload == encode(RECEIPT)


def test_a_truncated_envelope_is_undecodable_at_every_length() -> None:
    raw = sealed()
    for length in range(len(raw)):
        with pytest.raises(Undecodable):
            open_envelope(raw[:length], known)


def test_a_header_with_critical_extensions_is_refused() -> None:
    protected = {"alg": "Ed25519", "kid": KEY.key_id, "kind": "receipt", "crit": ["b64"], "b64": False}
    text = base64.urlsafe_b64encode(json.dumps(protected).encode()).decode().rstrip("=")
    with pytest.raises(Undecodable, match="must be understood"):
        open_envelope(json.dumps({**json.loads(sealed()), "protected": text}).encode(), known)


@pytest.mark.parametrize("curve", ["Ed448", "X25519"])
def test_a_key_of_another_kind_verifies_nothing(curve: str) -> None:
    with pytest.raises(BadSignature):
        open_envelope(sealed(), lambda _: OKPKey.generate_key(curve))


@given(st.binary(max_size=300), st.integers(1, 2**40))
def test_the_kept_library_opens_what_was_sealed_and_reads_the_same(payload: bytes, seq: int) -> None:
    raw = seal(payload, Header(kid=KEY.key_id, kind="receipt", outbox="0" * 32, seq=seq), KEY)
    registry = jws.JWSRegistry(algorithms=["Ed25519"], strict_check_header=False)
    assert jws.deserialize_json(json.loads(raw), KEY.key, registry=registry).payload == payload
    assert open_envelope(raw, known).payload == payload


@given(st.binary(max_size=300))
def test_bytes_from_anywhere_raise_nothing_but_wire_errors(raw: bytes) -> None:
    with pytest.raises(WireError):
        open_envelope(raw, known)
