"""The network between a client and the broker: a TCP proxy to be cut, stopped, slowed, and that corrupts."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Thread

from tests.fault.mqtt_packets import Packets, Publish, publish_in

Corrupted = Callable[[str, bytes], None]
_CHUNK_BYTES = 65536
# Of a heartbeat nothing is left to compare, so it is left alone.
_CORRUPTED_CHANNELS = ("/passage", "/traffic", "/evidence/")


@dataclass
class Line:
    """One client's line to the broker. Changed by the driver, obeyed at the next bytes."""

    port: int
    broker_port: int
    is_cut: bool = False
    is_stopped: bool = False
    bytes_per_s: float = float("inf")
    to_corrupt: int = 0
    open: set[asyncio.StreamWriter] = field(default_factory=set)

    def heal(self) -> None:
        """Let everything through again."""
        self.is_cut = self.is_stopped = False
        self.bytes_per_s = float("inf")
        self.to_corrupt = 0


class Network:
    """All lines, in a thread of their own. `corrupted` is told the topic and bytes of what was changed."""

    def __init__(self, dice: random.Random, corrupted: Corrupted) -> None:
        self._dice = dice
        self._corrupted = corrupted
        self._servers: list[asyncio.Server] = []
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="network", daemon=True)
        self._thread.start()

    def line(self, broker_port: int) -> Line:
        """A new line on a port of its own."""
        return self._do(self._listen(broker_port))

    def cut(self, line: Line) -> None:
        """Break the line's connections off, in the middle of whatever they carry, and let none through."""
        line.is_cut = True
        self._do(self._break_off(line))

    def stop(self) -> None:
        """End everything."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work: Coroutine[object, object, Line]) -> Line:
        done: Future[Line] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return done.result(10)

    async def _break_off(self, line: Line) -> Line:
        for writer in list(line.open):
            writer.transport.abort()
        return line

    async def _end(self) -> None:
        for server in self._servers:
            server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _listen(self, broker_port: int) -> Line:
        line = Line(0, broker_port)
        server = await asyncio.start_server(
            lambda reader, writer: self._carry(line, reader, writer), "127.0.0.1", 0
        )
        self._servers.append(server)
        line.port = int(server.sockets[0].getsockname()[1])
        return line

    async def _carry(self, line: Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side or the driver ends it."""
        if line.is_cut:
            writer.transport.abort()
            return
        try:
            from_broker, to_broker = await asyncio.open_connection("127.0.0.1", line.broker_port)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, to_broker}
        line.open |= both
        up = asyncio.create_task(self._pump(line, reader, to_broker, Packets()))
        down = asyncio.create_task(self._pump(line, from_broker, writer, None))
        try:
            await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in both:
                end.transport.abort()
            line.open -= both
            await asyncio.gather(up, down, return_exceptions=True)

    async def _pump(
        self, line: Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, packets: Packets | None
    ) -> None:
        try:
            while some := await reader.read(_CHUNK_BYTES):
                while line.is_stopped:
                    await asyncio.sleep(0.02)
                if line.bytes_per_s < float("inf"):
                    await asyncio.sleep(len(some) / line.bytes_per_s)
                if packets is None:
                    writer.write(some)
                else:
                    writer.writelines(self._passed_on(line, packet) for packet in packets.feed(some))
                await writer.drain()
        except OSError:
            return

    def _passed_on(self, line: Line, packet: bytes) -> bytes:
        publish = publish_in(packet) if line.to_corrupt > 0 else None
        if publish is None or not _may_be_corrupted(publish):
            return packet
        line.to_corrupt -= 1
        changed = publish.with_byte_changed(self._dice.random())
        self._corrupted(changed.topic, changed.payload)
        return changed.packet


def _may_be_corrupted(publish: Publish) -> bool:
    return any(channel in publish.topic for channel in _CORRUPTED_CHANNELS)
