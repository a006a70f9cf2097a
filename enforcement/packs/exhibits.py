"""The exhibits of a pack as pages: both passages, clocks, register and reasoning."""

from __future__ import annotations

from collections.abc import Iterator

from config.vrm import spaced
from enforcement.console.words import (
    clock_words,
    day,
    kilograms,
    local_time,
    percent,
    plain,
    span,
    utc_time,
    window,
)
from enforcement.packs.material import Material, PassageMaterial
from enforcement.packs.numbering import Numbering
from enforcement.packs.order_pages import order_blocks, plan_blocks
from enforcement.packs.pages import Block, Facts, Hashes, Part, Picture, Table, Title, Words
from enforcement.packs.terms import pair_of
from ingest.records import ClockRecord, Reason


def exhibits(material: Material, numbers: Numbering) -> tuple[Part, ...]:
    """The exhibits up to the reasoning, in their order."""
    return (
        Part(number=numbers.of("order"), title="The order in force", blocks=tuple(order_blocks(material))),
        Part(
            number=numbers.of("plan"), title="Plan of the road and the cameras", blocks=plan_blocks(material)
        ),
        Part(
            number=numbers.of("entry"),
            title="The passage on the way in",
            blocks=tuple(_passage("entry", material.entry)),
        ),
        Part(
            number=numbers.of("exit"),
            title="The passage on the way out",
            blocks=tuple(_passage("exit", material.exit)),
        ),
        Part(number=numbers.of("clocks"), title="Clocks and cameras", blocks=tuple(_clocks(material))),
        Part(
            number=numbers.of("register"),
            title="The register's answer and the maximum gross weight",
            blocks=tuple(_register(material)),
        ),
        Part(
            number=numbers.of("reasoning"),
            title="How the conclusion was reached",
            blocks=_reasoning(material),
        ),
    )


def _passage(end: str, passage: PassageMaterial) -> Iterator[Block]:
    record, message = passage.record, passage.message
    mark = spaced(record.vrm or "")
    yield Facts(
        (
            (
                "Registration as read",
                f"{mark} ({percent(record.read_confidence or 0)}, {record.looks} looks agree)",
            ),
            ("Captured", f"{local_time(record.captured_at)}; {utc_time(record.captured_at)}"),
            ("Clock against UTC", clock_words(record.clock_offset_s, record.clock_error_s)),
            ("Place", f"{passage.place} (site {record.site_id}, version {record.site_version})"),
            ("Going", f"{passage.heading}; lane {record.lane or 'not known'}"),
            ("Camera and unit", f"{record.camera_id} of {record.agent_id}, frame {message.frame_number}"),
            (
                "Vehicle",
                f"looks like a heavy goods vehicle ({percent(record.hgv)}); class {record.vehicle_class}",
            ),
            ("Arrived at the centre", utc_time(record.received_at)),
            ("Passage", record.passage_id),
        )
    )
    yield from _pictures(end, passage)


def _pictures(end: str, passage: PassageMaterial) -> Iterator[Block]:
    record, mark = passage.record, spaced(passage.record.vrm or "")
    for kind, height_mm in (("overview", 84), ("plate", 26)):
        yield Picture(
            f"{end}/{kind}.jpg",
            _alt(kind, mark, passage),
            f"{kind.capitalize()} picture, {utc_time(record.captured_at)}. All beside the vehicle was "
            "blurred by the camera unit before the picture was hashed."
            if kind == "overview"
            else "The number plate, enlarged.",
            height_mm,
        )
    sizes = {
        each.kind: f"{each.width_px} x {each.height_px} px, {each.size_bytes:,} B" for each in record.evidence
    }
    yield Hashes(
        tuple(
            (f"{end}/{each.kind}.jpg", each.sha256, sizes[each.kind])
            for each in record.evidence
            if each.kind in passage.pictures
        )
    )


def _alt(kind: str, mark: str, passage: PassageMaterial) -> str:
    if kind == "overview":
        return f"The vehicle at {passage.place}, {passage.heading}; all beside it is blurred."
    return f"Number plate of the vehicle, read as {mark}."


