"""Prosecution packs: make one, check one anywhere, print the public key for the court."""

from __future__ import annotations

import argparse
from pathlib import Path

from config.link import public_text
from enforcement.console.words import utc_time
from enforcement.office import Office
from enforcement.packs.errors import PackBroken
from enforcement.packs.gathering import Sources
from enforcement.packs.making import make_pack
from enforcement.packs.sealing import pack_key
from enforcement.packs.verifying import verify_pack


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`make`, `verify` and `key`; `verify` alone needs neither settings nor a database."""
    actions = parser.add_subparsers(dest="action", required=True)
    make = actions.add_parser("make", help="make the pack of a case whose charge is approved")
    make.add_argument("case_id", type=int, metavar="CASE_ID")
    make.add_argument(
        "--officer", required=True, metavar="N", help="number of the officer whose statement it is"
    )
    make.add_argument("--reason", required=True, help="why it is made, for the audit log")
    verify = actions.add_parser("verify", help="check every hash and signature of a pack")
    verify.add_argument("file", type=Path, metavar="FILE")
    verify.add_argument(
        "--key", type=Path, metavar="FILE", help="the force's public key, as `pack key` prints it"
    )
    verify.set_defaults(alone=True)
    actions.add_parser("key", help="print the public key that packs are signed with")


def run(office: Office, arguments: argparse.Namespace) -> int:
    """Make a pack, or print the key. Raises PackRefused, CaseNotFound, ChainBroken, DocumentFailed."""
    key = pack_key(office.data_dir, office.authority)
    if arguments.action == "key":
        print(public_text(key))
        return 0
    path = make_pack(
        office.engine,
        Sources(
            office.authority, office.policy().letterhead, Path(office.settings.evidence_dir), office.data_dir
        ),
        arguments.case_id,
        officer=arguments.officer,
        reason=arguments.reason,
        key=key,
        now=office.clock(),
    )
    print(path)
    return 0


def run_alone(arguments: argparse.Namespace) -> int:
    """Check a pack and say so in one line. Raises PackBroken with the first thing that is wrong."""
    key_text = _read(arguments.key).decode(errors="replace") if arguments.key else None
    verified = verify_pack(_read(arguments.file), key_text)
    manifest = verified.manifest
    print(
        f"{manifest.reference}: {len(manifest.files)} files and {manifest.pages} pages, whole as "
        f"{verified.key_id} signed them; made {utc_time(manifest.made_at)} by {manifest.made_by}"
    )
    if key_text is None:
        print("The key is the one inside the pack: compare its name with the force's, or give it with --key.")
    return 0


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PackBroken(f"{path} cannot be read: {error.strerror}") from error
