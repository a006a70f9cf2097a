"""What mosquitto's log says of those it has turned away (as mosquitto 2.0.11 words it)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Why = Literal["topic", "certificate", "no_certificate", "tls", "protocol"]

_DENIED = re.compile(r"\d+: Denied PUBLISH from (?P<unit>\S+) \(d\d, q\d, r\d, m\d+, '(?P<topic>.*)', \.\.\.")
_NO_TLS = re.compile(
    r"\d+: (?:OpenSSL Error\[0\]: (?P<said>.*)|Client connection from \S+ failed: (?P<refused>.*))"
)
_MALFORMED = re.compile(
    r"\d+: Client (?P<unit>\S+) disconnected due to (?P<said>(?:malformed packet|protocol error).*)"
)
_ROUTINE = re.compile(r"\d+: (?:Received|Sending|\t|No will message|Will message specified)|^\t")


@dataclass(frozen=True)
class TurnedAway:
    """One attempt that the broker has refused. `unit` is empty where no certificate said who it was."""

    why: Why
    unit: str
    said: str


def turned_away(line: str) -> TurnedAway | None:
    """Whom a line of the log tells of, if anybody."""
    if denied := _DENIED.match(line):
        return TurnedAway("topic", denied["unit"], denied["topic"])
    if failed := _NO_TLS.match(line):
        said = failed["said"] or failed["refused"] or ""
        return TurnedAway(_why(said), "", said)
    if malformed := _MALFORMED.match(line):
        return TurnedAway("protocol", malformed["unit"], malformed["said"])
    return None


def is_routine(line: str) -> bool:
    """Whether the line tells of one packet among thousands."""
    return _ROUTINE.match(line) is not None


def _why(said: str) -> Why:
    if "certificate verify failed" in said:
        return "certificate"
    return "no_certificate" if "did not return a certificate" in said else "tls"
