"""What an outbox goes through in a crash test, and what must be true of it whenever it is opened again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from config.wire import Receipt
from edge.outbox.outbox import Outbox, OutboxPicture

EVENTS = 4
Tell = Callable[[str], None]


def picture(number: int) -> OutboxPicture:
    """The picture of an event, longer than a page of the database."""
    jpeg = bytes([number]) * 9000
    return OutboxPicture(hashlib.sha256(jpeg).hexdigest(), jpeg)


def play(path: Path, tell: Tell) -> None:
    """Put events and settle some of them; each promise is told once the outbox has given it."""
    outbox = Outbox(path)
    for number in range(1, EVENTS + 1):
        outbox.put(f"event {number}", "passage", b"payload %d" % number, [picture(number)])
        tell(f"put {number}")
    outbox.apply(_receipt(outbox, accepted=(1, 2)))
    tell("settled 1")
    tell("settled 2")
    outbox.apply(_receipt(outbox, accepted=(3,), held_evidence=(picture(1).sha256,)))
    tell("settled 3")
    tell("held 1")
    outbox.close()
    tell("closed")


def faults_of(path: Path, told: list[str]) -> list[str]:
    """What an outbox, opened again, lacks although it was promised, or has although it was settled."""
    outbox = Outbox(path)
    payloads = {entry.payload for entry in outbox.entries_to_send(set(), 99)}
    pictures = {each.sha256 for each in outbox.pictures_to_send(set(), 99)}
    faults = [f"{said}, and not there" for said in told if not _holds(said, told, payloads, pictures)]
    known = {
        n for n in range(1, EVENTS + 1) if outbox.put(f"event {n}", "passage", b"payload %d" % n) is None
    }
    faults += [f"{said}, and put again" for said in told if said[:3] == "put" and int(said[4:]) not in known]
    numbers = [entry.seq for entry in outbox.entries_to_send(set(), 99)]
    if len(numbers) != len(set(numbers)):
        faults.append(f"numbers given twice: {sorted(numbers)}")
    outbox.close()
    return faults


def _holds(said: str, told: list[str], payloads: set[bytes], pictures: set[str]) -> bool:
    what, _, number = said.partition(" ")
    if what == "put":  # a receipt may have taken it out already, told or not
        return b"payload " + number.encode() in payloads or (number in "123" and len(told) >= EVENTS)
    if what == "settled":
        ready = picture(int(number)).sha256 in pictures or number == "1"
        return b"payload " + number.encode() not in payloads and ready
    return what != "held" or picture(int(number)).sha256 not in pictures


def _receipt(outbox: Outbox, **told: object) -> Receipt:
    return Receipt(agent_id="unit-1", outbox_id=outbox.outbox_id, **told)  # type: ignore[arg-type]  # by name
