"""Receipts: what is committed, refused, held and wanted, told to each unit in lists and signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from config.wire import Receipt, Refusal, SigningKey, encode, seal, topic_for
from config.wire.envelope import Header
from ingest.evidence.rows import Wanted
from ingest.intake.outcome import Outcome

_LONGEST_REASON = 300


@dataclass
class _Answer:
    accepted: set[tuple[int, str]] = field(default_factory=set)  # number and digest
    refused: dict[tuple[int, str], str] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    wanted: set[str] = field(default_factory=set)


def receipts_for(outcome: Outcome, wanted: Iterable[Wanted] = ()) -> list[Receipt]:
    """One receipt for each outbox that has something to hear.

    What no trusted key has signed is not answered: a forger could make a unit forget an entry.
    """
    answers: dict[tuple[str, str], _Answer] = {}
    for sender in outcome.accepted:
        _to(answers, sender.agent_id, sender.outbox_id).accepted.add((sender.seq, sender.digest))
    for refused in outcome.refused:
        if refused.sender is not None:
            answer = _to(answers, refused.sender.agent_id, refused.sender.outbox_id)
            answer.refused[refused.sender.seq, refused.sender.digest] = f"{refused.code}: {refused.reason}"[
                :_LONGEST_REASON
            ]
    for agent_id, outbox_id, sha256 in outcome.held:
        _to(answers, agent_id, outbox_id).held.add(sha256)
    for picture in wanted:
        _to(answers, picture.agent_id, picture.outbox_id).wanted.add(picture.sha256)
    return [_receipt(key, answer) for key, answer in sorted(answers.items())]


def sealed(receipt: Receipt, key: SigningKey, now: datetime) -> tuple[str, bytes]:
    """Topic and signed bytes of a receipt that is sent now, by the centre's clock."""
    header = Header(kid=key.key_id, kind="receipt", outbox=receipt.outbox_id)
    timed = msgspec.structs.replace(receipt, sent_at=now)
    return topic_for(receipt.agent_id, "receipt"), seal(encode(timed), header, key)


def _to(answers: dict[tuple[str, str], _Answer], agent_id: str, outbox_id: str) -> _Answer:
    return answers.setdefault((agent_id, outbox_id), _Answer())


def _receipt(agent_and_outbox: tuple[str, str], answer: _Answer) -> Receipt:
    agent_id, outbox_id = agent_and_outbox
    accepted = sorted(answer.accepted)
    return Receipt(
        agent_id=agent_id,
        outbox_id=outbox_id,
        accepted=tuple(seq for seq, _ in accepted),
        digests=tuple(digest for _, digest in accepted),
        refused=tuple(
            Refusal(seq=seq, digest=digest, reason=reason)
            for (seq, digest), reason in sorted(answer.refused.items())
        ),
        held_evidence=tuple(sorted(answer.held)),
        want_evidence=tuple(sorted(answer.wanted)),
    )
