"""From a published record to an order in force, at the command line, on every database."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from config.files import load
from config.law.orders import Exemption, OrdersFile
from ingest import records
from tests.enforcement.orders.conftest import PILOT, Enforce
from tests.enforcement.orders.records import ENVIRONMENTAL, environmental, only_draft

ZONES = """
zones:
  - zone_id: mill-lane
    name: Mill Lane
    parish: Little Marrow
    pairs:
      - entry: {site_id: marrow-north, direction: towards}
        exit: {site_id: thornwick-south, direction: away}
        min_elapsed_s: 60
        max_elapsed_s: 720
        calibrated_by: Demo Constabulary, traffic management
        calibrated_on: 2026-08-14
"""
OFFICER = ("--login", "sam", "--name", "Sam Sample", "--rank", "Sergeant", "--number", "4711", "--role")
APPROVE = ("orders", "approve", "1", "--officer", "4711", "--reason", "read against the sealed order")


@pytest.fixture
def office(enforce: Enforce) -> Enforce:
    """The pilot's sites, an officer, and the environmental order as draft 1."""
    assert enforce("sites", "import", str(PILOT / "sites.yaml"))[0] == 0
    assert enforce("users", "add", *OFFICER, "officer")[0] == 0
    assert enforce("orders", "import", str(ENVIRONMENTAL))[0] == 0
    return enforce


def _completion(folder: Path, content: str) -> tuple[str, str]:
    file = folder / "completion.yaml"
    file.write_text(content, encoding="utf-8")
    return "--completion", str(file)


def _refused(told: tuple[int, str, str], words: str) -> None:
    code, out, errors = told
    assert (code, out, errors.count("\n")) == (2, "", 1), told
    assert words in errors


def test_an_import_tells_all_that_it_could_not_use(enforce: Enforce) -> None:
    code, out, _ = enforce("orders", "import", str(ENVIRONMENTAL))
    lines = out.splitlines()
    assert code == 0
    assert lines[0] == "draft 1 from dtro mill-lane-weight-1: experimental, environmental, over 7500 kg"
    assert "  limit_kg: 7500" in lines
    assert any(line.startswith("  to be given: zones (cameras") for line in lines)
    listed = [line.split()[2] for line in lines if line.startswith("  not used: ")]
    assert listed == [unused.path for unused in only_draft(environmental()).unused]
    again = enforce("orders", "import", str(ENVIRONMENTAL))[1].splitlines()
    assert again[0].endswith("(already stored)")
    assert len(enforce("orders", "drafts")[1].splitlines()) == 1
    assert enforce("orders", "history")[1] == "no such order is stored\n"


def test_a_draft_is_approved_once_by_an_officer(office: Enforce, engine: Engine, tmp_path: Path) -> None:
    completion = _completion(tmp_path, ZONES)
    code, out, _ = office(*APPROVE, *completion)
    assert (code, out) == (
        0,
        "dtro-mill-lane-weight-1 version 1: stored, from 2026-03-02, "
        "approved by Sergeant Sam Sample (4711)\n",
    )
    with Session(engine) as session:
        order = records.order_version(session, "demo", "dtro-mill-lane-weight-1", 1)
        entry = session.execute(
            text("SELECT who, subject, reason FROM audit WHERE action = 'order.approve'")
        ).one()
    assert (order.limit_kg, order.starts_at, order.direction) == (7500, "06:00", "along")
    assert Exemption.PERMIT_HOLDERS in order.exemptions
    assert tuple(entry) == ("user:1", "order:dtro-mill-lane-weight-1:1", "read against the sealed order")
    history = office("orders", "history", "dtro-mill-lane-weight-1")[1]
    assert "by Sergeant Sam Sample (4711) from draft 1 (dtro mill-lane-weight-1): read against" in history
    assert "approved as version 1" in office("orders", "drafts")[1]
    _refused(office(*APPROVE, *completion), "is version 1 of dtro-mill-lane-weight-1 already")


