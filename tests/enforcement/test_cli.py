"""The command line: what each command promises, and one clear line where it cannot keep it."""

from __future__ import annotations

import io
import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from config.link import load_or_make_key, public_text
from enforcement.cli import COMMANDS, main

ROOT = Path(__file__).parents[2]
PILOT = ROOT / "config" / "pilot"

Enforce = Callable[..., tuple[int, str, str]]


@pytest.fixture
def enforce(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Enforce:
    """Runs `hgv-enforce` over the pilot's settings on a database of its own; gives code, output, errors."""
    monkeypatch.setenv("HGV_CONFIG", str(PILOT / "enforcement.yaml"))
    monkeypatch.setenv("HGV_DATABASE_URL", f"sqlite:///{tmp_path}/hgv.sqlite")
    monkeypatch.setenv("HGV_DATA_DIR", str(tmp_path / "enforcement"))
    monkeypatch.setenv("HGV_CLOCK_STARTS_AT", "2026-09-15T09:00:00Z")
    monkeypatch.delenv("HGV_PASSWORD", raising=False)

    def run(*words: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        code = main(words)
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


@pytest.fixture
def migrated(enforce: Enforce) -> Enforce:
    assert enforce("migrate")[0] == 0
    return enforce


def _refused(told: tuple[int, str, str], words: str) -> None:
    code, out, errors = told
    assert (code, out, errors.count("\n")) == (2, "", 1)
    assert words in errors


def test_every_command_needs_the_tables(enforce: Enforce) -> None:
    _refused(enforce("audit", "verify"), "migrate")
    assert enforce("migrate")[:2] == (0, "the tables are up to date\n")
    assert enforce("audit", "verify")[1] == "0 entries, the chain is whole\n"


def test_pilot_is_imported_once(migrated: Enforce) -> None:
    for kind in ("orders", "sites", "permits"):
        assert migrated(kind, "import", str(PILOT / f"{kind}.yaml"))[0] == 0
    again = migrated("orders", "import", str(PILOT / "orders.yaml"))[1].splitlines()
    assert [line.endswith("already stored") for line in again] == [True] * len(again)
    assert migrated("sites", "import", str(PILOT / "sites.yaml"))[1].startswith("0 site versions")
    history = migrated("orders", "history", "ashcombe-green-2024")[1]
    assert "version 1: from 2024-04-01, permanent, over 7500 kg" in history
    assert migrated("orders", "history", "nowhere")[1] == "no such order is stored\n"


def test_order_version_is_never_changed(migrated: Enforce, tmp_path: Path) -> None:
    migrated("orders", "import", str(PILOT / "orders.yaml"))
    changed = tmp_path / "orders.yaml"
    changed.write_text((PILOT / "orders.yaml").read_text().replace("limit_kg: 7500", "limit_kg: 7600"))
    _refused(migrated("orders", "import", str(changed)), "import the change as a new version")


@pytest.mark.parametrize("kind", ["orders", "sites", "permits"])
def test_file_of_another_authority_is_refused(migrated: Enforce, tmp_path: Path, kind: str) -> None:
    other = tmp_path / f"{kind}.yaml"
    other.write_text((PILOT / f"{kind}.yaml").read_text().replace("authority: demo", "authority: other"))
    _refused(migrated(kind, "import", str(other)), "authority is 'other', but the settings say 'demo'")


def test_mistake_in_a_file_names_its_line(migrated: Enforce, tmp_path: Path) -> None:
    wrong = tmp_path / "permits.yaml"
    wrong.write_text((PILOT / "permits.yaml").read_text().replace("KX19FRM", "KX19 FRM"))
    _refused(migrated("permits", "import", str(wrong)), f"{wrong}, line 5")


def test_unit_is_let_in_and_shut_out(migrated: Enforce, tmp_path: Path) -> None:
    key = load_or_make_key(tmp_path / "key.pem", "unit-1")
    file = tmp_path / "unit-1.json"
    file.write_text(public_text(key) + "\n")
    assert migrated("keys", "issue", "unit-1", str(file))[:2] == (0, f"unit-1 is let in by {key.key_id}\n")
    assert migrated("keys", "list")[1].endswith("in force\n")
    assert migrated("keys", "revoke", key.key_id)[0] == 0
    assert "revoked" in migrated("keys", "list")[1]
    _refused(migrated("keys", "revoke", key.key_id), "no key")
    file.write_text(json.dumps({"kty": "OKP"}))
    _refused(migrated("keys", "issue", "unit-1", str(file)), "not a public key")
    _refused(migrated("keys", "issue", "unit-1", str(tmp_path / "nowhere")), "public key is expected")


def test_user_needs_a_password(migrated: Enforce, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("users", "add", "--login", "sam", "--name", "S", "--rank", "PC", "--number", "1", "--role")
    _refused(migrated(*words, "officer"), "no password")
    _refused(migrated(*words, "officer", stdin="short\n"), "12")
    assert migrated(*words, "officer", stdin="a long enough password\n")[0] == 0
    _refused(migrated(*words, "officer", stdin="a long enough password\n"), "already")
    monkeypatch.setenv("HGV_PASSWORD", "another long password")
    assert migrated(*(word.replace("sam", "kim") for word in words), "parish")[0] == 0


def test_what_was_done_is_in_the_audit_log(migrated: Enforce) -> None:
    migrated("permits", "import", str(PILOT / "permits.yaml"))
    migrated("orders", "import", str(PILOT / "orders.yaml"))
    assert migrated("audit", "verify")[1] == "3 entries, the chain is whole\n"


def test_broken_chain_is_told(migrated: Enforce, tmp_path: Path) -> None:
    migrated("permits", "import", str(PILOT / "permits.yaml"))
    engine = create_engine(f"sqlite:///{tmp_path}/hgv.sqlite")
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_no_update"))
        connection.execute(text("UPDATE audit SET at = '2026-09-15 09:00:00.000000'"))
    engine.dispose()
    _refused(migrated("audit", "verify"), "entry 1 of the audit log was changed")


def test_summary_of_the_month_so_far(migrated: Enforce, tmp_path: Path) -> None:
    _refused(migrated("summary", "--month", "2026-09"), "import the orders")
    migrated("orders", "import", str(PILOT / "orders.yaml"))
    code, out, _ = migrated("summary", "--month", "2026-09")
    assert (code, len(out.splitlines())) == (0, 2)
    assert (tmp_path / "enforcement" / "summaries" / "2026-09" / "ashcombe-green.pdf").is_file()
    for month in ("2026-10", "Sept", "2026-13"):
        _refused(migrated("summary", "--month", month), f"not '{month}'")


def test_batch_without_confirmed_cases(migrated: Enforce) -> None:
    assert migrated("batch", "letters")[:2] == (0, "no letters are due\n")


def test_jobs_once(migrated: Enforce, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert migrated("jobs", "--once") == (0, "", "")
    monkeypatch.setenv("HGV_REGISTER_CSV", str(tmp_path / "nowhere.csv"))
    _refused(migrated("jobs", "--once"), "nowhere.csv")


def test_console_says_when_its_port_is_taken(migrated: Enforce, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("HGV_CONSOLE__PORT", str(port))
        _refused(migrated("console"), f"cannot listen on 127.0.0.1:{port}")


def test_settings_that_are_wrong(enforce: Enforce, monkeypatch: pytest.MonkeyPatch) -> None:
    _refused(enforce("--config", "/nowhere.yaml", "migrate"), "cannot be read")
    monkeypatch.setenv("HGV_DATABASE_URL", "nonsense://")
    _refused(enforce("migrate"), "cannot be opened")
    monkeypatch.delenv("HGV_CONFIG")
    _refused(enforce("migrate"), "give --config FILE or set HGV_CONFIG")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--config", "unused", command, "--help"])
    assert ended.value.code == 0
    assert f"hgv-enforce {command}" in capsys.readouterr().out
