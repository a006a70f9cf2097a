"""Two versions of an order side by side, field by field, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from config.law.orders import OrderVersion
from enforcement.orders.draft import Draft

Fields = Mapping[str, Any]

_NAMES = {
    "title": "title",
    "type": "type",
    "london": "made for London",
    "purpose": "purpose",
    "limit_kg": "limit",
    "weight_basis": "weight that counts",
    "effective_from": "in force from",
    "starts_at": "on the first day from",
    "effective_to": "in force until before",
    "ends_at": "on the last day until",
    "hours": "hours",
    "except_hours": "hours excepted",
    "exemptions": "exemptions",
    "exemption_terms": "terms of exemptions",
    "direction": "direction bound",
    "sections": "sections of road",
    "usrns": "street numbers",
    "source": "source",
}
_NONE = {"hours": "at all hours", "effective_to": "no end", "except_hours": "none"}


def defaults() -> dict[str, Any]:
    """What a version says where its file says nothing, in the form of its YAML."""
    fields = msgspec.structs.fields(OrderVersion)
    return {field.encode_name: field.default for field in fields if field.default is not msgspec.NODEFAULT}


def fields_of(order: OrderVersion) -> dict[str, Any]:
    """A version in the form of its YAML."""
    return dict(msgspec.to_builtins(order))


def differences(before: Fields, draft: Draft, completion: Fields) -> list[str]:
    """Each field in which the draft, completed, differs from a version; and each that must still be given."""
    after = {**defaults(), **draft.fields, **completion}
    open_ = {gap.field: gap.why for gap in draft.gaps if gap.field not in completion}
    lines = [_line(name, before.get(name), after.get(name)) for name in _NAMES if name not in open_]
    lines += _zones(before.get("zones", ()), after.get("zones", ())) if "zones" not in open_ else []
    asked = [f"{_NAMES.get(name, name)}: to be given ({why})" for name, why in open_.items()]
    return [line for line in lines if line] + asked


def _line(name: str, before: Any, after: Any) -> str:
    if _plain(before) == _plain(after):
        return ""
    if isinstance(before, list | tuple) and isinstance(after, list | tuple) and before and after:
        return f"{_NAMES[name]}: {_changes(before, after)}"
    return f"{_NAMES[name]}: {_told(name, before)} becomes {_told(name, after)}"


def _changes(before: Iterable[Any], after: Iterable[Any]) -> str:
    old, new = ([_item(value) for value in values] for values in (before, after))
    told = [f"{value} added" for value in new if value not in old]
    told += [f"{value} removed" for value in old if value not in new]
    return "; ".join(told) or "in another sequence"


def _told(name: str, value: Any) -> str:
    if value in (None, "", (), []):
        return _NONE.get(name, "nothing")
    if name == "limit_kg":
        return f"{int(value):,} kg"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(map(_item, value)) if isinstance(value, list | tuple) else str(value)


def _item(value: Any) -> str:
    if not isinstance(value, Mapping):
        return str(value).replace("_", " ")
    if "exemption" in value:
        dates = f" from {value['effective_from']}" if value.get("effective_from") else ""
        dates += f" until before {value['effective_to']}" if value.get("effective_to") else ""
        hours = "; ".join(map(_item, value.get("hours", ())))
        return f"{_item(value['exemption'])}{dates}{' ' if hours else ''}{hours}"
    dates = f" from {value['first_day']}" if value.get("first_day") else ""
    dates += f" to {value['last_day']}" if value.get("last_day") else ""
    return f"{' '.join(value['days'])} {value['from']} to {value['until']}{dates}"


def _zones(before: Any, after: Any) -> list[str]:
    old, new = ({zone["zone_id"]: zone for zone in zones} for zones in (before, after))
    lines = [f"zone {name}: added" for name in new if name not in old]
    lines += [f"zone {name}: removed" for name in old if name not in new]
    for name in old:
        if name in new:
            lines += _zone(name, old[name], new[name])
    return lines


def _zone(name: str, before: Fields, after: Fields) -> list[str]:
    plain = [key for key in ("name", "parish", "van_distance_m") if key in before or key in after]
    lines = [
        f"zone {name}: {key.replace('_', ' ')} {before[key]} becomes {after[key]}"
        for key in plain
        if key in after and before.get(key) != after[key]
    ]
    old, new = ({_pair(pair): pair for pair in zone["pairs"]} for zone in (before, after))
    lines += [f"zone {name}, {pair}: added" for pair in new if pair not in old]
    lines += [f"zone {name}, {pair}: removed" for pair in old if pair not in new]
    for pair in [pair for pair in old if pair in new]:
        lines += [
            f"zone {name}, {pair}: {key.replace('_', ' ')} {value} becomes {new[pair][key]}"
            for key, value in old[pair].items()
            if value != new[pair][key]
        ]
    return lines


def _pair(pair: Fields) -> str:
    ends = (pair["entry"], pair["exit"])
    return " to ".join(f"{end['site_id']} {end['direction']}" for end in ends)


def _plain(value: Any) -> Any:
    """A value without what is empty in it, which a file may leave out."""
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items() if each not in (None, "", (), [])}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