def test_nothing_is_approved_that_is_not_complete(office: Enforce, engine: Engine, tmp_path: Path) -> None:
    cases = [
        (APPROVE, "", "needs a completion that gives zones (cameras"),
        (APPROVE, ZONES.replace("marrow-north", "nowhere"), "the site nowhere, which is not stored"),
        (APPROVE, ZONES.replace("max_elapsed_s: 720", "max_elapsed_s: 50"), "ends at 50 s, not after 60 s"),
        (
            APPROVE,
            ZONES.replace("towards", "sideways"),
            "zones: Invalid enum value 'sideways'",
        ),
        (APPROVE, f"{ZONES}\ncolour: red", "'colour', which is no field of an order"),
        (APPROVE, f"{ZONES}\nauthority: elsewhere", "authority is 'elsewhere'"),
        (APPROVE, f"{ZONES}\neffective_from: 9999-01-01", "not between 1900 and 2200"),
        (APPROVE, f"{ZONES}\neffective_to: 2028-01-01", "ends by 2027-09-02"),
        ((*APPROVE[:-1], " "), ZONES, "needs a reason"),
        ((*APPROVE[:4], "9999", *APPROVE[5:]), ZONES, "nobody has the number or login '9999'"),
        ((*APPROVE[:2], "7", *APPROVE[3:]), ZONES, "there is no draft 7"),
    ]
    for words, content, told in cases:
        _refused(office(*words, *(_completion(tmp_path, content) if content else ())), told)
    with Session(engine) as session:
        assert records.order_versions(session, "demo") == []
        assert session.scalar(text("SELECT count(*) FROM order_approvals")) == 0


@pytest.mark.parametrize("role", ["administrator", "auditor", "parish"])
def test_only_officers_approve(enforce: Enforce, tmp_path: Path, role: str) -> None:
    enforce("users", "add", *OFFICER, role)
    enforce("orders", "import", str(ENVIRONMENTAL))
    _refused(enforce(*APPROVE, *_completion(tmp_path, ZONES)), f"no officer but {role}")


