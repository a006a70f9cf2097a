"""Whether an Ed25519 signature is right (RFC 8032).

An ingester checks thousands a second, which is most of its work: libsodium, installed at the centre, does
it in half of OpenSSL's time. A unit, which checks a receipt now and then, does without.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HAS_LIBSODIUM = find_spec("nacl") is not None
if HAS_LIBSODIUM:
    from nacl.bindings import crypto_sign_BYTES, crypto_sign_open
    from nacl.exceptions import CryptoError

Check = Callable[[Ed25519PublicKey, bytes, bytes], bool]


def by_openssl(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    """Whether `signature` is the key's over `message`; False also for bytes that are no signature."""
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def by_libsodium(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    """The same; keys and signatures that only a forger would make are refused too (small order)."""
    if len(signature) != crypto_sign_BYTES:  # else it would take the message's first bytes for the rest
        return False
    try:
        crypto_sign_open(signature + message, key.public_bytes_raw())
    except CryptoError:
        return False
    return True


is_right: Check = by_libsodium if HAS_LIBSODIUM else by_openssl
