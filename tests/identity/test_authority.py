"""The certificate authority as its command makes it: what it issues, what it refuses, what lies where."""

from __future__ import annotations

import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509

from config.errors import LinkError
from config.link import (
    CertificateAuthority,
    fits_key,
    load_or_make_tls_key,
    make_authority,
    read_certificate,
    read_issued,
    request_for,
)
from deploy.broker.standing import Standing
from deploy.pki.__main__ import main
from tests.identity.installation import said

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def authority(tmp_path: Path) -> CertificateAuthority:
    """A new authority in `tmp_path / "pki"`."""
    return make_authority(tmp_path / "pki", "hgvwatch", NOW)


def request(tmp_path: Path, name: str = "unit-1") -> str:
    """A request by a unit's key."""
    return request_for(name, load_or_make_tls_key(tmp_path / f"{name}.key"))


def test_a_units_certificate_names_it_fits_its_key_and_is_for_clients_only(
    authority: CertificateAuthority, tmp_path: Path
) -> None:
    made = authority.issue(request(tmp_path), "unit-1", NOW, 30).certificate
    assert (made.name, made.not_after) == ("unit-1", NOW + timedelta(days=30))
    assert fits_key(made, load_or_make_tls_key(tmp_path / "unit-1.key"))
    assert not fits_key(made, load_or_make_tls_key(tmp_path / "unit-2.key"))
    usage = made.parsed.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [x509.oid.ExtendedKeyUsageOID.CLIENT_AUTH]
    assert made.parsed.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False


@pytest.mark.parametrize(
    ("name", "wanted", "match"),
    [
        ("unit-2", "unit-1", "names unit-2, not unit-1"),
        ("Unit", "Unit", "neither a unit's name"),
        ("centre.", "centre.", "neither a unit's name"),
        ("unit.1", "unit.1", "neither a unit's name"),
        ("+", "+", "neither a unit's name"),
        ("../escape", "../escape", "neither a unit's name"),
    ],
)
def test_a_name_that_is_not_the_units_own_is_refused(
    authority: CertificateAuthority, tmp_path: Path, name: str, wanted: str, match: str
) -> None:
    text = request_for(name, load_or_make_tls_key(tmp_path / "some.key"))
    with pytest.raises(LinkError, match=match):
        authority.issue(text, wanted, NOW, 30)
    assert read_issued(tmp_path / "pki") == []


def test_a_request_must_be_signed_by_its_own_key(authority: CertificateAuthority, tmp_path: Path) -> None:
    lines = request(tmp_path).splitlines()
    lines[-2] = lines[-2][:-6] + ("AAAA" if lines[-2][-6:-2] != "AAAA" else "BBBB") + lines[-2][-2:]
    with pytest.raises(LinkError, match=r"not signed|not a certificate request"):
        authority.issue("\n".join(lines), "unit-1", NOW, 30)
    with pytest.raises(LinkError, match="not a certificate request"):
        authority.issue("nonsense", "unit-1", NOW, 30)


def test_what_is_revoked_stays_revoked_whoever_revokes_next(
    authority: CertificateAuthority, tmp_path: Path
) -> None:
    made = [authority.issue(request(tmp_path, f"unit-{n}"), f"unit-{n}", NOW, 30) for n in range(8)]
    threads = [
        Thread(target=CertificateAuthority(tmp_path / "pki").revoke, args=([each.certificate.serial], NOW))
        for each in made
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.revoked_at for each in read_issued(tmp_path / "pki")] == [NOW] * 8
    authority.revoke([made[0].certificate.serial], NOW + timedelta(hours=1))
    assert {each.revoked_at for each in read_issued(tmp_path / "pki")} == {NOW}, "the first instant counts"


def test_only_the_last_good_certificate_near_its_end_is_renewed(
    authority: CertificateAuthority, tmp_path: Path
) -> None:
    for name, days in (("near", 10), ("far", 100), ("ended", -1), ("renewed", 10), ("renewed", 100)):
        authority.issue(request(tmp_path, name), name, NOW, days)
    revoked = authority.issue(request(tmp_path, "out"), "out", NOW, 10)
    authority.revoke([revoked.certificate.serial], NOW)
    broker = load_or_make_tls_key(tmp_path / "broker.key").public_key()
    authority.issue_for("centre.broker", broker, NOW, 10, "server", ["localhost"])
    again = authority.renew(NOW + timedelta(days=30), NOW, 365)
    assert [each.certificate.name for each in again] == ["near"]


def test_a_list_that_another_has_signed_is_not_believed(
    authority: CertificateAuthority, tmp_path: Path
) -> None:
    make_authority(tmp_path / "other", "hgvwatch", NOW)
    standing = Standing(tmp_path / "pki")
    shutil.copy(tmp_path / "other" / "revoked.pem", tmp_path / "pki" / "revoked.pem")
    with pytest.raises(LinkError, match="not signed by"):
        standing.look()
    (tmp_path / "pki" / "revoked.pem").write_text("torn")
    with pytest.raises(LinkError, match="not a revocation list"):
        standing.look()


def test_the_standing_of_names_follows_list_and_clock(
    authority: CertificateAuthority, tmp_path: Path
) -> None:
    brief = authority.issue(request(tmp_path, "brief"), "brief", NOW, 1)
    unit = authority.issue(request(tmp_path, "unit-1"), "unit-1", NOW, 30)
    standing = Standing(tmp_path / "pki")
    assert (standing.look(), standing.ended(NOW)) == (False, {})
    assert standing.ended(NOW + timedelta(days=1)) == {brief.certificate.serial: "brief"}
    mark = standing.list_mark
    authority.issue(request(tmp_path, "unit-2"), "unit-2", NOW, 30)
    assert (standing.look(), standing.list_mark == mark) == (True, True)
    authority.revoke_all_of("unit-1", NOW)
    assert (standing.look(), standing.list_mark == mark) == (True, False)
    assert standing.ended(NOW) == {unit.certificate.serial: "unit-1"}
    assert set(standing.ends(NOW)) == {"brief", "unit-2"}


def test_the_command_makes_all_an_installation_needs_and_keeps_what_is_secret(tmp_path: Path) -> None:
    pki = tmp_path / "pki"

    def command(*words: str, code: int = 0) -> str:
        return said(main, "--dir", str(pki), *words, code=code)

    assert "make one" in command("list", code=2)
    command("init")
    assert "never written over" in command("init", code=2)
    command("server", "broker.example", "10.1.2.3")
    command("service", "centre.ingest")
    assert "neither a unit's name" in command("service", "Ingest", code=2)
    names = read_certificate(pki / "broker.pem").parsed.extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert names.value.get_values_for_type(x509.DNSName) == ["broker.example"]
    assert [str(ip) for ip in names.value.get_values_for_type(x509.IPAddress)] == ["10.1.2.3"]
    for path in pki.rglob("*"):
        secret = b"PRIVATE KEY" in path.read_bytes() if path.is_file() else False
        assert not secret or stat.S_IMODE(path.stat().st_mode) == 0o600, f"others can read {path}"
    serial = command("list").split()[1]
    command("revoke", serial)
    assert f"{serial} revoked" in command("list")
