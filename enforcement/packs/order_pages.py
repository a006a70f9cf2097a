"""The order in force and its plan, as pages."""

from __future__ import annotations

from collections.abc import Iterator

from config.law.orders import ExemptionTerms, OrderVersion
from enforcement.cases.values import zone_of
from enforcement.console.words import day, exemptions, hours, kilograms, local_time, plain
from enforcement.packs.material import Material
from enforcement.packs.members import PLAN, plan_cameras
from enforcement.packs.pages import Block, Facts, Picture, Table, Title, Words
from enforcement.packs.terms import bound_vehicles, offence_words


def order_blocks(material: Material) -> Iterator[Block]:
    """The version of the order by which the passages were judged."""
    order, at = material.case.order, material.entry.record.captured_at
    ends = day(order.effective_to) + " (exclusive)" if order.effective_to else "no end is set"
    yield Words(
        "This is the version of the order by which the passages were judged. A version is stored once and "
        "never changed. The certified copy of the sealed order is to be attached by hand."
    )
    yield Facts(
        (
            ("Order", order.title),
            ("Reference and version", f"{order.order_id}, version {order.version}"),
            ("Type", f"{order.type}, {order.purpose}"),
            ("In force", f"from {day(order.effective_from)}; {ends}"),
            ("Hours", "; ".join(hours(each) for each in order.hours) or "at all times"),
            ("Except at", "; ".join(hours(each) for each in order.except_hours) or "none"),
            ("Bars", f"{bound_vehicles(order)} with a maximum gross weight over {kilograms(order.limit_kg)}"),
            ("Weight counted", plain(order.weight_basis)),
            ("Direction", plain(order.direction)),
            ("Offence", offence_words(order)),
            ("In force at the offence", f"yes, at {local_time(at)}"),
            ("Source of this version", order.source or "not recorded"),
        )
    )
    yield Title("Whom the order lets through")
    yield Table(("Exemption", "When"), tuple(_exemption_rows(order)) or (("none", ""),), (2, 1))
    yield Title("Restricted road (British National Grid, EPSG:27700)")
    yield Table(
        ("Section",), tuple((text,) for text in order.sections) or (("not stored",),), (1,), small=True
    )


def _exemption_rows(order: OrderVersion) -> Iterator[tuple[str, str]]:
    for exemption, words in zip(order.exemptions, exemptions(order), strict=True):
        terms = [_terms(each) for each in order.exemption_terms if each.exemption is exemption]
        yield words, "; ".join(terms) or "always"


def _terms(terms: ExemptionTerms) -> str:
    told = [hours(each) for each in terms.hours]
    told += [f"from {day(terms.effective_from)}"] if terms.effective_from else []
    told += [f"before {day(terms.effective_to)}"] if terms.effective_to else []
    return ", ".join(told) or "always"


def plan_blocks(material: Material) -> tuple[Block, ...]:
    """The plan and where its cameras stand."""
    zone = zone_of(material.case.order, material.case.transit.zone_id)
    roads = (
        "The red line is the restricted road as the order gives it."
        if material.case.order.sections
        else "This version of the order holds no geometry of the road; the plan shows the cameras."
    )
    ends = (
        f"A is the camera of the way in ({material.entry.place}), B of the way out ({material.exit.place})."
    )
    return (
        Words(f"{zone.name}. {roads} A is the camera of the way in, B that of the way out."),
        Picture(
            PLAN,
            f"Plan with grid north up and a scale bar: the restricted road in {zone.name}. {ends}",
            "Drawn from the order's geometry and the cameras' positions; no other map was used.",
            150,
        ),
        Table(
            ("Camera", "Place", "East", "North"),
            tuple(
                (camera.letter, passage.place, f"{camera.east_m:.0f} m", f"{camera.north_m:.0f} m")
                for camera, passage in plan_cameras(material)
            ),
            (8, 50, 12, 12),
        ),
        Words(
            "Positions of the cameras are those that the units signed, brought from WGS84 to British "
            "National Grid (EPSG:27700); that is good to about 5 m."
        ),
    )
