"""What `hgv-edge doctor` says of a unit's certificate, its keys, and the broker's word on them."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from config.link import CertificateAuthority, make_authority, read_enrolment, replace_whole
from config.settings import EdgeSettings, load_settings
from edge.errors import IdentityError
from edge.unit.certificate_check import broker_told, certificate_told, private_files_told
from edge.unit.identity import private_files
from tests.identity.installation import Installation, wait_for
from tests.identity.knocker import Knocker

AGENT, SPOILT, OTHER = "unit-1", "unit-2", "unit-3"
Spoil = Callable[[Installation], object]


@pytest.fixture
def settings(centre: Installation) -> EdgeSettings:
    """A unit in order, with a certificate for a year."""
    return in_order(centre, AGENT)


@pytest.fixture
def spoilt(centre: Installation) -> EdgeSettings:
    """A unit in order that holds no session: the door ends those of a unit whose certificate has ended."""
    in_order(centre, OTHER)
    return in_order(centre, SPOILT)


def in_order(centre: Installation, agent_id: str) -> EdgeSettings:
    """The unit with new keys and a new certificate."""
    for file in (centre.folder / agent_id).glob("unit.*"):
        file.unlink()
    centre.enrol(agent_id)
    return load_settings(centre.folder / f"{agent_id}.yaml", EdgeSettings, {})


def issue(centre: Installation, agent_id: str, now: datetime, days: float) -> None:
    """Another certificate for the unit's key, in place of its own."""
    request = read_enrolment((centre.folder / f"{agent_id}.json").read_text(), agent_id).certificate_request
    assert request is not None
    made = CertificateAuthority(centre.pki).issue(request, agent_id, now, days)
    replace_whole(centre.folder / agent_id / "unit.pem", made.certificate.pem)


def certificate(centre: Installation, agent_id: str = SPOILT) -> Path:
    return centre.folder / agent_id / "unit.pem"


def new_tls_key(centre: Installation) -> None:
    """The unit makes another private key, as after a repair."""
    (centre.folder / SPOILT / "unit.key").unlink()
    centre.edge("key", SPOILT)


def lose(centre: Installation) -> None:
    """The file is gone."""
    certificate(centre).unlink()


def revoke(centre: Installation) -> None:
    serials = [
        each.certificate.serial
        for each in CertificateAuthority(centre.pki).issued()
        if each.certificate.pem == certificate(centre).read_bytes()
    ]
    CertificateAuthority(centre.pki).revoke(serials, NOW)


NOW = datetime.now(UTC)
WRONG: dict[str, tuple[Spoil, str]] = {
    "near its end": (lambda c: issue(c, SPOILT, NOW, 29), "ends in 29 days"),
    "ended": (lambda c: issue(c, SPOILT, NOW - timedelta(days=9), 8), "has ended"),
    "another unit's": (
        lambda c: certificate(c).write_bytes(certificate(c, OTHER).read_bytes()),
        "names unit-3, not unit-2",
    ),
    "another key's": (new_tls_key, "made for another key"),
    "missing": (lose, "cannot be read"),
    "damaged": (lambda c: certificate(c).write_text("half"), "not a certificate"),
}


def test_a_certificate_in_order_is_told_with_its_end(settings: EdgeSettings) -> None:
    assert "until" in certificate_told(settings, NOW)
    assert settings.broker.tls is not None
    assert "takes the certificate" in broker_told(settings.broker, settings.broker.tls, 20.0)
    assert "only their owner" in private_files_told(private_files(settings))


@pytest.mark.parametrize("why", WRONG)
def test_what_is_wrong_with_a_certificate_is_told(
    centre: Installation, spoilt: EdgeSettings, why: str
) -> None:
    spoil, said = WRONG[why]
    spoil(centre)
    with pytest.raises(Exception, match=said) as raised:
        certificate_told(spoilt, NOW)
    assert "Error" in type(raised.value).__name__


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda c: issue(c, SPOILT, NOW - timedelta(days=9), 8), "certificate expired"),
        (revoke, "certificate revoked"),
    ],
    ids=["expired", "revoked"],
)
def test_the_brokers_refusal_is_told_with_its_reason(
    centre: Installation, spoilt: EdgeSettings, spoil: Spoil, said: str
) -> None:
    spoil(centre)
    wait_for(f"the broker's word '{said}'", lambda: said in refusal(spoilt))


def refusal(settings: EdgeSettings) -> str:
    """What the broker says against the unit's certificate; nothing while it takes that."""
    assert settings.broker.tls is not None
    try:
        broker_told(settings.broker, settings.broker.tls, 20.0)
    except IdentityError as error:
        return str(error)
    return ""


def test_a_broker_that_another_authority_has_certified_is_told(
    centre: Installation, settings: EdgeSettings, tmp_path: Path
) -> None:
    make_authority(tmp_path, "hgvwatch", NOW)
    tls = settings.broker.tls
    assert tls is not None
    with pytest.raises(IdentityError, match="not our broker"):
        broker_told(settings.broker, msgspec.structs.replace(tls, ca_file=str(tmp_path / "ca.pem")), 20.0)


def test_keys_that_others_can_read_are_told(settings: EdgeSettings) -> None:
    (signing, _, tls_key) = private_files(settings)
    os.chmod(tls_key, 0o640)
    with pytest.raises(IdentityError, match=r"unit\.key"):
        private_files_told([signing, tls_key])


def test_the_doctor_tells_it_all_and_does_not_put_a_running_unit_out(
    centre: Installation, settings: EdgeSettings
) -> None:
    issue(centre, AGENT, NOW, 29)
    with Knocker(centre.address(AGENT), AGENT).inside() as running:
        told = centre.edge("doctor", AGENT, code=1)
        assert not running.lost.is_set()
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in told.splitlines() if "│" in line]
    said = {row[0]: row[1] for row in rows if len(row) == 3 and row[0]}
    assert (said["certificate"], said["broker"], said["private files"]) == ("FAULT", "good", "good")
    assert "ends in 29 days" in " ".join(" ".join(row) for row in rows)
