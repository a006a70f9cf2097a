"""What is written on lorries and roads besides registrations; firms and numbers are made up."""

from collections.abc import Callable

import numpy as np

LETTERS = "AAABCDEEEEFGHHIIIKLLLMNNNOOOPRRRSSSTTTUVWY"

_ON_LORRIES = (
    "LONG VEHICLE",
    "ABNORMAL LOAD",
    "WIDE LOAD",
    "HIGHWAY MAINTENANCE",
    "HEAVY GOODS",
    "NO TOOLS LEFT",
    "HOW IS MY DRIVING",
    "HAZCHEM",
    "NO ENTRY",
    "CAUTION",
    "BLIND SPOT",
    "TAKE CARE",
    "KEEP CLEAR",
    "LOW BRIDGE",
    "DIESEL",
    "AdBlue",
    "AIR BRAKES",
    "EURO 6",
    "60 LIMITED",
    "16'6\"",
    "LEFT HAND DRIVE",
    "REFRIGERATED",
    "PARCELS",
    "RECYCLING",
    "TAXI",
    "AMBULANCE",
    "POLICE",
    "COACH",
    "EXCEPT FOR ACCESS",
    "WEAK BRIDGE",
    "ROAD CLOSED",
    "DIVERSION",
    "GIVE WAY",
)
_TRADES = (
    "HAULAGE",
    "TRANSPORT",
    "LOGISTICS",
    "FREIGHT",
    "& SONS",
    "DISTRIBUTION",
    "SKIP HIRE",
    "AGGREGATES",
)
_BADGES = (
    "MAX 56",
    "4.95M",
    "7.5T",
    "18T",
    "44 TONNES",
    "XF 480",
    "R450",
    "FH 460",
    "TGX 18.440",
    "ACTROS 2545",
    "S-WAY",
    "T HIGH 520",
    "P320",
)
_SHARE_BADGES = 0.15

Rng = np.random.Generator


def phrase(rng: Rng) -> str:
    """A text on bodywork that is no registration; a badge may be spelt like one, but is on no plate."""
    return _badge(rng) if rng.random() < _SHARE_BADGES else words(rng)


def words(rng: Rng) -> str:
    """A text that is no registration wherever it stands: a notice, a firm, an address, a telephone number."""
    return _KINDS[int(rng.integers(len(_KINDS)))](rng)


def _notice(rng: Rng) -> str:
    return str(rng.choice(_ON_LORRIES))


def _firm(rng: Rng) -> str:
    return f"{_word(rng)} {rng.choice(_TRADES)}" if rng.random() < 0.7 else _word(rng)


def _web_address(rng: Rng) -> str:
    return "www." + _word(rng).lower() + str(rng.choice((".co.uk", ".com", ".eu")))


def _phone_number(rng: Rng) -> str:
    digits = "0" + "".join(str(d) for d in rng.integers(0, 10, 10))
    cut = int(rng.integers(3, 6))
    return f"{digits[:cut]} {digits[cut:]}"


def _badge(rng: Rng) -> str:
    """A vehicle's number in its fleet, its weight or its engine's power, as cabs and trailers show them."""
    return str(rng.choice(_BADGES)) if rng.random() < 0.5 else str(rng.integers(1, 1000))


def _word(rng: Rng) -> str:
    return "".join(rng.choice(list(LETTERS), int(rng.integers(3, 9))))


_KINDS: tuple[Callable[[Rng], str], ...] = (
    _notice,
    _notice,
    _firm,
    _web_address,
    _phone_number,
    _phone_number,
)
