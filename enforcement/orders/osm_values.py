"""What values of OSM's restriction tags mean for an order (OSM wiki: Key:maxweightrating, Conditional)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from config.law.orders import WEEK

Hours = dict[str, Any]

_WEIGHT = re.compile(r"^(\d{1,3}(?:\.\d{1,3})?)\s*(t)?$|^(\d{3,6})\s*kg$", re.IGNORECASE)
_CONDITION = re.compile(r"^\s*([^@]+?)\s*@\s*(\([^()]*\)|[^();]+?)\s*$")
_DAY_NAMES = dict(zip(("mo", "tu", "we", "th", "fr", "sa", "su"), WEEK, strict=True))
_TIME = r"(\d{2}:\d{2})"
_OPENING = re.compile(rf"^(?:([A-Za-z,\- ]+)\s+)?{_TIME}-{_TIME}((?:,\s*{_TIME}-{_TIME})*)$")


class NotUnderstood(Exception):
    """A value that cannot be put in an order's terms; the text says why."""


def weight_kg(value: str) -> int:
    """A weight in whole kilogrammes; without a unit it is in tonnes. Raises NotUnderstood."""
    found = _WEIGHT.match(value.strip())
    if found is None:
        raise NotUnderstood("is no weight in tonnes or kilogrammes")
    kilogrammes = Decimal(found[1]) * 1000 if found[1] else Decimal(found[3])
    if not 0 < kilogrammes <= 100_000 or kilogrammes != int(kilogrammes):
        raise NotUnderstood("is no weight that an order could limit")
    return int(kilogrammes)


def conditions(value: str) -> list[tuple[str, str]]:
    """The pairs of value and condition of a conditional tag. Raises NotUnderstood."""
    found = [_CONDITION.match(clause) for clause in _clauses(value)]
    if not found or None in found:
        raise NotUnderstood("is not written as 'value @ condition'")
    return [(clause[1], clause[2].strip("() ")) for clause in found if clause]


def hours_of(condition: str) -> list[Hours]:
    """Days and times such as "Mo-Fr 07:00-19:00" as an order's hours. Raises NotUnderstood."""
    return [hours for part in condition.split(";") for hours in _rule(part.strip())]


def _rule(rule: str) -> Iterator[Hours]:
    found = _OPENING.match(rule)
    if found is None and rule and ":" not in rule and "sun" not in rule:
        yield {"days": _days(rule), "from": "00:00", "until": "24:00"}
        return
    if found is None:
        raise NotUnderstood("is no list of days of the week and times of day")
    days = _days(found[1]) if found[1] else list(WEEK)
    for first, last in re.findall(rf"{_TIME}-{_TIME}", rule):
        if not ("00:00" <= first < "24:00" and "00:00" <= last <= "24:00" and first != last):
            raise NotUnderstood("names a time of day that there is not")
        if first[3:] > "59" or last[3:] > "59":
            raise NotUnderstood("names a time of day that there is not")
        yield {"days": days, "from": first, "until": "24:00" if last == "00:00" else last}


def _days(text: str) -> list[str]:
    names, chosen = list(_DAY_NAMES), set()
    for part in text.lower().replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if first not in names or (last or first) not in names:
            raise NotUnderstood("names days that are not of the week, such as holidays")
        begin, end = names.index(first), names.index(last or first)
        chosen |= {names[n % 7] for n in range(begin, end + 1 if end >= begin else end + 8)}
    return [_DAY_NAMES[name] for name in names if name in chosen]


def _clauses(value: str) -> Iterator[str]:
    """The parts between semicolons that stand outside brackets."""
    clause, depth = "", 0
    for sign in value:
        depth += (sign == "(") - (sign == ")")
        if sign == ";" and depth == 0:
            yield clause
            clause = ""
        else:
            clause += sign
    if clause.strip():
        yield clause