def _clocks(material: Material) -> Iterator[Block]:
    yield Words(
        "Each camera unit tells at short intervals how far its clock is from UTC and what its cameras see, "
        "and signs it. The last two columns are the centre's own check: the clock was ahead of the centre's "
        "by no less and no more than this (negative is behind)."
    )
    for way, passage in (("in", material.entry), ("out", material.exit)):
        record = passage.record
        yield Title(f"On the way {way}: {record.agent_id}")
        yield Facts(
            (
                ("With the passage", clock_words(record.clock_offset_s, record.clock_error_s)),
                ("Estimated by", record.clock_source),
                ("Judged", "inside the tolerance; no heartbeat around it shows otherwise"),
                ("Camera was seeing", f"for {span(passage.seeing_s)} of the hour around the passage"),
            )
        )
        if passage.clock:
            yield Table(
                ("Sent (UTC)", "Clock against UTC", "Camera", "At least", "At most"),
                tuple(_beat(beat) for beat in passage.clock),
                (26, 30, 18, 13, 13),
                small=True,
            )
        else:
            yield Words("No heartbeat within an hour of this passage is stored.")


def _beat(beat: ClockRecord) -> tuple[str, ...]:
    camera = beat.camera_state or "not told of"
    return (
        utc_time(beat.sent_at).removesuffix(" UTC"),
        clock_words(beat.offset_s, beat.error_s) + (" OUT OF TOLERANCE" if beat.clock_bad else ""),
        plain(camera) + (f": {plain(beat.camera_fault)}" if beat.camera_fault else ""),
        *("not known" if bound is None else f"{bound:+.3f} s" for bound in (beat.least_s, beat.most_s)),
    )


def _register(material: Material) -> Iterator[Block]:
    answer, order = material.case.register, material.case.order
    yield Facts(
        (
            ("Registration asked", spaced(answer.vrm)),
            ("Source", answer.source),
            ("As of", f"{local_time(answer.as_of)}; {utc_time(answer.as_of)}"),
            ("Found", "yes" if answer.found else "no"),
            ("Make and colour", f"{answer.make or 'not recorded'}, {answer.colour or 'not recorded'}"),
            ("Category (type approval)", answer.type_approval or "not recorded"),
            ("Wheelplan", answer.wheelplan or "not recorded"),
            ("Maximum gross weight", kilograms(answer.revenue_weight_kg)),
            ("The order's limit", f"{kilograms(order.limit_kg)} ({plain(order.weight_basis)})"),
            ("Tax status", answer.tax_status or "not recorded"),
        )
    )
    yield Words(
        "The register's revenue weight of a goods vehicle is its maximum gross weight; for a tractive unit "
        "it is that of the combination. It is what the vehicle may weigh, not what it weighed. Where the "
        "weight is disputed, the plating certificate is to be attached by hand."
    )
    yield Title("Keeper on the day of the offence")
    yield _keeper(material)


def _keeper(material: Material) -> Block:
    keeper = material.keeper
    if keeper is None:
        return Words("The force's file of keepers names nobody for that day.")
    return Facts(
        (
            ("Keeper", keeper.keeper_name),
            ("Address", f"{keeper.address}, {keeper.postcode}"),
            ("Operator", keeper.operator_name or "not recorded"),
            ("Operator's licence", keeper.operator_licence or "not recorded"),
            ("As of", local_time(keeper.as_of)),
        )
    )


def _reasoning(material: Material) -> tuple[Block, ...]:
    case, pair = material.case, pair_of(material.case)
    facts = [
        ("Conclusion", plain(case.transit.conclusion)),
        ("Reached", utc_time(case.transit.concluded_at)),
        ("From in to out", span(case.transit.elapsed_s or 0)),
    ]
    if pair is not None:
        facts += [
            ("Window of the route", f"{window(pair)}, both ends inside it"),
            ("Window measured by", f"{pair.calibrated_by} on {day(pair.calibrated_on)}"),
        ]
    steps = (*case.transit.reasons, *case.reasons)
    return (
        Facts(tuple(facts)),
        Title("Step by step"),
        Table(("Step", "Why", "Figures"), tuple(_step(reason) for reason in steps), (17, 45, 38), True),
    )


def _step(reason: Reason) -> tuple[str, str, str]:
    figures = "; ".join(
        f"{plain(name)}: {value}" for name, value in reason.facts.items() if value is not None
    )
    return plain(reason.code), reason.text, figures
