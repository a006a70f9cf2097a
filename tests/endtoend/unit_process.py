"""A camera unit whose passages are invented: puts them into its outbox and sends until all are taken.

    python -m tests.endtoend.unit_process FOLDER PORT FIRST COUNT

Run again with the same numbers it puts nothing new, as a film that is played twice.
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

from config.link import load_or_make_key, load_public_key
from config.settings import Broker
from config.wire import encode, seal
from config.wire.envelope import Header
from edge.outbox.outbox import Outbox, OutboxPicture
from edge.tally import Tally
from edge.uplink.uplink import Centre, Pace, Presence, Uplink
from tests.ingest.units import health, jpeg, passage, reference

AGENT = "unit-1"
_USUAL, _LARGEST = 20_000, 1_499_000  # bytes of a picture; a message takes 1.5 MB


def main(folder: Path, port: int, first: int, count: int) -> int:
    """0 when the centre has everything; the caller kills a process that takes too long."""
    outbox = Outbox(folder / "outbox.sqlite")
    kid, receipt_key = load_public_key((folder / "receipt-key.json").read_text())
    centre = Centre(Broker(port=port), {kid: receipt_key}.get)
    key = load_or_make_key(folder / "unit.pem", AGENT)
    will = seal(encode(health(unit_state="lost")), Header(kid=key.key_id, kind="health"), key)
    presence, pace = Presence(lambda: will), Pace(again_after_s=2.0)
    tally = Tally()
    uplink = Uplink(AGENT, outbox, key, centre, tally, time.monotonic, presence, pace)
    uplink.start()
    for number in range(first, first + count):
        picture = jpeg(f"picture {number} " + "x" * (_LARGEST if number == 0 else _USUAL))
        sent = passage(f"passage {number}", evidence=(reference(picture),), after_s=number)
        sha256 = hashlib.sha256(picture).hexdigest()
        outbox.put(sent.passage_id, "passage", encode(sent), [OutboxPicture(sha256, picture)])
        uplink.look()
    _wait_for(lambda: tally.counts()["messages_taken"] >= outbox.depth())
    sys.stdout.write("all is with the broker\n")
    sys.stdout.flush()
    _wait_for(lambda: outbox.depth() + outbox.pictures_waiting() == 0)
    uplink.stop()
    return 0


def _wait_for(condition: Callable[[], bool]) -> None:
    while not condition():
        time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
