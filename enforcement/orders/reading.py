"""An order while it is being read: the fields found so far and what an officer is to be asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from enforcement.orders.draft import Draft, Gap, SourceKind
from enforcement.orders.ledger import Place


@dataclass
class Reading:
    """Fields of OrderVersion as its YAML has them, and the questions that stay open."""

    fields: dict[str, Any] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)

    def give(self, name: str, value: Any) -> None:
        """Settle a field."""
        self.fields[name] = value

    def add(self, name: str, value: Any) -> None:
        """Add to a field that is a list, once."""
        values = self.fields.setdefault(name, [])
        if value not in values:
            values.append(value)

    def ask(self, name: str, why: str) -> None:
        """Leave a field to the officer."""
        gap = Gap(name, why)
        if gap not in self.gaps:
            self.gaps.append(gap)

    def need(self, name: str, why: str) -> None:
        """Leave a field that was not found to the officer, unless a better reason was given already."""
        if not self.fields.get(name) and all(gap.field != name for gap in self.gaps):
            self.ask(name, why)

    def cannot_use(self, place: Place, why: str, *names: str) -> None:
        """Leave a part of the source unused, and the fields that it bears on to the officer."""
        place.leave(why)
        for name in names:
            self.ask(name, f"{place.path}: {why}")

    def exempt(self, exemption: str, terms: dict[str, Any] | None) -> None:
        """Add an exemption; one that is named without terms as well holds always."""
        known = exemption in self.fields.get("exemptions", ())
        confined = [each["exemption"] for each in self.fields.get("exemption_terms", ())]
        self.add("exemptions", exemption)
        if terms is None:
            kept = [e for e in self.fields.get("exemption_terms", ()) if e["exemption"] != exemption]
            self.fields.pop("exemption_terms", None)
            for each in kept:
                self.add("exemption_terms", each)
        elif not known or exemption in confined:
            self.add("exemption_terms", {"exemption": exemption, **terms})

    def draft(self, source: SourceKind, reference: str, root: Place) -> Draft:
        """The draft, once everything has been read."""
        return Draft(source, reference, dict(self.fields), tuple(self.gaps), root.unused())
