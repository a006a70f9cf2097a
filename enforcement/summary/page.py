"""The monthly summary of a parish as it is published: words and tables, small cells hidden, nobody in it.

Never a registration, an operator, a picture or an exact time. The same values make the page and the PDF.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from msgspec import Struct

from config.clock import LONDON
from enforcement.summary.figures import CONCLUSIONS, HOUR_BANDS, RESULTS, Counts, ParishFigures, SiteFigures
from enforcement.summary.suppression import HIDDEN, Partition, shown, suppressed

_BAND_NAMES = {
    0: "Midnight to 6 am",
    6: "6 am to 9 am",
    9: "9 am to noon",
    12: "Noon to 3 pm",
    15: "3 pm to 6 pm",
    18: "6 pm to midnight",
}
_CONCLUSION_NAMES = {
    "stayed": "Stayed long enough to have stopped there",
    "through": "Drove straight through",
    "implausible": "Too fast to be one lorry: a misread plate",
    "unresolved": "Not resolved: seen at one end only, or not clear",
    "no_inference": "No inference: a camera was off or its clock was not sure",
}
_RESULT_NAMES = {
    "confirmed": "Confirmed by officers",
    "rejected": "Rejected by an officer",
    "waiting": "Still to be looked at",
    "no_case": "No case: a permit, an exemption, or not over the limit",
}
_METHOD = (
    "Cameras count all vehicles and note those that look like heavy goods vehicles (HGVs). Whether one is "
    "over the limit is known only once its registration is looked up, so counts of HGVs include lighter "
    "lorries.",
    "A lorry drove through when the same registration was seen going in at one end and out at the other, "
    "within the time that the drive takes without a stop. One that took longer may have delivered; it is "
    "let be.",
    "A camera can miss a vehicle or misread a plate. No camera decides a case: an officer looks at the "
    "pictures and at the vehicle register each time.",
    f"“{HIDDEN.capitalize()}” stands for a figure under five, or for one from which such a figure could be "
    "worked out. Days, hours and months are local time.",
)


class Row(Struct, frozen=True):
    """A row of a table: its heading and its cells."""

    name: str
    cells: tuple[str, ...]


class Table(Struct, frozen=True, kw_only=True):
    """A table with its caption; `columns` names the first column too."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: Row | None = None


class Section(Struct, frozen=True, kw_only=True):
    """A heading, a sentence or two, and tables."""

    heading: str
    text: str
    tables: tuple[Table, ...]


class ParishSummary(Struct, frozen=True, kw_only=True):
    """All that is published for one parish and month."""

    force: str
    parish: str
    month: str
    covers: str
    made_on: str
    orders: tuple[str, ...]
    sections: tuple[Section, ...]
    method: tuple[str, ...]


def parish_summary(figures: ParishFigures, force: str, made_at: datetime) -> ParishSummary:
    """The published form of a parish's figures."""
    month = figures.month
    last_day = month.since.date().replace(day=month.days[-1])
    return ParishSummary(
        force=force,
        parish=figures.parish,
        month=f"{month.since:%B %Y}",
        covers="The whole month"
        if month.complete
        else f"This month is not over: figures to {_day(last_day)}",
        made_on=_day(made_at.astimezone(LONDON).date()),
        orders=tuple(order.title for order in figures.orders),
        sections=(
            _transit_section(figures),
            *(_site_section(site, month.days) for site in figures.sites),
            _uptime_section(figures),
        ),
        method=_METHOD,
    )


def _transit_section(figures: ParishFigures) -> Section:
    """Transits by conclusion, and what became of the through ones where their number may be told."""
    transits = suppressed([figures.transits[name] for name in CONCLUSIONS])
    tables = [
        _list("Lorries seen at the ends of the restricted road", _CONCLUSION_NAMES, transits, "All"),
    ]
    text = "What the sightings at the two ends come to."
    if transits.cells[CONCLUSIONS.index("through")] is None:
        text += " Too few lorries drove straight through to say what became of them."
    else:
        results = suppressed([figures.results[name] for name in RESULTS])
        tables.append(_list("Lorries that drove straight through", _RESULT_NAMES, results, "All"))
    return Section(heading="Lorries in the restricted road", text=text, tables=tuple(tables))


def _list(caption: str, names: dict[str, str], counts: Partition, total: str) -> Table:
    return Table(
        caption=caption,
        columns=("Outcome", "Lorries"),
        rows=tuple(Row(name, (cell,)) for name, cell in zip(names.values(), counts.words(), strict=True)),
        total=Row(total, (shown(counts.total),)),
    )


def _site_section(figures: SiteFigures, days: Sequence[int]) -> Section:
    site = figures.site
    hgvs, traffic = _by_day(figures.hgvs, days), _by_day(figures.traffic, days)
    return Section(
        heading=f"{site.road}: {site.name}",
        text=f"“In” is traffic {site.towards or 'towards the camera'}; "
        f"“out” is traffic {site.away or 'away from the camera'}.",
        tables=(
            _day_table(site.name, days, hgvs, traffic),
            _band_table(site.name, _by_band(figures.hgvs, hgvs), _by_band(figures.traffic, traffic)),
        ),
    )


def _by_day(counts: Counts, days: Sequence[int]) -> Partition:
    return suppressed([counts.by_day[day] for day in days])


def _by_band(counts: Counts, by_day: Partition) -> Partition:
    """Cells by band and direction; all hidden where the total by day is, which they would give away."""
    cells = suppressed([counts.by_band[hour, way] for hour in HOUR_BANDS for way in ("towards", "away")])
    return cells if by_day.total is not None else Partition((None,) * len(cells.cells), None)


def _day_table(name: str, days: Sequence[int], hgvs: Partition, traffic: Partition) -> Table:
    cells = zip(days, hgvs.words(), traffic.words(), strict=True)
    return Table(
        caption=f"HGVs and all traffic by day, {name}",
        columns=("Day", "HGVs", "All traffic"),
        rows=tuple(Row(str(day), (hgv, every)) for day, hgv, every in cells),
        total=Row("All days", (shown(hgvs.total), shown(traffic.total))),
    )


def _band_table(name: str, hgvs: Partition, traffic: Partition) -> Table:
    pairs = [slice(2 * index, 2 * index + 2) for index in range(len(HOUR_BANDS))]
    return Table(
        caption=f"HGVs and all traffic by time of day and direction, {name}",
        columns=("Time of day", "HGVs in", "HGVs out", "All traffic in", "All traffic out"),
        rows=tuple(
            Row(_BAND_NAMES[hour], (*hgvs.words()[pair], *traffic.words()[pair]))
            for hour, pair in zip(HOUR_BANDS, pairs, strict=True)
        ),
    )


def _uptime_section(figures: ParishFigures) -> Section:
    rows = tuple(
        Row(site.site.name, _uptime(site.uptime_s, figures.month.length_s)) for site in figures.sites
    )
    table = Table(
        caption="Camera uptime", columns=("Camera", "Hours seeing", "Hours covered", "Share"), rows=rows
    )
    text = "How long each camera was seeing. While one is off, nothing is concluded about any lorry."
    return Section(heading="Camera uptime", text=text, tables=(table,))


def _uptime(uptime_s: float | None, length_s: float) -> tuple[str, str, str]:
    hours = f"{length_s / 3600:,.0f}"
    if uptime_s is None:
        return ("not known", hours, "not known")
    return (f"{uptime_s / 3600:,.1f}", hours, f"{100 * uptime_s / length_s:.0f} %")


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
