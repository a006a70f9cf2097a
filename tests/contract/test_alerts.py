"""Alerts: opened when something is wrong, changed while it lasts, closed when it is over."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from config.wire import Health
from ingest import records
from ingest.errors import NotFound
from ingest.intake.keys import revoke_agent_key
from ingest.storing.commit import Committer
from ingest.tables import ALERTS
from ingest.watching.alerts import accept_alert
from ingest.watching.standing import Standing
from ingest.watching.watch import watch
from tests.ingest.units import NOON, Unit, health, jpeg, loss, passage, reference

CAME = NOON + timedelta(hours=1)  # when deliveries of these tests come
SOON = CAME + timedelta(minutes=9)
LATER = CAME + timedelta(minutes=11)


def alerts(engine: Engine, now: datetime, *kinds: str) -> list[tuple[str, str, int]]:
    """Kind, subject and figure of the alerts that stand at `now`, of some kinds."""
    watch(engine, Standing(), now)
    with Session(engine) as session:
        told = [alert.condition for alert in records.open_alerts(session, "demo")]
    return [(each.kind, each.subject, each.figure) for each in told if each.kind in kinds]


def beat(unit: Unit, last_seq: int, **changes: object) -> Health:
    return health(agent_id=unit.agent_id, last_seq=last_seq, outbox_id=unit.outbox_id, **changes)  # type: ignore[arg-type]  # fields of a heartbeat


def test_a_gap_is_an_alert_until_it_is_filled(engine: Engine, committer: Committer) -> None:
    unit = Unit().enrol(engine)
    committer.commit([unit.delivers(passage(str(seq)), seq) for seq in (1, 2, 7, 9)])
    assert alerts(engine, SOON, "missing") == []
    assert alerts(engine, LATER, "missing") == [("missing", "0" * 32, 5)]
    committer.commit([unit.delivers(passage(str(seq)), seq) for seq in (8, 3, 5)])
    assert alerts(engine, LATER, "missing") == [("missing", "0" * 32, 2)]
    committer.commit([unit.delivers(passage(str(seq)), seq) for seq in (4, 6)])
    assert alerts(engine, LATER, "missing") == []
    with Session(engine) as session:
        (row,) = session.execute(select(ALERTS)).all()
    assert (row.opened_at, row.closed_at) == (LATER, LATER)


def test_a_promised_number_that_never_comes_is_an_alert(engine: Engine, committer: Committer) -> None:
    unit = Unit().enrol(engine)
    committer.commit([unit.delivers(passage("1"), 1), unit.delivers(beat(unit, 4, depth=3))])
    assert alerts(engine, LATER, "missing") == [("missing", "0" * 32, 3)]
    with Session(engine) as session:
        (alert,) = [a for a in records.open_alerts(session, "demo") if a.condition.kind == "missing"]
    assert "by the unit 3 wait there" in alert.condition.text
    committer.commit([unit.delivers(passage(str(seq)), seq) for seq in (2, 3, 4)])
    assert alerts(engine, LATER, "missing") == []


def test_each_outbox_has_gaps_of_its_own(engine: Engine, committer: Committer) -> None:
    units = [Unit("unit-1", "a" * 32), Unit("unit-2", "b" * 32)]
    for unit in units:
        unit.enrol(engine)
    again = Unit("unit-1", "c" * 32)
    again.key = units[0].key
    for number, unit in enumerate([*units, again], start=2):
        committer.commit([unit.delivers(passage(unit.outbox_id, agent_id=unit.agent_id), number)])
    assert sorted(alerts(engine, LATER, "missing")) == [
        ("missing", "a" * 32, 1),
        ("missing", "b" * 32, 2),
        ("missing", "c" * 32, 3),
    ]


def test_an_accepted_alert_is_quiet_until_there_is_more_of_it(engine: Engine, committer: Committer) -> None:
    unit = Unit().enrol(engine)
    committer.commit([unit.delivers(passage("3"), 3)])
    assert alerts(engine, LATER, "missing")

    def accepted() -> str | None:
        alerts(engine, LATER + timedelta(hours=1))
        with Session(engine) as session:
            return records.open_alerts(session, "demo")[0].accepted_why

    with Session(engine) as session, session.begin():
        (alert,) = records.open_alerts(session, "demo")
        accept_alert(session, alert.alert_id, "the card is dead", LATER)
        with pytest.raises(NotFound):
            accept_alert(session, alert.alert_id + 1, "no such", LATER)
    assert accepted() == "the card is dead"
    committer.commit([unit.delivers(passage("2"), 2)])
    assert accepted() == "the card is dead"
    committer.commit([unit.delivers(passage("9"), 9)])
    assert accepted() is None


def test_other_bytes_under_a_known_id_are_an_alert(engine: Engine, committer: Committer) -> None:
    unit = Unit().enrol(engine)
    committer.commit([unit.delivers(passage("one")), unit.delivers(passage("one", vrm="BB19BBB"))])
    assert alerts(engine, CAME, "quarantine") == [("quarantine", "other_bytes", 1)]


def test_a_silent_unit_is_an_alert_unless_it_said_that_it_would_stop(
    engine: Engine, committer: Committer
) -> None:
    units = {name: Unit(name).enrol(engine) for name in ("talks", "vanished", "stopped", "revoked")}
    for name, unit in units.items():
        state = {"vanished": "lost", "stopped": "stopping"}.get(name, "up")
        committer.commit([unit.delivers(health(agent_id=name, unit_state=state))])
    after = CAME + timedelta(seconds=151)
    committer.commit([units["talks"].delivers(health(agent_id="talks", after_s=200), after_s=3650.0)])
    with Session(engine) as session, session.begin():
        revoke_agent_key(session, "demo", units["revoked"].key.key_id, NOON)
    assert alerts(engine, CAME, "silent") == []
    assert alerts(engine, after, "silent") == [("silent", "", 1)]
    with Session(engine) as session:
        assert [a.condition.agent_id for a in records.open_alerts(session)] == ["vanished"]


def test_an_outbox_that_was_given_up_and_lost_pictures_are_alerts(
    engine: Engine, committer: Committer
) -> None:
    unit, picture = Unit("unit-1", "b" * 32).enrol(engine), jpeg("lorry")
    before = Unit("unit-1", "a" * 32)
    before.key = unit.key
    told = loss(
        "the card", cause="outbox_damaged", earlier_outbox_id="a" * 32, earlier_last_seq=12, carried=1
    )
    committer.commit([before.delivers(passage("one", evidence=(reference(picture),)), 10)])
    committer.commit([unit.delivers(told, 1), unit.delivers(loss("full", picture), 2)])
    assert alerts(engine, LATER, "outbox", "evidence", "missing") == [
        ("missing", "a" * 32, 11),  # 1 to 9 never came; 11 and 12 were given, as the unit says
        ("evidence", "", 1),
        ("outbox", "a" * 32, 1),
    ]


@pytest.mark.parametrize("storage", ["full", "failing"])
def test_a_bad_disk_is_an_alert_until_it_takes_what_is_written(
    engine: Engine, committer: Committer, storage: str
) -> None:
    unit = Unit().enrol(engine)
    committer.commit([unit.delivers(beat(unit, 0, storage=storage))])
    assert alerts(engine, LATER, "storage") == [("storage", storage, 1)]
    committer.commit([unit.delivers(beat(unit, 0, sent_at=NOON + timedelta(minutes=1)))])
    assert alerts(engine, LATER, "storage") == []
