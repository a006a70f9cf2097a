"""The Vehicle Enquiry Service on loopback: real HTTP, the published contract, its mock marks, and faults.

Faults come from a plan: a function from the number of a request to the fault it meets, or None. Everything
that was asked is noted, with what was answered, so that a test can tell what the client made of it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATH = "/vehicle-enquiry/v1/vehicles"
KEY = "a-key-of-the-simulator"

Entry = dict[str, Any]


class Fault(StrEnum):
    """What a request can meet instead of an answer."""

    THROTTLED = "429"
    FAILING = "500"
    MAINTENANCE = "503"
    HANG = "hang"
    TRICKLE = "trickle"
    CUT_BEFORE = "cut before the answer"
    CUT_INSIDE = "cut inside the answer"
    GARBAGE = "garbage"
    NO_JSON_404 = "a proxy's 404"
    OTHER_VEHICLE = "another vehicle"
    NO_VRM = "an answer without a registration"


# Published with the service for its test environment.
MOCK_MARKS = {
    "AA19AAA": 200,
    "ER19BAD": 400,
    "ER19NFD": 404,
    "ER19THR": 429,
    "ER19ERR": 500,
    "ER19MNT": 503,
}

MOCK_ENTRY: Entry = {
    "registrationNumber": "AA19AAA",
    "taxStatus": "Untaxed",
    "taxDueDate": "2017-12-25",
    "artEndDate": "2007-12-25",
    "motStatus": "No details held by DVLA",
    "motExpiryDate": "2008-12-25",
    "make": "ROVER",
    "monthOfFirstDvlaRegistration": "2011-11",
    "monthOfFirstRegistration": "2012-12",
    "yearOfManufacture": 2004,
    "engineCapacity": 1796,
    "co2Emissions": 0,
    "fuelType": "PETROL",
    "markedForExport": True,
    "colour": "Blue",
    "typeApproval": "N1",
    "wheelplan": "NON STANDARD",
    "revenueWeight": 1640,
    "euroStatus": "Euro 5",
    "realDrivingEmissions": "1",
    "dateOfLastV5CIssued": "2016-12-25",
}

_TITLES = {
    400: ("ENQ103", "Bad Request", "Invalid format for field - vehicle registration number"),
    403: ("403", "Forbidden", "The key is not known"),
    404: ("404", "Vehicle Not Found", "Record for vehicle not found"),
    429: ("429", "Too Many Requests", "Too many requests"),
    500: ("500", "Internal Server Error", "System error occurred"),
    503: ("503", "Service Unavailable", "The service is down for maintenance"),
}


@dataclass(frozen=True)
class Asked:
    """One request: when by the test's clock, for which mark, and what it met ("200", "404", a fault)."""

    at: datetime
    vrm: str
    correlation_id: str
    met: str


@dataclass
class Simulator:
    """What the service knows, how it fails, and what it was asked."""

    clock: Callable[[], datetime]
    entries: dict[str, Entry] = field(default_factory=lambda: {"AA19AAA": MOCK_ENTRY})
    fault_of: Callable[[int], Fault | None] = lambda number: None
    retry_after: str | None = None
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    going_down: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fault_for(self, vrm: str, correlation_id: str) -> Fault | None:
        """Note a request and give the fault that it is to meet."""
        with self._lock:
            fault = self.fault_of(len(self.asked))
            met = fault.value if fault else str(self._status(vrm))
            self.asked.append(Asked(self.clock(), vrm, correlation_id, met))
            return fault

    def reply(self, vrm: str) -> tuple[int, bytes]:
        """What the contract says for a mark."""
        status = self._status(vrm)
        return status, json.dumps(self.entries[vrm]).encode() if status == 200 else error_body(status)

    def _status(self, vrm: str) -> int:
        if vrm in MOCK_MARKS:
            return MOCK_MARKS[vrm]
        if not (vrm.isalnum() and vrm.isascii() and vrm.isupper() and 2 <= len(vrm) <= 7):
            return 400
        return 200 if vrm in self.entries else 404


def error_body(status: int) -> bytes:
    """The errors as the service words them."""
    code, title, detail = _TITLES[status]
    error = {"status": str(status), "code": code, "title": title, "detail": detail}
    return json.dumps({"errors": [error]}).encode()


class _Handler(BaseHTTPRequestHandler):
    """One connection to the simulated service."""

    protocol_version = "HTTP/1.1"
    # Head and body are two writes: held back until the first is acknowledged, each answer would take 40 ms.
    disable_nagle_algorithm = True
    simulator: Simulator

    def log_message(self, *_: object) -> None:
        """Stay silent: what was asked is noted by the simulator."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.path != PATH:
            return self._send(404, b"<html>no such page</html>", {"Content-Type": "text/html"})
        if self.headers.get("x-api-key") != KEY:
            return self._send(403, error_body(403))
        try:
            vrm = json.loads(body)["registrationNumber"]
        except (ValueError, KeyError, TypeError):
            return self._send(400, error_body(400))
        fault = self.simulator.fault_for(vrm, self.headers.get("X-Correlation-Id", ""))
        if fault is None:
            return self._send(*self.simulator.reply(vrm))
        with suppress(BrokenPipeError, ConnectionResetError):
            self._fail(fault, vrm)
        return None

    def _fail(self, fault: Fault, vrm: str) -> None:
        simulator = self.simulator
        whole = json.dumps({**MOCK_ENTRY, "registrationNumber": vrm, "typeApproval": "M1"}).encode()
        match fault:
            case Fault.THROTTLED | Fault.FAILING | Fault.MAINTENANCE:
                wait = {"Retry-After": simulator.retry_after} if simulator.retry_after else {}
                self._send(int(fault.value), error_body(int(fault.value)), wait)
            case Fault.HANG:
                simulator.going_down.wait(5)
                self.close_connection = True
            case Fault.TRICKLE:
                self._trickle(whole)
            case Fault.CUT_BEFORE:
                self.close_connection = True
            case Fault.CUT_INSIDE:
                self._head(200, len(whole), {})
                self.wfile.write(whole[: len(whole) // 2])
                self.close_connection = True
            case Fault.GARBAGE:
                self._send(200, b'{"registrationNumber": "' + vrm.encode() + b'", "revenueWeight": "hea\xff')
            case Fault.NO_JSON_404:
                self._send(404, b"<html>no such page</html>", {"Content-Type": "text/html"})
            case Fault.OTHER_VEHICLE:
                self._send(200, json.dumps(MOCK_ENTRY | {"registrationNumber": "ZZ99ZZZ"}).encode())
            case Fault.NO_VRM:
                self._send(200, b'{"typeApproval": "M1", "revenueWeight": 1000}')

    def _trickle(self, body: bytes) -> None:
        self._head(200, len(body), {})
        for byte in body:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            if self.simulator.going_down.wait(0.05):
                break
        self.close_connection = True

    def _send(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):
            self._head(status, len(body), headers or {})
            self.wfile.write(body)

    def _head(self, status: int, length: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is what the tests are about; nothing to print."""


@contextmanager
def simulated_service(clock: Callable[[], datetime], **changes: Any) -> Iterator[Simulator]:
    """The service, serving on a free port of loopback."""
    simulator = Simulator(clock, **changes)
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"simulator": simulator}))
    simulator.url = f"http://127.0.0.1:{server.server_address[1]}{PATH}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield simulator
    finally:
        simulator.going_down.set()
        server.shutdown()
        server.server_close()
        thread.join()
