"""The witness's statement, drafted from the records for the officer to read, correct and sign.

Source: Criminal Justice Act 1967 s. 9; Criminal Procedure Rules r. 16.2. The declaration is in the template.
"""

from __future__ import annotations

from collections.abc import Iterator

from config.law.deadlines import local_day
from config.vrm import spaced
from enforcement.cases.values import zone_of
from enforcement.console.words import clock_words, day, kilograms, local_time, span, utc_time, window
from enforcement.packs.fitness import confirmation
from enforcement.packs.material import Material, PassageMaterial
from enforcement.packs.numbering import Numbering
from enforcement.packs.pages import Statement
from enforcement.packs.terms import bound_vehicles, offence_words, pair_of


def statement(material: Material, numbers: Numbering) -> Statement:
    """The statement of the officer who makes the pack."""
    officer = material.officer
    return Statement(
        name=officer.name,
        rank=officer.rank,
        force_number=officer.number,
        paragraphs=tuple(_paragraphs(material, numbers)),
    )


def _paragraphs(material: Material, numbers: Numbering) -> Iterator[str]:
    officer, head, case = material.officer, material.letterhead, material.case
    yield (
        f"I am {officer.rank} {officer.name}, number {officer.number}, of {head.force}, {head.unit}. I make "
        "this statement from the records that the force's camera system for weight limits holds, and I "
        "produce them."
    )
    yield from _order(material, numbers)
    yield _seen("came in", material.entry, numbers.of("entry"))
    yield _seen("went out", material.exit, numbers.of("exit"))
    yield _between(material)
    yield _looked(material)
    yield (
        f"The register ({case.register.source}) as of {day(case.register.as_of)} gives the vehicle the "
        f"category {case.register.type_approval or 'not recorded'} and a maximum gross weight of "
        f"{kilograms(case.register.revenue_weight_kg)}. I produce its answer as exhibit "
        f"{numbers.of('register')}."
    )
    yield (
        f"The steps by which the system came to its conclusion are exhibit {numbers.of('reasoning')}, the "
        f"correspondence is exhibit {numbers.of('letters')}, and the record of who looked at this case and "
        f"decided on it is exhibit {numbers.of('audit')}."
    )
    yield (
        "Each picture carries the hash (SHA-256) that the camera unit made of it and signed at the roadside. "
        "When this pack was made, every picture still had that hash and every signature was right."
    )


def _order(material: Material, numbers: Numbering) -> Iterator[str]:
    order, at = material.case.order, material.entry.record.captured_at
    yield (
        f"{order.title}, in its version {order.version} of {day(order.effective_from)}, was in force on "
        f"{day(local_day(at))} at {zone_of(order, material.case.transit.zone_id).name}. It bars "
        f"{bound_vehicles(order)} with a maximum gross weight over {kilograms(order.limit_kg)}. I produce "
        f"that version as exhibit {numbers.of('order')} and a plan of the road and the cameras as exhibit "
        f"{numbers.of('plan')}. The offence alleged is {offence_words(order)}."
    )


def _seen(way: str, passage: PassageMaterial, exhibit: str) -> str:
    record = passage.record
    return (
        f"At {local_time(record.captured_at)} ({utc_time(record.captured_at)}) the camera at {passage.place} "
        f"recorded a vehicle that {way} ({passage.heading}). Its registration was read as "
        f"{spaced(record.vrm or '')}. The clock of the camera was "
        f"{clock_words(record.clock_offset_s, record.clock_error_s)} from UTC. I produce the record and its "
        f"pictures as exhibit {exhibit}."
    )


def _between(material: Material) -> str:
    elapsed = material.exit.record.captured_at - material.entry.record.captured_at
    words = f"Between the two lie {span(elapsed.total_seconds())}. "
    pair = pair_of(material.case)
    if pair is None:
        return words + "The order version names no pair of cameras for this course."
    return words + (
        f"Driving straight through takes {window(pair)}, as {pair.calibrated_by} measured on "
        f"{day(pair.calibrated_on)}."
    )


def _looked(material: Material) -> str:
    confirmed = confirmation(material.case)
    what = (
        "looked at the pictures of both passages and at the register's answer, and confirmed that the "
        f"pictures show {spaced(material.case.summary.vrm)} and that the vehicle is the one that the "
        "register describes"
    )
    if confirmed.who == f"user:{material.officer.user_id}":
        return f"On {local_time(confirmed.decided_at)} I {what}."
    officer = f"{confirmed.officer_name}, number {confirmed.officer_number},"
    return f"The records show that on {local_time(confirmed.decided_at)} {officer} {what}."
