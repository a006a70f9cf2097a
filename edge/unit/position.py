"""A van's position from gpsd: a small client of its JSON protocol over TCP.

gpsd(8), gpsd_json(5): after `?WATCH={"enable":true,"json":true}` it sends a line for each report; a TPV of
mode 2 or 3 is a fix, `eph` its horizontal error in metres.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from threading import Event, Lock, Thread

import structlog

from config.settings import Gpsd
from config.wire import Position

_WATCH = b'?WATCH={"enable":true,"json":true}\n'
_ANSWER_WITHIN_S = 10.0
_TRY_AGAIN_AFTER_S = 5.0
_LONGEST_REPORT_BYTES = 64 * 1024
# A fix that is older says nothing about where the van is now.
_GOOD_FOR_S = 10.0

_log = structlog.get_logger()


class GpsdPosition:
    """The newest fix of a gpsd, followed in the background; comes back by itself when gpsd does."""

    def __init__(self, gpsd: Gpsd, monotonic_s: Callable[[], float]) -> None:
        self._gpsd = gpsd
        self._monotonic_s = monotonic_s
        self._lock = Lock()
        self._fix: tuple[Position, float] | None = None
        self._stopping = Event()
        self._follower = Thread(target=self._follow_until_stopped, name="gpsd", daemon=True)

    def start(self) -> None:
        """Begin to follow gpsd."""
        self._follower.start()

    def stop(self) -> None:
        """Stop following."""
        self._stopping.set()
        self._follower.join()

    def position(self) -> Position | None:
        """The newest fix, or None where there is none that is still good."""
        with self._lock:
            if self._fix is None or self._monotonic_s() - self._fix[1] > _GOOD_FOR_S:
                return None
            return self._fix[0]

    def _follow_until_stopped(self) -> None:
        while not self._stopping.is_set():
            try:
                self._follow()
            except OSError as error:
                _log.warning("gpsd_lost", error=str(error), next="the position of the site's file is used")
            self._stopping.wait(_TRY_AGAIN_AFTER_S)

    def _follow(self) -> None:
        address = (self._gpsd.host, self._gpsd.port)
        with socket.create_connection(address, timeout=_ANSWER_WITHIN_S) as link:
            link.settimeout(1.0)
            link.sendall(_WATCH)
            unread = b""
            silent_since_s = self._monotonic_s()
            while not self._stopping.is_set():
                try:
                    came = link.recv(4096)
                except TimeoutError:
                    if self._monotonic_s() - silent_since_s > _ANSWER_WITHIN_S:
                        raise
                    continue
                if not came:
                    raise ConnectionResetError("gpsd closed the connection")
                silent_since_s = self._monotonic_s()
                *reports, unread = (unread + came).split(b"\n")
                if len(unread) > _LONGEST_REPORT_BYTES:
                    raise ConnectionAbortedError("what answers there is no gpsd")
                for report in reports:
                    self._take(report)

    def _take(self, report: bytes) -> None:
        position = position_in(report)
        if position is not None:
            with self._lock:
                self._fix = (position, self._monotonic_s())


def position_in(report: bytes) -> Position | None:
    """The position in one line from gpsd, or None where it is no fix."""
    try:
        told = json.loads(report)
    except ValueError:
        return None
    if not isinstance(told, dict) or told.get("class") != "TPV" or told.get("mode") not in (2, 3):
        return None
    latitude, longitude, error_m = told.get("lat"), told.get("lon"), told.get("eph")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    accuracy_m = float(error_m) if isinstance(error_m, int | float) and error_m >= 0 else None
    return Position(
        latitude=float(latitude), longitude=float(longitude), source="gpsd", accuracy_m=accuracy_m
    )
