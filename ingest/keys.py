"""The public keys of camera units: enrolled, revoked, and looked up while messages are verified."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from joserfc.jwk import OKPKey
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from config.errors import LinkError
from config.link import load_public_key
from ingest.database import reading
from ingest.errors import NotFound, RecordsError
from ingest.inserts import insert_into
from ingest.tables import AGENT_KEYS
from ingest.values import AgentKey

# A revoked key must be refused within a second of its revocation.
_REMEMBERED_S = 0.5


def store_agent_key(
    session: Session, authority: str, agent_id: str, key_id: str, public_jwk: str, now: datetime
) -> None:
    """Enrol a unit's key. The same again changes nothing. Raises RecordsError for a key that is another's."""
    try:
        named, _ = load_public_key(public_jwk)
    except LinkError as error:
        raise RecordsError(f"the key of {agent_id} cannot be enrolled: {error}") from error
    if named != key_id:
        raise RecordsError(f"the key calls itself {named}, not {key_id}; use the file as the unit printed it")
    row = {
        "key_id": key_id,
        "authority": authority,
        "agent_id": agent_id,
        "public_jwk": public_jwk,
        "stored_at": now,
    }
    if session.scalar(insert_into(session, AGENT_KEYS).on_conflict_do_nothing().returning(_K.key_id), row):
        return
    stored = session.execute(select(_K.authority, _K.agent_id).where(_K.key_id == key_id)).one()
    if stored != (authority, agent_id):
        raise RecordsError(f"key {key_id} is enrolled for another unit; a unit makes its own key")


def revoke_agent_key(session: Session, authority: str, key_id: str, now: datetime) -> None:
    """Trust a key no longer, from now on. Raises NotFound."""
    revoked = session.execute(
        update(AGENT_KEYS)
        .where(_K.authority == authority, _K.key_id == key_id, _K.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(_K.key_id)
    ).all()
    if not revoked:
        raise NotFound(f"no key {key_id} in force is enrolled for {authority}")


def agent_keys(session: Session, authority: str) -> list[AgentKey]:
    """All keys of an authority's units, revoked ones too."""
    rows = session.execute(
        select(AGENT_KEYS).where(_K.authority == authority).order_by(_K.agent_id, _K.key_id)
    )
    return [_agent_key(row) for row in rows.mappings()]


@dataclass(frozen=True)
class TrustedKey:
    """A key in force and whose it is."""

    authority: str
    agent_id: str
    key: OKPKey


class KeyRing:
    """The keys in force, read from the database and remembered for half a second."""

    def __init__(self, engine: Engine, monotonic_s: Callable[[], float]) -> None:
        self._engine = reading(engine)
        self._monotonic_s = monotonic_s
        self._read_at_s = float("-inf")
        self._keys: dict[str, TrustedKey] = {}
        self._parsed: dict[str, OKPKey] = {}

    def get(self, key_id: str) -> TrustedKey | None:
        """The key and its owner, or None where it is unknown or revoked."""
        if self._monotonic_s() - self._read_at_s > _REMEMBERED_S:
            self._read()
        return self._keys.get(key_id)

    def verifying_key(self, key_id: str) -> OKPKey | None:
        """The same as `config.wire.open_envelope` wants it."""
        trusted = self.get(key_id)
        return trusted.key if trusted else None

    def _read(self) -> None:
        with Session(self._engine) as session:
            rows = session.execute(select(AGENT_KEYS).where(_K.revoked_at.is_(None))).mappings().all()
        for row in rows:
            if row["key_id"] not in self._parsed:
                self._parsed[row["key_id"]] = load_public_key(row["public_jwk"])[1]
        self._keys = {
            row["key_id"]: TrustedKey(row["authority"], row["agent_id"], self._parsed[row["key_id"]])
            for row in rows
        }
        self._read_at_s = self._monotonic_s()


_K = AGENT_KEYS.c


def _agent_key(row: object) -> AgentKey:
    return AgentKey(**dict(row))  # type: ignore[call-overload]  # a mapping with the very columns