def test_a_draft_is_told_apart_from_the_version_in_force(office: Enforce, tmp_path: Path) -> None:
    assert office("orders", "diff", "1")[1].startswith("no version of dtro-mill-lane-weight-1 is stored")
    office(*APPROVE, *_completion(tmp_path, ZONES))
    amended = tmp_path / "amended.json"
    record = ENVIRONMENTAL.read_text(encoding="utf-8")
    for old, new in (
        ('"grossVehicleWeight": 7.5', '"grossVehicleWeight": 18'),
        ('"start": "2026-03-02T06:00:00Z"', '"start": "2026-10-01T00:00:00+01:00"'),
        ('{"negate": false, "driverCondition": {"driverCharacteristics": "learnerDriver"}}', ""),
        ('"agriculturalVehicle"}},', '"agriculturalVehicle"}}'),
        ('"startTimeOfPeriod": "07:00:00"', '"startTimeOfPeriod": "06:00:00"'),
    ):
        assert old in record
        record = record.replace(old, new)
    amended.write_text(record, encoding="utf-8")
    assert office("orders", "import", str(amended))[0] == 0
    assert office("orders", "diff", "2")[1].splitlines() == [
        "against version 1 of dtro-mill-lane-weight-1, from 2026-03-02:",
        "  limit: 7,500 kg becomes 18,000 kg",
        "  in force from: 2026-03-02 becomes 2026-10-01",
        "  on the first day from: 06:00 becomes 00:00",
        "  hours: mon tue wed thu fri 06:00 to 19:00 added; mon tue wed thu fri 07:00 to 19:00 removed",
        "  exemptions: driver training removed",
        "  zones: to be given (cameras, their pairs and transit windows stand in no record)",
    ]
    longer = _completion(tmp_path, ZONES.replace("720", "600"))
    told = office("orders", "diff", "2", *longer)[1].splitlines()
    pair = "marrow-north towards to thornwick-south away"
    assert told[-1] == f"  zone mill-lane, {pair}: max elapsed s 720.0 becomes 600.0"
    approved = office(*APPROVE[:2], "2", *APPROVE[3:], *longer)
    assert approved[1].startswith("dtro-mill-lane-weight-1 version 2: stored, from 2026-10-01"), approved


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "neither a D-TRO record"),
        (b"orders", "neither a D-TRO record"),
        (b"[]", "neither a D-TRO record"),
        (b"{", "cannot be read as JSON"),
        (b"{}", "v3 and v4 of D-TRO"),
        (b'{"schemaVersion": "4.0.0", "schemaVersion": "3.5.1"}', "two values for 'schemaVersion'"),
        (b'{"schemaVersion": NaN}', "NaN is no number"),
        (b'{"schemaVersion": 1e99999999999999999999}', "cannot be read as JSON"),
        (b'{"schemaVersion": 1e99}', "beyond the numbers"),
        (b'{"schemaVersion": ' + b"9" * 5000 + b"}", "cannot be read as JSON"),
        (b'{"schemaVersion": "\\u0000"}', "the character NUL"),
        (b'{"schemaVersion": "\\ud800"}', "a lone surrogate"),
        (b'{"a": ' * 70 + b"1" + b"}" * 70, "nested deeper than 64"),
        (b'{"a": ' * 100_000, "nested deeper than 64"),
        (b'{"schemaVersion": "\xff"}', "not UTF-8"),
        (b'{"elements": 1}', "no list 'elements'"),
        (b'{"elements": []}', "none of its 0 tagged ways"),
        (b"<osm>", "no well-formed XML"),
        (b"<html/>", "no OSM extract"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><osm>&b;</osm>', "has a DOCTYPE"),
        (b"<a>" * 100_000, "no well-formed XML"),
        (gzip.compress(b" " * (33 * 1024 * 1024)), "more than 32 MiB"),
        (gzip.compress(b"{}")[:-3], "its compression is damaged"),
        (b"\x1f\x8bnonsense", "cannot be read"),
        (b"BZhnonsense", "cannot be read"),
    ],
    ids=range(25),
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_bad_file_costs_one_clear_line(enforce: Enforce, tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "record"
    file.write_bytes(content)
    _refused(enforce("orders", "import", str(file)), told)
    assert enforce("orders", "drafts")[1] == "there are no drafts\n"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_squeezed_record_is_read(enforce: Enforce, tmp_path: Path) -> None:
    file = tmp_path / "record.json.gz"
    file.write_bytes(gzip.compress(ENVIRONMENTAL.read_bytes()))
    assert enforce("orders", "import", str(file))[1].startswith("draft 1 from dtro mill-lane-weight-1")
    _refused(enforce("orders", "import", str(tmp_path)), "cannot be read")
    _refused(enforce("orders", "import", str(tmp_path / "nowhere.json")), "cannot be read")


def _yaml(folder: Path, **changes: Any) -> str:
    """The pilot's first order as version 2 with changes, as a file of its own."""
    text_ = (PILOT / "orders.yaml").read_text(encoding="utf-8")
    first = text_.split("  - order_id: marrow")[0].replace("version: 1", "version: 2")
    for old, new in changes.items():
        key = f"{old}: "
        line = next(line for line in first.splitlines() if line.strip().startswith(key))
        first = first.replace(line, f"    {key}{new}")
    file = folder / "amended.yaml"
    file.write_text(first, encoding="utf-8")
    return str(file)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_amendment_begins_on_a_day_to_come(enforce: Enforce, tmp_path: Path) -> None:
    assert enforce("orders", "import", str(PILOT / "orders.yaml"))[0] == 0
    for changes, told in (
        ({"effective_from": "2024-04-01"}, "would take its place for the whole of its time"),
        ({"effective_from": "2026-09-15"}, "not after today, 2026-09-15"),
        ({"effective_from": "2026-10-01", "type": "temporary"}, "a temporary order has an end"),
    ):
        _refused(enforce("orders", "import", _yaml(tmp_path, **changes)), told)
    amended = _yaml(tmp_path, effective_from="2026-09-16", limit_kg=18000)
    assert "version 2: stored, from 2026-09-16" in enforce("orders", "import", amended)[1]
    assert "version 2: already stored" in enforce("orders", "import", amended)[1]
    late = tmp_path / "late.yaml"
    late.write_text(Path(amended).read_text().replace("version: 2", "version: 3"), encoding="utf-8")
    _refused(enforce("orders", "import", str(late)), "not after version 2")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_amendment_that_became_known_late_says_so(enforce: Enforce, tmp_path: Path) -> None:
    enforce("orders", "import", str(PILOT / "orders.yaml"))
    amended = _yaml(tmp_path, effective_from="2026-09-01")
    _refused(enforce("orders", "import", amended), "--late")
    assert "version 2: stored" in enforce("orders", "import", amended, "--late")[1]


def test_drafts_and_approvals_are_never_changed(office: Enforce, engine: Engine, tmp_path: Path) -> None:
    office(*APPROVE, *_completion(tmp_path, ZONES))
    for statement in (
        "UPDATE order_drafts SET fields = '{}'",
        "DELETE FROM order_drafts",
        "UPDATE order_approvals SET reason = ''",
        "DELETE FROM order_approvals",
    ):
        with engine.begin() as connection, pytest.raises(DatabaseError, match="append-only"):
            connection.execute(text(statement))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_pilot_orders_are_stored_as_they_stand(enforce: Enforce, engine: Engine) -> None:
    enforce("orders", "import", str(PILOT / "orders.yaml"))
    with Session(engine) as session:
        stored = records.order_versions(session, "demo")
    assert stored == list(load(PILOT / "orders.yaml", OrdersFile).orders)
