"""Import orders and show their versions."""

from __future__ import annotations

import argparse
from pathlib import Path

from sqlalchemy.orm import Session

from config.files import load
from config.law.orders import OrdersFile
from enforcement.importing import refuse_other_authority
from enforcement.office import Office
from ingest import records


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`import FILE` and `history [ORDER]`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="import|history")
    importing = actions.add_parser("import", help="store the versions in a file that are new")
    importing.add_argument("file", type=Path, metavar="FILE")
    history = actions.add_parser("history", help="list the versions that are stored")
    history.add_argument("order_id", nargs="?", metavar="ORDER")


def run(office: Office, arguments: argparse.Namespace) -> int:
    """Import all of a file or nothing, or list. Raises FileMistake, VersionChanged."""
    return _import(office, arguments.file) if arguments.action == "import" else _history(office, arguments)


def _import(office: Office, file: Path) -> int:
    orders = load(file, OrdersFile).orders
    refuse_other_authority(file, office.authority, [order.authority for order in orders])
    now = office.clock()
    with Session(office.engine) as session, session.begin():
        for order in orders:
            name = f"order:{order.order_id}:{order.version}"
            if records.store_order_version(session, order, now):
                office.note(session, "order.import", name)
                print(f"{order.order_id} version {order.version}: stored, from {order.effective_from}")
            else:
                print(f"{order.order_id} version {order.version}: already stored")
    return 0


def _history(office: Office, arguments: argparse.Namespace) -> int:
    with Session(records.reading(office.engine)) as session:
        versions = records.order_versions(session, office.authority, arguments.order_id)
    for order in versions:
        until = f" until {order.effective_to}" if order.effective_to else ""
        print(
            f"{order.order_id} version {order.version}: from {order.effective_from}{until}, "
            f"{order.type}, over {order.limit_kg} kg, {order.title}"
        )
    if not versions:
        print("no such order is stored")
    return 0
