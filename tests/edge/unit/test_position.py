"""A van's position: what counts as a fix, and a real gpsd."""

from __future__ import annotations

import functools
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import Gpsd
from config.wire import Position
from edge.unit.position import GpsdPosition, position_in
from tests.edge.centre import wait_for


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (b'{"class":"TPV","mode":3,"lat":51.5,"lon":-0.5,"eph":4.2}', (51.5, -0.5, 4.2)),
        (b'{"class":"TPV","mode":2,"lat":51,"lon":0}', (51.0, 0.0, None)),
        (b'{"class":"TPV","mode":1}', None),
        (b'{"class":"TPV","mode":3,"lat":"51.5","lon":-0.5}', None),
        (b'{"class":"TPV","mode":3,"lat":91,"lon":-0.5}', None),
        (b'{"class":"SKY","mode":3,"lat":51.5,"lon":-0.5}', None),
        (b"[1,2]", None),
        (b"\xff not json", None),
    ],
)
def test_what_is_a_fix(report: bytes, expected: tuple[float, float, float | None] | None) -> None:
    position = position_in(report)
    found = position and (position.latitude, position.longitude, position.accuracy_m)
    assert found == expected


def free_port(kind: socket.SocketKind) -> int:
    with socket.socket(type=kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def gpsd() -> Iterator[tuple[Gpsd, int]]:
    """A real gpsd, and the UDP port where it hears its receiver."""
    program = shutil.which("gpsd") or shutil.which("/usr/sbin/gpsd")
    if program is None:
        pytest.skip("Debian's package gpsd is not installed")
    port, receiver = free_port(socket.SOCK_STREAM), free_port(socket.SOCK_DGRAM)
    command = [program, "-N", "-n", "-S", str(port), f"udp://127.0.0.1:{receiver}"]
    with Path("/dev/null").open("wb") as nowhere:
        process = subprocess.Popen(command, stdout=nowhere, stderr=nowhere)
    yield Gpsd(port=port), receiver
    process.terminate()
    process.wait(10)


def sentence(text: str) -> bytes:
    """An NMEA 0183 sentence with its checksum."""
    checksum = functools.reduce(lambda sum_, byte: sum_ ^ byte, text.encode(), 0)
    return f"${text}*{checksum:02X}\r\n".encode()


def test_a_fix_of_a_real_gpsd_is_followed(gpsd: tuple[Gpsd, int]) -> None:
    address, receiver = gpsd
    follower = GpsdPosition(address, time.monotonic)
    wait_for(lambda: listens(address.port), "gpsd's start")
    follower.start()
    at, day = time.strftime("%H%M%S.00", time.gmtime()), time.strftime("%d%m%y", time.gmtime())
    with socket.socket(type=socket.SOCK_DGRAM) as antenna:

        def has_fix() -> Position | None:
            antenna.sendto(
                sentence(f"GPRMC,{at},A,5152.932,N,00021.816,W,0.0,0.0,{day},,,A"), ("127.0.0.1", receiver)
            )
            antenna.sendto(
                sentence(f"GPGGA,{at},5152.932,N,00021.816,W,1,08,0.9,100.0,M,47.0,M,,"),
                ("127.0.0.1", receiver),
            )
            return follower.position()

        wait_for(has_fix, "a fix")
    position = follower.position()
    follower.stop()
    assert position is not None
    assert (position.latitude, position.longitude) == (pytest.approx(51.8822), pytest.approx(-0.3636))
    assert position.source == "gpsd"


def test_without_gpsd_there_is_no_position() -> None:
    follower = GpsdPosition(Gpsd(port=free_port(socket.SOCK_STREAM)), time.monotonic)
    follower.start()
    assert follower.position() is None
    follower.stop()


def test_an_old_fix_is_no_position() -> None:
    now_s = [0.0]
    with socket.create_server(("127.0.0.1", 0)) as server:
        follower = GpsdPosition(Gpsd(port=server.getsockname()[1]), lambda: now_s[0])
        follower.start()
        link, _ = server.accept()
        link.sendall(b'{"class":"VERSION"}\n{"class":"TPV","mode":3,"lat":51.5,')
        link.sendall(b'"lon":-0.5}\n')
        wait_for(follower.position, "the fix")
        now_s[0] = 11.0
        assert follower.position() is None
        link.close()
        follower.stop()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
