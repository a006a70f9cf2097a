"""Publishing the parishes' summaries of a month: a page and a PDF each, and a row that names them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from enforcement import audit
from enforcement.documents import TEMPLATES, set_pdf
from enforcement.files import write_whole
from enforcement.policy import Policy
from enforcement.summary.figures import Month, parish_figures
from enforcement.summary.page import ParishSummary, parish_summary
from enforcement.tables import SummaryRow
from ingest import records


@dataclass(frozen=True)
class Published:
    """Where a parish's summary lies."""

    parish: str
    html: Path
    pdf: Path


def publish_summaries(
    engine: Engine, authority: str, policy: Policy, data_dir: Path, month: Month, *, who: str, now: datetime
) -> list[Published]:
    """Make and publish the summary of each parish; an earlier one of the month is replaced."""
    with Session(records.reading(engine)) as session:
        figures = parish_figures(session, authority, month)
    published = []
    for parish in figures:
        summary = parish_summary(parish, policy.letterhead.force, now)
        paths = _write(summary, data_dir, month, now)
        with Session(engine) as session, session.begin():
            row = SummaryRow(
                authority=authority,
                parish=parish.parish,
                month=month.name,
                path_html=paths[0].as_posix(),
                path_pdf=paths[1].as_posix(),
                created_at=now,
            )
            session.merge(row)
            audit.record(
                session,
                authority,
                who=who,
                action="summary.publish",
                subject=f"summary:{month.name}:{paths[0].stem}",
                reason="the month" if month.complete else "the month so far",
                now=now,
            )
        published.append(Published(parish.parish, data_dir / paths[0], data_dir / paths[1]))
    return published


def published_complete(engine: Engine, authority: str, month: Month) -> bool:
    """Whether a summary of the whole month is out, not only of a part of it."""
    with Session(records.reading(engine)) as session:
        made = session.scalars(
            select(SummaryRow.created_at).where(
                SummaryRow.authority == authority, SummaryRow.month == month.name
            )
        ).all()
    return bool(made) and min(made) >= month.until


def page(summary: ParishSummary) -> str:
    """The summary as a web page; everything in it is escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("summary.html").render(summary=summary)


def _write(summary: ParishSummary, data_dir: Path, month: Month, now: datetime) -> tuple[Path, Path]:
    stem = re.sub(r"[^a-z0-9]+", "-", summary.parish.lower()).strip("-") or "parish"
    html = Path("summaries") / month.name / f"{stem}.html"
    pdf = html.with_suffix(".pdf")
    write_whole(data_dir / html, page(summary).encode())
    write_whole(data_dir / pdf, set_pdf("summary.typ", summary, now))
    return html, pdf
