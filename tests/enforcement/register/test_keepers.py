"""Keepers and operators: the file of the force's own systems, its import, and who kept a vehicle when."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from config.errors import FileMistake
from enforcement import audit
from enforcement.cli import main
from enforcement.register.keeper_records import fleet_of, import_keepers, keeper_of, operators_of
from enforcement.register.keepers import Keeper, read_keepers
from enforcement.tables import AuditRow, KeeperImportRow
from tests.enforcement.operators import RunBy

PILOT = Path(__file__).parents[3] / "config" / "pilot"
NOW = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
HEAD = (
    "registrationNumber,keptFrom,keptTo,keeperName,address,postcode,email,operatorLicence,operatorName,asOf\n"
)
OLD = 'AB12CDE,2020-01-01,2026-06-01,Old Firm Ltd,"1 Old Road, Oldham",OL1 1AA,,OB 1234567,Old Firm Ltd,'
NEW = "AB12CDE,2026-06-01,,New Firm Ltd,2 New Road,NE1 1AA,post@new.example,ob7654321,New Firm Ltd,"


def _file(folder: Path, *lines: str, name: str = "keepers.csv") -> Path:
    path = folder / name
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def _import(engine: Engine, path: Path, authority: str = "demo", **changes: str) -> int | None:
    with Session(engine) as session, session.begin():
        return import_keepers(
            session,
            authority,
            read_keepers(path),
            file_sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
            **({"who": "uid:7", "reason": "monthly file of the back office"} | changes),
            now=NOW,
        )


def _known(engine: Engine, at: datetime, vrm: str = "AB12CDE", authority: str = "demo") -> Keeper | None:
    with Session(engine) as session:
        return keeper_of(session, authority, vrm, at)


def test_line_gives_all_its_values(tmp_path: Path) -> None:
    old, new = read_keepers(_file(tmp_path, OLD + "2026-09-01T00:00:00+01:00", NEW))
    assert old == Keeper(
        vrm="AB12CDE",
        kept_from=date(2020, 1, 1),
        kept_to=date(2026, 6, 1),
        as_of=datetime(2026, 8, 31, 23, 0, tzinfo=UTC),
        keeper_name="Old Firm Ltd",
        address="1 Old Road, Oldham",
        postcode="OL1 1AA",
        email=None,
        operator_licence="OB1234567",
        operator_name="Old Firm Ltd",
    )
    assert (new.kept_to, new.email, new.operator_licence) == (None, "post@new.example", "OB7654321")
    assert new.as_of.tzinfo is not None


@pytest.mark.parametrize(
    ("at", "name", "licence"),
    [
        (datetime(2019, 12, 31, 12, tzinfo=UTC), None, None),
        (datetime(2020, 1, 1, tzinfo=UTC), "Old Firm Ltd", "OB1234567"),
        (datetime(2026, 5, 31, 22, 59, tzinfo=UTC), "Old Firm Ltd", "OB1234567"),
        (datetime(2026, 5, 31, 23, 0, tzinfo=UTC), "New Firm Ltd", "OB7654321"),  # 1 June in London
        (datetime(2030, 1, 1, tzinfo=UTC), "New Firm Ltd", "OB7654321"),
    ],
)
def test_keeper_on_the_day_in_london(
    database: Engine, tmp_path: Path, at: datetime, name: str | None, licence: str | None
) -> None:
    _import(database, _file(tmp_path, OLD, NEW))
    keeper = _known(database, at)
    assert (keeper.keeper_name if keeper else None) == name
    with Session(database) as session:
        assert operators_of(session, "demo", [("AB12CDE", at)]).get(("AB12CDE", at)) == licence


def test_what_was_known_last_counts_and_nothing_is_lost(database: Engine, tmp_path: Path) -> None:
    still = OLD.replace("2026-06-01", "")
    _import(database, _file(tmp_path, still + "2026-05-01T00:00:00Z"))
    assert _known(database, NOW).keeper_name == "Old Firm Ltd"  # type: ignore[union-attr]  # fails if None
    _import(database, _file(tmp_path, NEW + "2026-07-01T00:00:00Z", name="july.csv"))
    assert _known(database, NOW).keeper_name == "New Firm Ltd"  # type: ignore[union-attr]  # fails if None
    before = datetime(2026, 5, 1, tzinfo=UTC)
    assert _known(database, before).keeper_name == "Old Firm Ltd"  # type: ignore[union-attr]  # fails if None
    late = still.replace("Old Firm", "Stale Firm") + "2026-04-01T00:00:00Z"  # arrives last, is known oldest
    _import(database, _file(tmp_path, late, name="late.csv"))
    assert _known(database, NOW).keeper_name == "New Firm Ltd"  # type: ignore[union-attr]  # fails if None


def test_vehicle_or_authority_that_is_not_known(database: Engine, tmp_path: Path) -> None:
    _import(database, _file(tmp_path, OLD, NEW))
    assert _known(database, NOW, vrm="CD34EFG") is None
    assert _known(database, NOW, authority="other") is None
    with Session(database) as session:
        assert operators_of(session, "demo", [("CD34EFG", NOW)]) == {}


def test_operators_of_many_breaches_are_asked_for_at_once(database: Engine, tmp_path: Path) -> None:
    _import(database, _file(tmp_path, OLD, NEW, NEW.replace("AB12CDE", "CD34EFG").replace("ob7654321", "")))
    before, after = datetime(2026, 5, 31, 12, tzinfo=UTC), datetime(2026, 6, 2, 12, tzinfo=UTC)
    driven = [(vrm, at) for vrm in ("AB12CDE", "CD34EFG", "EF56GHJ") for at in (before, after)]
    asked: list[str] = []
    event.listen(database, "before_cursor_execute", lambda *sent: asked.append(sent[2]))
    with Session(database) as session:
        found = operators_of(session, "demo", driven)
        assert operators_of(session, "other", driven) == {}
    assert found == {("AB12CDE", before): "OB1234567", ("AB12CDE", after): "OB7654321"}
    assert len(asked) == 2, asked


def test_fleet_is_all_that_the_licence_of_that_day_ever_had(database: Engine, tmp_path: Path) -> None:
    sister = OLD.replace("AB12CDE", "CD34EFG")
    _import(database, _file(tmp_path, OLD, NEW, sister, NEW.replace("AB12CDE", "EF56GHJ")))
    days = {
        datetime(2026, 5, 31, 12, tzinfo=UTC): {"AB12CDE", "CD34EFG"},
        datetime(2026, 6, 2, 12, tzinfo=UTC): {"AB12CDE", "EF56GHJ"},
        datetime(2019, 1, 1, tzinfo=UTC): set(),
    }
    with Session(database) as session:
        assert {at: fleet_of(session, "demo", ("AB12CDE", at)) for at in days} == days
        assert fleet_of(session, "other", ("AB12CDE", NOW)) == frozenset()


def test_vehicles_without_a_licence_are_no_fleet(database: Engine, tmp_path: Path) -> None:
    private = NEW.replace("ob7654321", "")
    _import(database, _file(tmp_path, private, private.replace("AB12CDE", "CD34EFG")))
    with Session(database) as session:
        assert fleet_of(session, "demo", ("AB12CDE", NOW)) == frozenset()


@pytest.mark.parametrize("vrm", ["AB12CDE", "CD34EFG", "EF56GHJ", "GH78JKL"])
def test_the_operators_of_other_tests_answer_as_the_file_does(
    database: Engine, tmp_path: Path, vrm: str
) -> None:
    others = [NEW.replace("AB12CDE", other) for other in ("CD34EFG", "EF56GHJ")]
    _import(database, _file(tmp_path, NEW, others[0], others[1].replace("ob7654321", "OB1234567")))
    stated = RunBy({"AB12CDE": "OB7654321", "CD34EFG": "OB7654321", "EF56GHJ": "OB1234567"})
    with Session(database) as session:
        assert stated.fleet_of(session, "demo", (vrm, NOW)) == fleet_of(session, "demo", (vrm, NOW))
        driven = [(vrm, NOW), ("AB12CDE", NOW)]
        assert stated.operators_of(session, "demo", driven) == operators_of(session, "demo", driven)


def test_more_vehicles_than_a_statement_takes_values(database: Engine, tmp_path: Path) -> None:
    """A county's look-back holds more than SQLite's 32,766 and PostgreSQL's 65,535."""
    _import(database, _file(tmp_path, NEW))
    driven = [("AB12CDE", NOW), *((f"AA{number:06d}", NOW) for number in range(70_000))]
    with Session(database) as session:
        assert operators_of(session, "demo", driven) == {("AB12CDE", NOW): "OB7654321"}


