"""Who the unit is: its key for envelopes, and its certificate for the broker."""

from __future__ import annotations

from pathlib import Path

from config.errors import LinkError
from config.link import load_or_make_key, load_or_make_tls_key, request_for
from config.settings import EdgeSettings
from config.wire import SigningKey

_KEY, _NEXT_KEY = "signing-key.pem", "signing-key.next.pem"


def signing_key(settings: EdgeSettings) -> SigningKey:
    """The key in the unit's data folder, made at its first start. Raises LinkError."""
    return load_or_make_key(Path(settings.data_dir) / _KEY, settings.agent_id)


def next_signing_key(settings: EdgeSettings) -> SigningKey:
    """The key that will follow, made when first asked for; nothing is signed by it yet. Raises LinkError."""
    return load_or_make_key(Path(settings.data_dir) / _NEXT_KEY, settings.agent_id)


def next_key_waits(settings: EdgeSettings) -> bool:
    """Whether a next key was made that is not used yet."""
    return (Path(settings.data_dir) / _NEXT_KEY).exists()


def use_next_key(settings: EdgeSettings) -> SigningKey:
    """Let the next key take the place of the one before, which is forgotten. Raises LinkError.

    What waits in the outbox is signed when it is sent, so nothing needs the old key any more.
    """
    if not next_key_waits(settings):
        raise LinkError("no next key waits; make it with: hgv-edge key --next, and have the centre issue it")
    following = next_signing_key(settings)
    folder = Path(settings.data_dir)
    (folder / _NEXT_KEY).replace(folder / _KEY)
    return following


def certificate_request(settings: EdgeSettings) -> str | None:
    """A request for the unit's certificate, its private key made where there is none; None without TLS.

    Raises LinkError.
    """
    tls = settings.broker.tls
    return request_for(settings.agent_id, load_or_make_tls_key(Path(tls.key_file))) if tls else None


def private_files(settings: EdgeSettings) -> list[Path]:
    """Where the unit's private keys lie, or will."""
    tls, folder = settings.broker.tls, Path(settings.data_dir)
    return [folder / _KEY, folder / _NEXT_KEY, *([Path(tls.key_file)] if tls else [])]
