"""Ed25519 keys on disk: each process makes its own at first start; the public half travels as a JWK."""

from __future__ import annotations

import json
from pathlib import Path

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from config.errors import LinkError
from config.link.private_files import write_private
from config.wire.envelope import SigningKey


def load_or_make_key(path: Path, owner: str) -> SigningKey:
    """The signing key in `path`, made (mode 0600, fsynced) where there is none.

    Its id is the owner's name and the key's thumbprint (RFC 7638). Raises LinkError for an unusable file.
    """
    if not path.exists():
        write_private(path, OKPKey.generate_key("Ed25519").as_pem(private=True))
    key = _read(path)
    if not key.is_private:
        raise LinkError(f"{path} holds a public key only; the signing key itself is needed")
    return SigningKey(own_key_id(owner, key), key)


def public_text(key: SigningKey) -> str:
    """The public half as a JWK in JSON, with its key id."""
    return json.dumps({**key.key.as_dict(private=False), "kid": key.key_id}, sort_keys=True)


def load_public_key(text: str) -> tuple[str, OKPKey]:
    """Key id and public key of a JWK made by `public_text`. Raises LinkError where it is none.

    A private key is refused as well: it must never have left its unit.
    """
    try:
        fields = json.loads(text)
        key_id, key = str(fields["kid"]), OKPKey.import_key(fields)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise LinkError(f"not a public key as a unit prints it (a JWK with kid): {error}") from error
    if key.is_private:
        raise LinkError(f"this is the private half of {key_id}; the unit must make a new key and print that")
    if key.curve_name != "Ed25519":
        raise LinkError(f"{key_id} is a key for {key.curve_name}; envelopes are signed with Ed25519")
    return key_id, key


def own_key_id(owner: str, key: OKPKey) -> str:
    """The id that a key of `owner` must have: the owner's name and the key's thumbprint (RFC 7638)."""
    return f"{owner}:{key.thumbprint()}"


def _read(path: Path) -> OKPKey:
    try:
        return OKPKey.import_key(path.read_bytes())
    except OSError as error:
        raise LinkError(f"the key file {path} cannot be read: {error.strerror}") from error
    except (JoseError, ValueError) as error:
        raise LinkError(
            f"{path} is not an Ed25519 key in PEM; restore it, or move it away for a new one"
        ) from error
