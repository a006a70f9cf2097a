"""What units say that they have lost: pictures that will not come, outboxes that were given up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from config.wire import Loss
from ingest.database.inserts import insert_into
from ingest.database.slices import slices
from ingest.evidence.rows import lose_named
from ingest.intake.arrivals import Signed
from ingest.intake.outcome import Outcome
from ingest.storing.once import payload_sha256, store_once
from ingest.tables import AGENT_KEYS, LOSSES, LOST_PICTURES


def store_losses(session: Session, arrived: Sequence[tuple[Signed, Loss]], outcome: Outcome) -> None:
    """Store each loss once and answer all of them; awaited pictures that they name are lost."""
    sent = {id(signed): loss for signed, loss in arrived}
    candidates = [(signed, _row(signed, loss)) for signed, loss in arrived]
    for signed, _ in store_once(session, LOSSES, "loss_id", candidates, outcome):
        loss = sent[id(signed)]
        named = sorted(set(loss.pictures))
        rows = [
            {"authority": loss.authority, "agent_id": loss.agent_id, "sha256": sha256, "cause": loss.cause}
            for sha256 in named
        ]
        if rows:
            session.execute(insert_into(session, LOST_PICTURES).on_conflict_do_nothing(), rows)
            lose_named(session, loss.authority, named)


def lose_if_lost(session: Session, pictures: Iterable[tuple[str, str, str]]) -> None:
    """Make awaited pictures (authority, unit and hash) lost whose loss had come before their passage did."""
    named: dict[tuple[str, str], list[str]] = defaultdict(list)
    for authority, agent_id, sha256 in pictures:
        named[authority, agent_id].append(sha256)
    for authority, agent_id in _with_losses(session, {agent_id for _, agent_id in named}):
        for some in slices(named.get((authority, agent_id), ())):
            lose_named(session, authority, some)


def _with_losses(session: Session, agent_ids: Collection[str]) -> list[tuple[str, str]]:
    """Which of the units (authority and name) have lost pictures; quick, for it is asked for all."""
    keys, lost = AGENT_KEYS.c, LOST_PICTURES.c
    any_lost = exists().where(lost.authority == keys.authority, lost.agent_id == keys.agent_id)
    query = select(keys.authority, keys.agent_id).where(keys.agent_id.in_(agent_ids), any_lost).distinct()
    return sorted((authority, agent_id) for authority, agent_id in session.execute(query))


def _row(signed: Signed, loss: Loss) -> dict[str, Any]:
    return {
        "authority": loss.authority,
        "loss_id": loss.loss_id,
        "agent_id": loss.agent_id,
        "noticed_at": loss.noticed_at,
        "received_at": signed.arrival.received_at,
        "cause": loss.cause,
        "words": loss.words,
        "earlier_outbox_id": loss.earlier_outbox_id,
        "earlier_last_seq": loss.earlier_last_seq,
        "carried": loss.carried,
        "outbox_id": signed.sender.outbox_id,
        "seq": signed.sender.seq,
        "payload_sha256": payload_sha256(signed),
        "raw": signed.envelope.raw,
    }
