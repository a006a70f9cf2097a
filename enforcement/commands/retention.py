"""Show what has lived its time, delete it, hold evidence beyond its time and release it."""

from __future__ import annotations

import argparse

from sqlalchemy.orm import Session

from enforcement.console.words import utc_time
from enforcement.office import Office
from enforcement.retention.holds import holds, place_hold, release_hold
from enforcement.retention.plan import plan, room_of
from enforcement.retention.sweep import Swept, apply
from ingest import records


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A dry run unless `--apply`; `hold`, `release` and `holds`."""
    parser.add_argument("--apply", action="store_true", help="delete; without it this is a dry run")
    parser.add_argument("--list", action="store_true", help="print the id of each record that would go")
    actions = parser.add_subparsers(dest="action")
    hold = actions.add_parser("hold", help="keep a case or a passage, whatever its age")
    hold.add_argument("subject", metavar="CASE|PASSAGE", help="a case's number or a passage's id")
    release = actions.add_parser("release", help="end a hold")
    release.add_argument("hold_id", type=int, metavar="HOLD", help="its number, as `holds` prints it")
    for each in (hold, release):
        each.add_argument("--reason", required=True, help="why; kept, and written to the audit log")
    actions.add_parser("holds", help="list the holds in force")


def run(office: Office, arguments: argparse.Namespace) -> int:
    """Do what was asked. Raises FileMistake, CaseNotFound, NotFound, CommandRefused."""
    if arguments.action == "holds":
        _list_holds(office)
    elif arguments.action is not None:
        _change_holds(office, arguments)
    elif arguments.apply:
        tell(apply(room_of(office), office.clock()))
    else:
        _tell_plan(office, every_id=arguments.list)
    return 0


def tell(swept: Swept) -> None:
    """Print what a run has deleted."""
    for each in swept.deleted:
        print(f"{each.records} {each.rule.record} deleted: {each.rule.why} ({each.rule.name})")
    if swept.pictures or swept.case_files:
        print(f"{swept.pictures} pictures and {swept.case_files} files of cases went with them")


def _tell_plan(office: Office, *, every_id: bool) -> None:
    portions = plan(room_of(office), office.clock())
    for portion in portions:
        rule = portion.rule
        print(f"{len(portion.keys)} {rule.record} would go: {rule.why} ({rule.name})")
        for key in portion.printable if every_id else ():
            print(f"  {key}")
    print("nothing was deleted; --apply deletes" if portions else "nothing has lived its time")


def _change_holds(office: Office, arguments: argparse.Namespace) -> None:
    who, reason, now = office.who, arguments.reason, office.clock()
    with Session(office.engine) as session, session.begin():
        if arguments.action == "hold":
            number = place_hold(session, office.authority, arguments.subject, who=who, reason=reason, now=now)
            print(f"hold {number}: {arguments.subject} is kept until the hold is released")
        else:
            release_hold(session, office.authority, arguments.hold_id, who=who, reason=reason, now=now)
            print(f"hold {arguments.hold_id} is released")


def _list_holds(office: Office) -> None:
    with Session(records.reading(office.engine)) as session:
        for hold in holds(session, office.authority):
            print(
                f"{hold.hold_id}  {hold.subject}  {utc_time(hold.placed_at)}  {hold.placed_by}: {hold.reason}"
            )
