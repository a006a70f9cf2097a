"""Messages first decoded by many threads at once, as an ingester that starts under load does."""

from __future__ import annotations

import subprocess
import sys

from config.wire import ClockState, Health, encode
from tests.ingest.units import passage

THREADS, ATTEMPTS = 32, 2
SCRIPT = """
import sys, threading
from config.wire import Health, Passage, decode

passage, health = (line.encode() for line in sys.stdin.read().splitlines())
sys.setswitchinterval(1e-6)
start = threading.Barrier(int(sys.argv[1]))

def work():
    start.wait()
    decode(passage, Passage)
    decode(health, Health)

threads = [threading.Thread(target=work) for _ in range(start.parties)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def test_the_first_messages_may_come_in_many_threads_at_once() -> None:
    beat = Health(
        authority="demo",
        agent_id="unit-1",
        sent_at=passage("one").captured_at,
        outbox_id="0" * 32,
        last_seq=0,
        depth=0,
        clock=ClockState(source="chrony"),
        cameras=(),
        software="test",
    )
    lines = b"\n".join((encode(passage("one")), encode(beat)))
    for _ in range(ATTEMPTS):  # a race is not lost each time
        command = [sys.executable, "-c", SCRIPT, str(THREADS)]
        done = subprocess.run(command, input=lines, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:].decode(errors="replace")
