"""The load generator, in a process of its own: signs everything first, then sends by the clock alone.

    python -m ingest.bench.generator TASK RESULT

TASK and RESULT are JSON files.
"""

from __future__ import annotations

import gc
import socket
import sys
import time
from pathlib import Path

import msgspec

from config.wire import topic_for
from ingest.bench import packets
from ingest.bench.hearing import Hearing
from ingest.bench.plan import Plan
from ingest.bench.units import Unit, UnitKey, now_to_the_second

_TICK_S = 0.003
_GREET_EVERY_S = 1.0
# A passage of which nothing was heard for so long is without receipt.
_SILENCE_S = 20.0
_MIDS = 65_535


class Task(msgspec.Struct, frozen=True):
    """What to send, and where the broker is."""

    port: int
    plan: Plan
    units: tuple[UnitKey, ...]


class Result(msgspec.Struct, frozen=True):
    """When each passage's receipt came, in seconds after the start, None where none came.

    `latest_send_s` is how far sending fell behind its schedule at worst: the generator's own fault.
    """

    receipt_at_s: list[float | None]
    latest_send_s: float
    cpu_s: float


class Generator:
    """One connection a unit, and one that hears all receipts."""

    def __init__(self, task: Task) -> None:
        self._plan = task.plan
        self._unit_numbers = {unit.agent_id: number for number, unit in enumerate(task.units)}
        self._port = task.port
        self._greetings, self._packets = _signed(task)
        receipts = self._connected("bench-receipts")
        receipts.sendall(packets.subscribe(topic_for("+", "receipt")))
        self._senders = [self._connected(unit.agent_id) for unit in task.units]
        self._hearing = Hearing(receipts, self._senders)

    def greet(self) -> None:
        """Have every unit's first passage taken in, so that connections and keys are known everywhere."""
        greeted: set[int] = set()
        while len(greeted) < len(self._senders):
            for unit in set(range(len(self._senders))) - greeted:
                self._senders[unit].sendall(self._greetings[unit])
            self._hearing.listen_until(time.monotonic() + _GREET_EVERY_S)
            greeted |= {self._unit_numbers[agent_id] for _, agent_id, _ in self._hearing.accepted()}

    def send(self) -> Result:
        """Send each passage when it is due, and listen until all are receipted or no more receipts come."""
        cpu_before_s, start_s = time.process_time(), time.monotonic()
        latest_s = self._send_all(start_s)
        cpu_s = time.process_time() - cpu_before_s
        receipt_at_s: list[float | None] = [None] * self._plan.passages
        last_s = time.monotonic()
        while None in receipt_at_s and time.monotonic() < last_s + _SILENCE_S:
            self._hearing.listen_until(time.monotonic() + _TICK_S)
            for at_s, agent_id, seq in self._hearing.accepted():
                number = self._plan.number_of(self._unit_numbers[agent_id], seq)
                if number is not None and receipt_at_s[number] is None:
                    receipt_at_s[number] = at_s - start_s
                    last_s = time.monotonic()
        return Result(receipt_at_s, latest_s, cpu_s)

    def _send_all(self, start_s: float) -> float:
        plan, sent, latest_s = self._plan, 0, 0.0
        while sent < plan.passages:
            now_s = time.monotonic() - start_s
            latest_s = max(latest_s, now_s - plan.due_s(sent))
            while sent < plan.passages and plan.due_s(sent) <= now_s:
                self._senders[plan.unit_of(sent)].sendall(self._packets[sent])
                sent += 1
            self._hearing.listen_until(start_s + now_s + _TICK_S)
        return latest_s

    def _connected(self, client_id: str) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self._port), timeout=10)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(packets.connect(client_id))
        if not connection.recv(1024).startswith(packets.CONNACK):
            raise ConnectionError(f"the broker does not let {client_id} in")
        return connection


def _signed(task: Task) -> tuple[list[bytes], list[bytes]]:
    """The units' greetings and all passages, as packets."""
    at, plan = now_to_the_second(), task.plan
    units = [Unit.of(told) for told in task.units]

    def packet(unit: Unit, seq: int) -> bytes:
        mid = (seq - 1) % _MIDS + 1
        return packets.publish(topic_for(unit.agent_id, "passage"), mid, unit.sealed(seq, at))

    numbers = range(plan.passages)
    greetings = [packet(unit, 1) for unit in units]
    return greetings, [packet(units[plan.unit_of(number)], plan.seq_of(number)) for number in numbers]


def main() -> int:
    """Do the task of the command line."""
    task, result = Path(sys.argv[1]), Path(sys.argv[2])
    generator = Generator(msgspec.json.decode(task.read_bytes(), type=Task))
    gc.freeze()  # half a gigabyte of packets is not to be looked through while sending
    generator.greet()
    result.write_bytes(msgspec.json.encode(generator.send()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
