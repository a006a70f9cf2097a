"""Let camera units in, by their keys and certificates, and shut them out."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from config.clock import system_clock
from config.errors import FileMistake
from config.link import CertificateAuthority, Issued, read_enrolment, read_issued, replace_whole
from enforcement.errors import CommandRefused
from enforcement.office import Office
from ingest import records

_CERTIFICATE_DAYS = 365


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`issue UNIT FILE`, `list` and `revoke UNIT|KEY`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="issue|list|revoke")
    issue = actions.add_parser("issue", help="let a unit in: trust its key and make its certificate")
    issue.add_argument("agent_id", metavar="UNIT")
    issue.add_argument("file", type=Path, metavar="FILE", help="what the unit printed: hgv-edge key")
    issue.add_argument(
        "--certificate", type=Path, metavar="FILE", help="where the certificate is put (default: FILE.pem)"
    )
    issue.add_argument("--days", type=int, default=_CERTIFICATE_DAYS, help="how long the certificate is good")
    actions.add_parser("list", help="list the keys and certificates")
    revoke = actions.add_parser("revoke", help="shut a unit out, or trust one key of it no longer")
    revoke.add_argument("whose", metavar="UNIT|KEY", help="a unit with all it has, or one key by its id")


def run(office: Office, arguments: argparse.Namespace) -> int:
    """Do one of the three. Raises FileMistake, LinkError, RecordsError, CommandRefused."""
    return {"issue": _issue, "list": _list, "revoke": _revoke}[arguments.action](office, arguments)


def _issue(office: Office, arguments: argparse.Namespace) -> int:
    agent_id, file = arguments.agent_id, arguments.file
    try:
        enrolment = read_enrolment(file.read_text(encoding="utf-8"), agent_id)
    except (OSError, UnicodeDecodeError) as error:
        raise FileMistake(file, 0, f"the unit's public key is expected: {error}") from error
    with Session(office.engine) as session, session.begin():
        key = (agent_id, enrolment.key_id, enrolment.public_jwk)
        records.store_agent_key(session, office.authority, *key, office.clock())
        office.note(session, "key.issue", f"key:{enrolment.key_id}")
    print(f"{agent_id} is let in by {enrolment.key_id}")
    if enrolment.certificate_request is not None:
        where = arguments.certificate or file.with_suffix(".pem")
        _certify(office, agent_id, enrolment.certificate_request, where, arguments.days)
    return 0


def _certify(office: Office, agent_id: str, request: str, where: Path, days: int) -> None:
    made = _authority(office).issue(request, agent_id, system_clock(), days)
    replace_whole(where, made.certificate.pem)
    _note_certificates(office, "certificate.issue", [made])
    ends = f"{made.certificate.not_after:%Y-%m-%d}"
    print(f"its certificate, good until {ends}, is in {where}; give it to the unit")


def _list(office: Office, arguments: argparse.Namespace) -> int:
    with Session(records.reading(office.engine)) as session:
        keys = records.agent_keys(session, office.authority)
    for key in keys:
        state = f"revoked {key.revoked_at:%Y-%m-%d %H:%M}Z" if key.revoked_at else "in force"
        print(f"{key.agent_id} {key.key_id} stored {key.stored_at:%Y-%m-%d %H:%M}Z, {state}")
    if office.settings.pki_dir is not None:
        for issued in read_issued(Path(office.settings.pki_dir)):
            certificate = issued.certificate
            print(f"{certificate.name} certificate {certificate.serial:x} {issued.state(system_clock())}")
    return 0


def _revoke(office: Office, arguments: argparse.Namespace) -> int:
    """Keys first: from their commit on the ingester takes nothing, whatever becomes of the certificates."""
    agent_id, key_ids, shut_out = _revoke_keys(office, arguments.whose)
    for key_id in key_ids:
        print(f"{key_id} is no longer trusted")
    if not shut_out:
        print(f"{agent_id} is still let in by another key")
        return 0
    if office.settings.pki_dir is None:
        print("no 'pki_dir' in the settings: a certificate of the unit, if it has one, is still good")
    revoked = _authority(office).revoke_all_of(agent_id, system_clock()) if office.settings.pki_dir else []
    if revoked:
        _note_certificates(office, "certificate.revoke", revoked)
        print(f"{len(revoked)} certificates of {agent_id} are revoked; the broker's door ends its session")
    if not key_ids and not revoked:
        raise CommandRefused(f"no key and no certificate of {agent_id} is in force")
    return 0


def _revoke_keys(office: Office, whose: str) -> tuple[str, list[str], bool]:
    """The unit, the keys that were revoked, and whether the unit has none left."""
    with Session(office.engine) as session, session.begin():
        session.connection()  # waits for the writers before it: the revocation's instant is after that
        keys = records.agent_keys(session, office.authority)
        owner = next((key.agent_id for key in keys if key.key_id == whose), whose)
        in_force = [key.key_id for key in keys if key.agent_id == owner and key.revoked_at is None]
        revoking = in_force if owner == whose else [whose]
        for key_id in revoking:
            records.revoke_agent_key(session, office.authority, key_id, office.clock())
            office.note(session, "key.revoke", f"key:{key_id}")
    return owner, revoking, set(in_force) <= set(revoking)


def _authority(office: Office) -> CertificateAuthority:
    if office.settings.pki_dir is None:
        raise CommandRefused("no certificate can be made: name the authority's folder as 'pki_dir'")
    return CertificateAuthority(Path(office.settings.pki_dir))


def _note_certificates(office: Office, action: str, certificates: Sequence[Issued]) -> None:
    with Session(office.engine) as session, session.begin():
        for each in certificates:
            office.note(session, action, f"certificate:{each.certificate.serial:x}")