def test_import_is_in_the_audit_log_and_done_once(database: Engine, tmp_path: Path) -> None:
    with Session(database) as session:
        before = audit.verify(session, "demo")
    path = _file(tmp_path, OLD, NEW)
    number = _import(database, path, reason="file of AB12CDE for case 4")
    assert _import(database, path) is None
    with Session(database) as session:
        assert audit.verify(session, "demo") == before + 1
        entry = session.scalars(select(AuditRow).order_by(AuditRow.seq.desc())).first()
        assert entry is not None
        assert (entry.who, entry.action, entry.subject) == ("uid:7", "keepers.import", f"keepers:{number}")
        assert entry.reason == "file of [registration] for case 4"
        assert len(session.scalars(select(KeeperImportRow)).all()) == 1
    assert _import(database, path, authority="other") is not None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (OLD.replace("AB12CDE", "C1234567"), "a UK vehicle's"),
        (OLD.replace("AB12CDE", "WGM 4821K"), "a UK vehicle's"),
        (OLD.replace("2020-01-01", "01/01/2020"), "keptFrom is a day such as"),
        (OLD.replace("2020-01-01", ""), "keptFrom is the first day"),
        (OLD.replace("2026-06-01", "2020-01-01"), "a later one"),
        (OLD.replace("Old Firm Ltd", "", 1), "keeperName is missing"),
        (OLD.replace("OL1 1AA", ""), "postcode is missing"),
        (OLD.replace("OL1 1AA", "x" * 17), "at most 16"),
        (OLD.replace(",,OB 1234567", ",a@b@c,OB 1234567"), "email is one address"),
        (OLD.replace("OB 1234567", "-"), "operatorLicence is a licence number"),
        (OLD + "2026-09-01", "asOf is a UTC time"),
        (NEW.replace("2026-06-01", "2026-05-31"), "another keeper on 2026-05-31"),
    ],
)
def test_mistake_names_file_line_and_expectation(tmp_path: Path, line: str, expected: str) -> None:
    path = _file(tmp_path, OLD, line)
    with pytest.raises(FileMistake, match=expected) as caught:
        read_keepers(path)
    assert (caught.value.path, caught.value.line) == (path, 3)


def test_command_imports_the_pilots_keepers_with_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HGV_CONFIG", str(PILOT / "enforcement.yaml"))
    monkeypatch.setenv("HGV_DATABASE_URL", f"sqlite:///{tmp_path}/hgv.sqlite")
    file = str(PILOT / "keepers.csv")

    def told(*words: str) -> tuple[int, str, str]:
        code = main(words)
        return (code, *capsys.readouterr())

    assert told("migrate")[0] == 0
    assert told("keepers", "import", file, "--reason", "why")[0] == 2
    assert told("keepers", "import", f"{file}.away", "--reason", "monthly file")[0] == 2
    assert told("keepers", "import", file, "--reason", "monthly file") == (0, "4 lines, import 1\n", "")
    again = told("keepers", "import", file, "--reason", "monthly file")
    assert again == (0, "this file was imported before\n", "")
    assert told("audit", "verify")[1] == "1 entries, the chain is whole\n"
