"""The public keys of camera units: enrolled, revoked, and looked up while messages are verified."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock

import structlog
from joserfc.jwk import OKPKey
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from config.errors import LinkError
from config.link import load_public_key
from ingest.database.inserts import insert_into
from ingest.database.opening import reading
from ingest.errors import NotFound, RecordsError
from ingest.tables import AGENT_KEYS
from ingest.values import AgentKey

# A revoked key must be refused within a second of its revocation.
_REMEMBERED_S = 0.5
# A key that is not known may have been enrolled a moment ago; a flood of made-up ones asks no more often.
_ASKED_AGAIN_EVERY_S = 0.05

_log = structlog.get_logger()


def store_agent_key(
    session: Session, authority: str, agent_id: str, key_id: str, public_jwk: str, now: datetime
) -> None:
    """Enrol a unit's key. The same again changes nothing.

    Raises RecordsError for a key that is another's or revoked, and for a unit of another authority.
    """
    try:
        named, _ = load_public_key(public_jwk)
    except LinkError as error:
        raise RecordsError(f"the key of {agent_id} cannot be enrolled: {error}") from error
    if named != key_id:
        raise RecordsError(f"the key calls itself {named}, not {key_id}; use the file as the unit printed it")
    _check_free(session, authority, agent_id)
    row = {
        "key_id": key_id,
        "authority": authority,
        "agent_id": agent_id,
        "public_jwk": public_jwk,
        "stored_at": now,
    }
    if session.scalar(insert_into(session, AGENT_KEYS).on_conflict_do_nothing().returning(_K.key_id), row):
        return
    stored = session.execute(
        select(_K.authority, _K.agent_id, _K.revoked_at).where(_K.key_id == key_id)
    ).one()
    if (stored.authority, stored.agent_id) != (authority, agent_id):
        raise RecordsError(f"key {key_id} is enrolled for another unit; a unit makes its own key")
    if stored.revoked_at is not None:
        raise RecordsError(
            f"key {key_id} was revoked, for good; have {agent_id} make another: hgv-edge key --next"
        )


def _check_free(session: Session, authority: str, agent_id: str) -> None:
    """Topics name no authority, so a unit's name is taken once for all of them."""
    others = select(_K.authority).where(_K.agent_id == agent_id, _K.authority != authority).limit(1)
    if session.scalar(others) is not None:
        raise RecordsError(f"{agent_id} is another unit's name already, of another authority; choose another")


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


@dataclass(frozen=True)
class _Known:
    """All keys as the database had them at one moment, and how many there were and how many revoked.

    Keys are only ever added and revoked, so the same counts are the same keys.
    """

    read_at_s: float
    counts: tuple[int, int]
    in_force: dict[str, TrustedKey]
    revoked: frozenset[str]
    units: frozenset[str]


class KeyRing:
    """The keys in force, read from the database and remembered for half a second.

    A look-up costs a dictionary's. It never gives a key that was revoked more than half a second ago, and
    finds one that was enrolled just now. Several threads may use it.
    """

    def __init__(self, engine: Engine, monotonic_s: Callable[[], float]) -> None:
        self._engine = reading(engine)
        self._monotonic_s = monotonic_s
        self._known = _Known(float("-inf"), (0, 0), {}, frozenset(), frozenset())
        self._asked_again_at_s = float("-inf")
        self._refreshing = Lock()
        self._parsed: dict[str, OKPKey | None] = {}

    def get(self, key_id: str) -> TrustedKey | None:
        """The key and its owner, or None where it is unknown or revoked."""
        known = self._now()
        if key_id not in known.in_force and key_id not in known.revoked:
            known = self._asked_again()
        return known.in_force.get(key_id)

    def is_revoked(self, key_id: str) -> bool:
        """Whether this key was trusted once and is no longer."""
        return key_id in self._now().revoked

    def lets_in(self, agent_id: str) -> bool:
        """Whether any key of the unit is in force."""
        return agent_id in self._now().units

    def _now(self) -> _Known:
        oldest_s = self._monotonic_s() - _REMEMBERED_S
        if self._known.read_at_s < oldest_s:
            with self._refreshing:
                if self._known.read_at_s < oldest_s:
                    self._known = self._read()
        return self._known

    def _asked_again(self) -> _Known:
        with self._refreshing:
            now_s = self._monotonic_s()
            if now_s - self._asked_again_at_s > _ASKED_AGAIN_EVERY_S:
                self._asked_again_at_s = now_s
                self._known = self._read()
        return self._known

    def _read(self) -> _Known:
        """All keys anew; only a count where there are as many, and as many revoked, as before."""
        read_at_s = self._monotonic_s()  # what is revoked while it is read may be missed
        with Session(self._engine) as session:
            counted = session.execute(select(func.count(), func.count(_K.revoked_at))).one()
            counts = (int(counted[0]), int(counted[1]))
            if counts == self._known.counts:
                return replace(self._known, read_at_s=read_at_s)
            rows = session.execute(select(_K.key_id, _K.authority, _K.agent_id, _K.revoked_at)).all()
            self._parse_new(session, [row.key_id for row in rows if row.revoked_at is None])
        in_force = {
            row.key_id: TrustedKey(row.authority, row.agent_id, key)
            for row in rows
            if row.revoked_at is None and (key := self._parsed[row.key_id]) is not None
        }
        revoked = frozenset(row.key_id for row in rows if row.revoked_at is not None)
        units = frozenset(trusted.agent_id for trusted in in_force.values())
        return _Known(read_at_s, counts, in_force, revoked, units)

    def _parse_new(self, session: Session, key_ids: Iterable[str]) -> None:
        for key_id in key_ids:
            if key_id not in self._parsed:
                text = session.scalars(select(_K.public_jwk).where(_K.key_id == key_id)).one()
                self._parsed[key_id] = _parsed(key_id, text)


def _parsed(key_id: str, public_jwk: str) -> OKPKey | None:
    try:
        return load_public_key(public_jwk)[1]
    except LinkError as error:
        _log.error("key_unusable", key=key_id, error=str(error), next="have the unit's key issued again")
        return None


_K = AGENT_KEYS.c


def _agent_key(row: object) -> AgentKey:
    return AgentKey(**dict(row))  # type: ignore[call-overload]  # a mapping with the very columns
