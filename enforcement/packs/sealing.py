"""The signature over a manifest: a JWS in flattened JSON (RFC 7515), Ed25519 (RFC 8037, RFC 9864).

Each force has a key of its own for packs; the private half stays in its file, the public half is printed for
the court.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import cast

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.jws import FlattenedJSONSerialization

from config.errors import LinkError
from config.link import load_or_make_key, load_public_key
from config.wire import SigningKey
from enforcement.packs.errors import PackBroken

_ALGORITHM = "Ed25519"
_TYPE = "hgvwatch-pack"


def pack_key(data_dir: Path, authority: str) -> SigningKey:
    """The force's key for packs, made at first use (mode 0600). Raises LinkError for a file of no use."""
    return load_or_make_key(data_dir / "pack-key.pem", f"{authority}-packs")


def seal_manifest(manifest: bytes, key: SigningKey) -> bytes:
    """The signed manifest: the very bytes of `manifest` inside a JWS."""
    header = {"alg": _ALGORITHM, "kid": key.key_id, "typ": _TYPE}
    signed = jws.serialize_json({"protected": header}, manifest, key.key, algorithms=[_ALGORITHM])
    return _written(dict(signed))


def open_manifest(signed: bytes, key_id: str, key: OKPKey) -> bytes:
    """The manifest that `key` signed, its signature checked. Raises PackBroken."""
    try:
        parts = json.loads(signed)
        if _written(_encoded_anew(parts)) != signed:
            raise PackBroken("the signature is not written as a pack's is")
        opened = jws.deserialize_json(cast("FlattenedJSONSerialization", parts), key, algorithms=[_ALGORITHM])
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise PackBroken(f"the signature does not verify: this is not what {key_id} signed") from error
    if opened.headers().get("kid") != key_id or opened.headers().get("typ") != _TYPE:
        raise PackBroken(f"the signature is not one of {key_id} over a pack")
    if opened.payload is None:
        raise PackBroken("the signature is over nothing")
    return opened.payload


def _written(parts: dict[str, object]) -> bytes:
    return json.dumps(parts, sort_keys=True).encode() + b"\n"


def _encoded_anew(parts: dict[str, str]) -> dict[str, object]:
    """The same bytes in the one way to write them: base64 leaves bits over that no signature covers."""
    return {
        name: base64.urlsafe_b64encode(base64.urlsafe_b64decode(f"{parts[name]}==")).decode().rstrip("=")
        for name in ("payload", "protected", "signature")
    }


def court_key(text: str, what: str) -> tuple[str, OKPKey]:
    """Key id and public key of a JWK in JSON. Raises PackBroken, naming what it was to be."""
    try:
        return load_public_key(text)
    except LinkError as error:
        raise PackBroken(f"{what} is of no use: {error}") from error
