"""Add the people who may sign in."""

from __future__ import annotations

import argparse
import getpass
import os
import sys

from sqlalchemy.orm import Session

from enforcement.errors import CommandRefused
from enforcement.office import Office
from enforcement.people import Role, add_user


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`add` with the person's details; the password comes from HGV_PASSWORD or standard input."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="add")
    adding = actions.add_parser(
        "add", help="add a person; the password is the variable HGV_PASSWORD or a line of standard input"
    )
    for name in ("login", "name", "rank", "number"):
        adding.add_argument(f"--{name}", required=True)
    adding.add_argument("--role", required=True, choices=tuple(role.value for role in Role))


def run(office: Office, arguments: argparse.Namespace) -> int:
    """Add the person. Raises UserRefused, CommandRefused for no password."""
    password = _password()
    with Session(office.engine) as session, session.begin():
        user = add_user(
            session,
            authority=office.authority,
            login=arguments.login,
            name=arguments.name,
            rank=arguments.rank,
            number=arguments.number,
            role=arguments.role,
            password=password,
            now=office.clock(),
        )
        office.note(session, "user.add", f"user:{user.user_id}")
    print(f"{user.login} may sign in as {user.role}")
    return 0


def _password() -> str:
    given = os.environ.get("HGV_PASSWORD")
    if given is None:
        given = getpass.getpass("password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if not given:
        raise CommandRefused("no password: set HGV_PASSWORD or give a line on standard input")
    return given
