"""The modules that decide about people, and who judges a mistake in each: quick tests without fixtures."""

from __future__ import annotations

_LAW = "tests/config/law"
_CASES = "tests/enforcement/cases"
_PAIRING = (
    "tests/ingest/test_reasons.py",
    "tests/ingest/test_chained_pairs.py",
    "tests/ingest/test_transits.py",
    "tests/ingest/test_match.py",
    "tests/ingest/test_situations.py",
)

JUDGES: dict[str, tuple[str, ...]] = {
    "config/law/weight.py": (f"{_LAW}/test_weight.py",),
    "config/law/deadlines.py": (f"{_LAW}/test_deadlines.py",),
    "config/law/orders.py": (f"{_LAW}/test_orders.py", f"{_LAW}/test_flaws.py"),
    "config/law/flaws.py": (f"{_LAW}/test_flaws.py",),
    "ingest/match.py": _PAIRING,
    "ingest/transits.py": _PAIRING,
    "ingest/verdicts.py": _PAIRING,
    "ingest/transit_reasons.py": _PAIRING,
    "ingest/close.py": ("tests/ingest/test_close.py", *_PAIRING),
    "enforcement/cases/ladder.py": (f"{_CASES}/test_ladder_rows.py",),
}
