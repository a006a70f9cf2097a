"""Ed25519 by either library: the same answers."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from config.wire import signatures
from config.wire.signatures import Check, by_libsodium, by_openssl

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
# The group's order: a signature whose second half has it added once more must not verify (RFC 8032, 5.1.7).
ORDER = 2**252 + 27742317777372353535851937790883648493


@pytest.fixture(params=[by_openssl, by_libsodium], ids=["openssl", "libsodium"])
def check(request: pytest.FixtureRequest) -> Check:
    if request.param is by_libsodium and not signatures.HAS_LIBSODIUM:
        pytest.skip("PyNaCl is not installed")
    return request.param


def test_the_faster_one_is_taken_where_it_is_installed() -> None:
    expected = by_libsodium if signatures.HAS_LIBSODIUM else by_openssl
    assert signatures.is_right is expected


@pytest.mark.parametrize("message", [b"", b"a", b"x" * 100_000])
def test_a_right_signature_is_right(check: Check, message: bytes) -> None:
    assert check(KEY.public_key(), KEY.sign(message), message)


@given(flipped=st.integers(0, 511))
def test_one_flipped_bit_of_a_signature_is_seen(flipped: int) -> None:
    signature = bytearray(KEY.sign(b"message"))
    signature[flipped // 8] ^= 1 << flipped % 8
    for each in (by_openssl, signatures.is_right):
        assert not each(KEY.public_key(), bytes(signature), b"message")


def test_what_is_not_the_keys_signature_is_refused(check: Check) -> None:
    right = KEY.sign(b"message")
    later = (int.from_bytes(right[32:], "little") + ORDER).to_bytes(32, "little")
    nobody = Ed25519PublicKey.from_public_bytes(b"\x01" + bytes(31))
    cases = {
        "another message": (KEY.public_key(), right, b"messagf"),
        "another key": (OTHER.public_key(), right, b"message"),
        "cut": (KEY.public_key(), right[:-1], b"message"),
        "cut, its last byte moved into the message": (KEY.public_key(), right[:-1], right[-1:] + b"message"),
        "longer": (KEY.public_key(), right + b"m", b"essage"),
        "empty": (KEY.public_key(), b"", b"message"),
        "the same number written otherwise": (KEY.public_key(), right[:32] + later, b"message"),
    }
    for name, (key, signature, message) in cases.items():
        assert not check(key, signature, message), name
    if check is by_libsodium:
        assert not check(nobody, b"\x01" + bytes(63), b"message"), "a key of small order"
