"""Make and rotate the certificates of broker, services and units.

    python -m deploy.pki init                     the authority, once
    python -m deploy.pki server HOST...           the broker's certificate, for the names it is reached under
    python -m deploy.pki service NAME             a service's: centre.ingest, centre.door
    python -m deploy.pki renew                    again for every key whose certificate ends soon
    python -m deploy.pki revoke SERIAL            one certificate; a whole unit: hgv-enforce keys revoke
    python -m deploy.pki list                     all certificates, with their ends

A unit's first certificate comes from `hgv-enforce keys issue`; its private key never leaves the unit.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from config.clock import system_clock
from config.errors import ConfigError
from config.link import (
    NEAR_DAYS,
    CertificateAuthority,
    Issued,
    load_or_make_tls_key,
    make_authority,
    replace_whole,
)

_DAYS = 365


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what it promised, 2 with one clear line when it could not."""
    arguments = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace, datetime], None] = arguments.run
    try:
        command(arguments, system_clock())
    except ConfigError as error:
        sys.stderr.write(f"deploy.pki: {error}\n")
        return 2
    return 0


def _init(arguments: argparse.Namespace, now: datetime) -> None:
    make_authority(arguments.dir, arguments.name, now)
    _say(f"{arguments.dir / 'ca.key'} is the secret of the whole installation; units and broker get ca.pem")


def _server(arguments: argparse.Namespace, now: datetime) -> None:
    key = load_or_make_tls_key(arguments.dir / "broker.key").public_key()
    authority = CertificateAuthority(arguments.dir)
    made = authority.issue_for("centre.broker", key, now, arguments.days, "server", arguments.hosts)
    _put(made, arguments.dir / "broker.pem")


def _service(arguments: argparse.Namespace, now: datetime) -> None:
    key = load_or_make_tls_key(arguments.dir / f"{arguments.name}.key").public_key()
    made = CertificateAuthority(arguments.dir).issue_for(arguments.name, key, now, arguments.days)
    _put(made, arguments.dir / f"{arguments.name}.pem")


def _renew(arguments: argparse.Namespace, now: datetime) -> None:
    ending_before = now + timedelta(days=arguments.within)
    for made in CertificateAuthority(arguments.dir).renew(ending_before, now, arguments.days):
        where = arguments.dir / f"{made.certificate.name}.pem"
        if made.certificate.name.startswith("centre."):
            _put(made, where)
        else:
            _say(f"{made.path} is for {made.certificate.name}; the one before is good until its end")


def _revoke(arguments: argparse.Namespace, now: datetime) -> None:
    CertificateAuthority(arguments.dir).revoke([arguments.serial], now)
    _say(f"{arguments.serial:x} is revoked; the broker's door reads the list by itself")


def _list(arguments: argparse.Namespace, now: datetime) -> None:
    for each in CertificateAuthority(arguments.dir).issued():
        certificate = each.certificate
        _say(f"{certificate.name} {certificate.serial:x} {each.state(now)}")


def _put(made: Issued, path: Path) -> None:
    replace_whole(path, made.certificate.pem)
    _say(f"{path}, good until {made.certificate.not_after:%Y-%m-%d}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.pki", description=__doc__.split("\n", 1)[0])
    parser.add_argument(
        "--dir", type=Path, default=Path("/etc/hgvwatch/pki"), metavar="DIR", help="the authority's folder"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Callable[..., None], told: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=told)
        one.set_defaults(run=run)
        return one

    add("init", _init, "make the authority").add_argument(
        "--name", default="hgvwatch", help="what it is called"
    )
    server = add("server", _server, "make or renew the broker's certificate")
    server.add_argument("hosts", nargs="+", metavar="HOST", help="a name or address of the broker")
    service = add("service", _service, "make or renew the certificate of a service at the centre")
    service.add_argument("name", metavar="NAME", help="centre.ingest or centre.door")
    renew = add("renew", _renew, "make certificates anew for the same keys")
    renew.add_argument(
        "--within", type=float, default=NEAR_DAYS, metavar="DAYS", help="those that end so soon"
    )
    for one in (server, service, renew):
        one.add_argument("--days", type=float, default=_DAYS, metavar="DAYS", help="how long they are good")
    revoke = add("revoke", _revoke, "refuse a certificate for good")
    revoke.add_argument("serial", type=lambda text: int(text, 16), metavar="SERIAL", help="as list shows it")
    add("list", _list, "list all certificates")
    return parser


if __name__ == "__main__":
    sys.exit(main())
