"""What a real chronyd says of a clock that is ahead of its server, or behind."""

from __future__ import annotations

import getpass
import shutil
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from edge.unit.clock_state import UNKNOWN, from_chrony
from tests.edge.centre import wait_for

_FROM_1900_S = 2_208_988_800
_SETTINGS = """\
server 127.0.0.1 port {server} iburst minpoll 0 maxpoll 0
bindcmdaddress 127.0.0.1
cmdport {commands}
pidfile {folder}/pid
user {user}
"""


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def program(name: str) -> str:
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if found is None:
        pytest.skip("Debian's package chrony is not installed")
    return found


@contextmanager
def time_server(ahead_s: float) -> Iterator[int]:
    """An NTP server (RFC 5905, section 7.3) whose clock is ahead of this machine's; its port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        answering = Thread(target=answer, args=(server, ahead_s), daemon=True)
        answering.start()
        try:
            yield int(server.getsockname()[1])
        finally:
            server.sendto(b"", server.getsockname())  # an empty question ends it
            answering.join()


def answer(server: socket.socket, ahead_s: float) -> None:
    while True:
        asked, client = server.recvfrom(512)
        if not asked:
            return
        came = stamp(time.time() + ahead_s)
        head = struct.pack("!BBbbII4s", 0x24, 1, 0, -20, 0, 10, b"GPS\0")
        server.sendto(head + came + asked[40:48] + came + stamp(time.time() + ahead_s), client)


def stamp(time_s: float) -> bytes:
    whole = int(time_s)
    return struct.pack("!II", whole + _FROM_1900_S, int((time_s - whole) * 2**32))


@pytest.mark.parametrize("ahead_s", [5.0, -20.0])
def test_what_chronyd_says_of_a_clock_that_is_off(tmp_path: Path, ahead_s: float) -> None:
    """chronyd leaves this machine's clock alone (-x); it only says how far it is off."""
    chronyd, chronyc = program("chronyd"), program("chronyc")
    commands = free_port()
    with time_server(ahead_s) as port:
        settings = tmp_path / "chrony.conf"
        settings.write_text(
            _SETTINGS.format(server=port, commands=commands, folder=tmp_path, user=getpass.getuser())
        )
        with (tmp_path / "log").open("wb") as log:
            daemon = subprocess.Popen([chronyd, "-x", "-U", "-d", "-f", settings], stdout=log, stderr=log)
        try:
            ask = [chronyc, "-h", "127.0.0.1", "-p", str(commands), "-c", "tracking"]
            wait_for(lambda: from_chrony(told(ask)) != UNKNOWN, "chronyd's choice of the server")
            state = from_chrony(told(ask))
        finally:
            daemon.terminate()
            daemon.wait()
    assert state.source == "chrony"
    assert state.offset_s == pytest.approx(-ahead_s, abs=0.5)
    assert state.error_bound_s is not None
    assert 0 < state.error_bound_s < 5


def told(ask: list[str]) -> str:
    return subprocess.run(ask, capture_output=True, text=True, check=False).stdout
