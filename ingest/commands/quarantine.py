"""`hgv-ingest quarantine list | replay | dismiss`: what could not be taken, and what became of it.

hgv-ingest --config FILE quarantine list [--settled]
hgv-ingest --config FILE quarantine replay [ID ...]     all open rows without ids
hgv-ingest --config FILE quarantine dismiss ID WHY
"""

from __future__ import annotations

import argparse

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.orm import Session

from config.clock import clock_from
from config.settings import IngestSettings
from ingest.database.opening import reading
from ingest.errors import NotFound
from ingest.parts import checked_database, committer_on
from ingest.storing.quarantine import quarantined, settle
from ingest.storing.replay import replay

_AT_ONCE = 200


def add_quarantine(parser: argparse.ArgumentParser) -> None:
    """Give the parser the actions of the quarantine."""
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="print the newest rows, one a line")
    listing.add_argument("--settled", action="store_true", help="those that are settled, too")
    listing.set_defaults(command=_list)
    replaying = actions.add_parser("replay", help="try messages again, after the fault was mended")
    replaying.add_argument("ids", nargs="*", type=int, metavar="ID", help="which rows; none for all")
    replaying.set_defaults(command=_replay)
    dismissing = actions.add_parser("dismiss", help="settle a row that never will be taken")
    dismissing.add_argument("id", type=int, metavar="ID")
    dismissing.add_argument("why", metavar="WHY", help="for whoever asks later")
    dismissing.set_defaults(command=_dismiss)


def _list(settings: IngestSettings, arguments: argparse.Namespace) -> int:
    table = Table("id", "last", "times", "topic", "bytes", "why", "settled")
    with Session(reading(checked_database(settings))) as session:
        for row in quarantined(session, settled=arguments.settled):
            table.add_row(
                str(row.quarantine_id),
                f"{row.last_at:%Y-%m-%d %H:%M:%S}",
                str(row.times),
                escape(row.topic),
                str(row.size_bytes),
                escape(f"{row.code}: {row.reason}"),
                escape(row.settled_why or ""),
            )
    Console().print(table)
    return 0


def _replay(settings: IngestSettings, arguments: argparse.Namespace) -> int:
    """Replay; 2 where a message that was named stays."""
    engine = checked_database(settings)
    committer = committer_on(settings, engine, clock_from(settings.clock_starts_at), lambda step: None)
    asked: set[int] | None = set(arguments.ids) or None
    with Session(reading(engine)) as session:
        rows = quarantined(session, most=len(asked) if asked else _AT_ONCE, ids=asked)
    unknown = (asked or set()) - {row.quarantine_id for row in rows}
    if unknown:
        raise NotFound(
            f"no open row {', '.join(map(str, sorted(unknown)))}; see 'hgv-ingest quarantine list'"
        )
    oldest_first = sorted(rows, key=lambda row: row.quarantine_id)
    results = replay(committer, oldest_first)
    table = Table("id", "taken", "told")
    for result in results:
        table.add_row(str(result.quarantine_id), "yes" if result.is_taken else "no", escape(result.told))
    Console().print(table)
    engine.dispose()
    return 2 if asked and not all(result.is_taken for result in results) else 0


def _dismiss(settings: IngestSettings, arguments: argparse.Namespace) -> int:
    with Session(checked_database(settings)) as session, session.begin():
        settle(session, arguments.id, f"dismissed: {arguments.why}", clock_from(settings.clock_starts_at)())
    return 0
