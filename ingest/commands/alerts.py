"""`hgv-ingest alerts list | accept`: what is wrong now, and what a person has accepted as it is.

hgv-ingest --config FILE alerts list
hgv-ingest --config FILE alerts accept ID WHY
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
from ingest.parts import checked_database
from ingest.watching.alerts import accept_alert, open_alerts


def add_alerts(parser: argparse.ArgumentParser) -> None:
    """Give the parser the actions on alerts."""
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    actions.add_parser("list", help="print what is wrong now, the oldest first").set_defaults(command=_list)
    accepting = actions.add_parser("accept", help="let an alert be quiet until there is more of it")
    accepting.add_argument("id", type=int, metavar="ID")
    accepting.add_argument("why", metavar="WHY", help="for whoever asks later")
    accepting.set_defaults(command=_accept)


def _list(settings: IngestSettings, arguments: argparse.Namespace) -> int:
    table = Table("id", "since", "unit", "kind", "what", "accepted")
    with Session(reading(checked_database(settings))) as session:
        for alert in open_alerts(session):
            condition = alert.condition
            table.add_row(
                str(alert.alert_id),
                f"{alert.opened_at:%Y-%m-%d %H:%M:%S}",
                escape(condition.agent_id),
                escape(condition.kind),
                escape(condition.text),
                escape(alert.accepted_why or ""),
            )
    Console().print(table)
    return 0


def _accept(settings: IngestSettings, arguments: argparse.Namespace) -> int:
    with Session(checked_database(settings)) as session, session.begin():
        accept_alert(session, arguments.id, arguments.why, clock_from(settings.clock_starts_at)())
    return 0
