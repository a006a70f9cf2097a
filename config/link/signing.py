"""Ed25519 keys on disk: each process makes its own at first start; the public half travels as a JWK."""

from __future__ import annotations

import json
import os
from pathlib import Path

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from config.errors import LinkError
from config.wire.envelope import SigningKey


def load_or_make_key(path: Path, owner: str) -> SigningKey:
    """The signing key in `path`, made (mode 0600, fsynced) where there is none.

    Its id is the owner's name and the key's thumbprint (RFC 7638). Raises LinkError for an unusable file.
    """
    if not path.exists():
        _write_new(path, OKPKey.generate_key("Ed25519"))
    key = _read(path)
    if not key.is_private:
        raise LinkError(f"{path} holds a public key only; the signing key itself is needed")
    return SigningKey(f"{owner}:{key.thumbprint()}", key)


def public_text(key: SigningKey) -> str:
    """The public half as a JWK in JSON, with its key id."""
    return json.dumps({**key.key.as_dict(private=False), "kid": key.key_id}, sort_keys=True)


def load_public_key(text: str) -> tuple[str, OKPKey]:
    """Key id and public key of a JWK made by `public_text`. Raises LinkError where it is none."""
    try:
        fields = json.loads(text)
        return str(fields["kid"]), OKPKey.import_key(fields)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise LinkError(f"not a public key as a unit prints it (a JWK with kid): {error}") from error


def _read(path: Path) -> OKPKey:
    try:
        return OKPKey.import_key(path.read_bytes())
    except OSError as error:
        raise LinkError(f"the key file {path} cannot be read: {error.strerror}") from error
    except (JoseError, ValueError) as error:
        raise LinkError(
            f"{path} is not an Ed25519 key in PEM; restore it, or move it away for a new one"
        ) from error


def _write_new(path: Path, key: OKPKey) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".new")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key.as_pem(private=True))
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    except OSError as error:
        raise LinkError(f"a new key cannot be written to {path}: {error.strerror}") from error
