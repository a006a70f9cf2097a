"""Let camera units in by their public keys, and shut them out."""

from __future__ import annotations

import argparse
from pathlib import Path

from sqlalchemy.orm import Session

from config.errors import FileMistake
from config.link import load_public_key
from enforcement.office import Office
from ingest import records


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`issue AGENT FILE`, `list` and `revoke KEY`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="issue|list|revoke")
    issue = actions.add_parser("issue", help="trust a unit's key from now on")
    issue.add_argument("agent_id", metavar="AGENT")
    issue.add_argument("file", type=Path, metavar="FILE", help="the public key as the unit printed it")
    actions.add_parser("list", help="list the keys")
    actions.add_parser("revoke", help="trust a key no longer").add_argument("key_id", metavar="KEY")


def run(office: Office, arguments: argparse.Namespace) -> int:
    """Do one of the three. Raises FileMistake, LinkError, RecordsError."""
    return {"issue": _issue, "list": _list, "revoke": _revoke}[arguments.action](office, arguments)


def _issue(office: Office, arguments: argparse.Namespace) -> int:
    try:
        public_jwk = arguments.file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise FileMistake(arguments.file, 0, f"the unit's public key is expected: {error}") from error
    key_id, _ = load_public_key(public_jwk)
    with Session(office.engine) as session, session.begin():
        records.store_agent_key(
            session, office.authority, arguments.agent_id, key_id, public_jwk, office.clock()
        )
        office.note(session, "key.issue", f"key:{key_id}")
    print(f"{arguments.agent_id} is let in by {key_id}")
    return 0


def _list(office: Office, arguments: argparse.Namespace) -> int:
    with Session(records.reading(office.engine)) as session:
        keys = records.agent_keys(session, office.authority)
    for key in keys:
        state = f"revoked {key.revoked_at:%Y-%m-%d %H:%M}Z" if key.revoked_at else "in force"
        print(f"{key.agent_id} {key.key_id} stored {key.stored_at:%Y-%m-%d %H:%M}Z, {state}")
    return 0


def _revoke(office: Office, arguments: argparse.Namespace) -> int:
    with Session(office.engine) as session, session.begin():
        records.revoke_agent_key(session, office.authority, arguments.key_id, office.clock())
        office.note(session, "key.revoke", f"key:{arguments.key_id}")
    print(f"{arguments.key_id} is no longer trusted")
    return 0
