"""The modules that decide about people, and who judges a mistake in each: quick tests without fixtures."""

from __future__ import annotations

_LAW = "tests/config/law"
_CASES = "tests/enforcement/cases"
_PAIRING = (
    "tests/ingest/pairing/test_reasons.py",
    "tests/ingest/pairing/test_chained_pairs.py",
    "tests/ingest/pairing/test_transits.py",
    "tests/ingest/pairing/test_match.py",
    "tests/ingest/pairing/test_situations.py",
)

JUDGES: dict[str, tuple[str, ...]] = {
    "config/law/weight.py": (f"{_LAW}/test_weight.py",),
    "config/law/deadlines.py": (f"{_LAW}/test_deadlines.py",),
    "config/law/orders.py": (f"{_LAW}/test_orders.py", f"{_LAW}/test_hours.py", f"{_LAW}/test_flaws.py"),
    "config/law/flaws.py": (f"{_LAW}/test_flaws.py",),
    "ingest/pairing/match.py": _PAIRING,
    "ingest/pairing/transits.py": _PAIRING,
    "ingest/pairing/verdicts.py": _PAIRING,
    "ingest/pairing/reasons.py": _PAIRING,
    "ingest/pairing/close.py": ("tests/ingest/pairing/test_close.py", *_PAIRING),
    "enforcement/cases/ladder.py": (f"{_CASES}/test_ladder_rows.py",),
}
