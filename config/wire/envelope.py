"""The signed envelope: a JWS in flattened JSON (RFC 7515), Ed25519 over the exact bytes
of the payload (RFC 8037, RFC 9864).

The protected header names key, kind and version, and for messages that must arrive the outbox and sequence
number. Verification gives back the very bytes that were signed; they are stored beside the row.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc.jwk import OKPKey
from msgspec import Meta, Struct

from config.errors import BadSignature, Undecodable, UnknownVersion
from config.wire.signatures import is_right
from config.wire.values import VERSION, MessageId, Seq

Kind = Literal["passage", "traffic", "health", "loss", "receipt"]

_MAX_ENVELOPE_BYTES = 256 * 1024


class Header(Struct, frozen=True, kw_only=True):
    """The protected header. `outbox` and `seq` only on messages that the outbox numbers.

    The algorithm is EdDSA as RFC 9864 names it; the bare "EdDSA" is deprecated.
    """

    alg: Literal["Ed25519"] = "Ed25519"
    kid: Annotated[str, Meta(min_length=1, max_length=128)]
    kind: Kind
    version: Annotated[str, Meta(pattern=r"^\d+\.\d+$")] = VERSION
    outbox: MessageId | None = None
    seq: Seq | None = None


class _ReceivedHeader(Header, frozen=True, kw_only=True):
    """`crit` forbids a reader who does not know the extensions that it names (RFC 7515, section 4.1.11)."""

    crit: object = None


@dataclass(frozen=True)
class Envelope:
    """A verified envelope: its header, the signed payload bytes, and the bytes as received."""

    header: Header
    payload: bytes
    raw: bytes


@dataclass(frozen=True)
class SigningKey:
    """An Ed25519 private key and the id under which its public half is known."""

    key_id: str
    key: OKPKey


# Gives the public key for a key id, or None where none is known or it is revoked.
VerifyingKeys = Callable[[str], OKPKey | None]


class _Flattened(Struct, frozen=True):
    payload: str
    protected: str
    signature: str


# Made here and now: msgspec 0.22 ends the process where two threads use a type for the first time at once.
_FLATTENED, _HEADER = msgspec.json.Decoder(_Flattened), msgspec.json.Decoder(_ReceivedHeader)


def seal(payload: bytes, header: Header, key: SigningKey) -> bytes:
    """`payload` signed with `key` as flattened JSON. Raises ValueError for a key that cannot sign."""
    named = {k: v for k, v in msgspec.to_builtins(header).items() if v is not None}
    protected, text = _base64url(msgspec.json.encode(named)), _base64url(payload)
    private_key = key.key.private_key
    if not isinstance(private_key, Ed25519PrivateKey):
        raise ValueError(f"{key.key_id} is not a private Ed25519 key")
    signature = private_key.sign(f"{protected}.{text}".encode())
    return msgspec.json.encode(_Flattened(text, protected, _base64url(signature)))


def peek_header(raw: bytes) -> Header:
    """The header of an envelope without trusting it. Raises Undecodable or UnknownVersion."""
    return _header_of(_flattened(raw))


def open_envelope(raw: bytes, keys: VerifyingKeys) -> Envelope:
    """The verified envelope. Raises Undecodable, UnknownVersion or BadSignature; never anything else.

    The signature is checked over the text as it was received (RFC 7515, section 5.2), nothing is built anew:
    an ingester opens thousands a second.
    """
    parts = _flattened(raw)
    header = _header_of(parts)
    key = keys(header.kid)
    public_key = key.public_key if key else None
    if not isinstance(public_key, Ed25519PublicKey):
        raise BadSignature(f"no key {header.kid!r} is known, or it is revoked")
    try:
        signature, signed = _from_base64url(parts.signature), f"{parts.protected}.{parts.payload}".encode()
        payload = _from_base64url(parts.payload)
    except ValueError as error:
        raise BadSignature(f"the signature by {header.kid!r} does not verify: {error}") from error
    if not is_right(public_key, signature, signed):
        raise BadSignature(f"the signature by {header.kid!r} does not verify")
    return Envelope(header, payload, raw)


def _flattened(raw: bytes) -> _Flattened:
    if len(raw) > _MAX_ENVELOPE_BYTES:
        raise Undecodable(f"an envelope of {len(raw)} bytes; at most {_MAX_ENVELOPE_BYTES} are read")
    try:
        return _FLATTENED.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Undecodable(f"not a flattened JWS: {error}") from error


def _header_of(parts: _Flattened) -> Header:
    try:
        protected = _from_base64url(parts.protected)
        header = _HEADER.decode(protected)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Undecodable(f"the protected header is not ours: {error}") from error
    if header.crit is not None:
        raise Undecodable("the protected header names extensions that must be understood; none are here")
    if header.version.split(".")[0] != VERSION.split(".")[0]:
        raise UnknownVersion(f"message version {header.version}; this software speaks {VERSION}")
    return header


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _from_base64url(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
