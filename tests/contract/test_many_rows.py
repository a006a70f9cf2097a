"""Many rows in one statement: as if each was inserted, and looked up, by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from ingest.database.inserts import insert_new
from ingest.database.lookups import rows_by_key
from ingest.tables import TOMBSTONES

KEY = ("authority", "passage_id")
AT = datetime(2026, 10, 6, 11, 0, 0, 5, tzinfo=UTC)


def graves(first: int, last: int, why: str) -> list[dict[str, object]]:
    return [
        {"authority": "demo", "passage_id": f"p{number}", "deleted_at": AT, "why": why}
        for number in range(first, last)
    ]


def test_exactly_the_new_ones_are_inserted_and_named(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        assert len(insert_new(session, TOMBSTONES, graves(500, 2500, "expired"), KEY)) == 2000
        named = insert_new(session, TOMBSTONES, graves(0, 3000, "it's \u20ac 100 % other"), KEY)
        assert named == {("demo", f"p{number}") for number in (*range(500), *range(2500, 3000))}
        assert insert_new(session, TOMBSTONES, graves(0, 3000, "again"), KEY) == set()
        assert insert_new(session, TOMBSTONES, []) == set()
    with Session(engine) as session:
        rows = {row.passage_id: row for row in session.execute(select(TOMBSTONES))}
    assert len(rows) == 3000
    assert (rows["p0"].why, rows["p600"].why) == ("it's \u20ac 100 % other", "expired")
    assert {row.deleted_at for row in rows.values()} == {AT}


def test_an_instant_of_another_zone_is_stored_as_utc(engine: Engine) -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=9)))
    with Session(engine) as session, session.begin():
        insert_new(session, TOMBSTONES, [{**graves(0, 1, "")[0], "deleted_at": elsewhere}])
        session.execute(TOMBSTONES.insert(), graves(1, 2, ""))
    with Session(engine) as session:
        same = select(TOMBSTONES.c.passage_id).where(TOMBSTONES.c.deleted_at == elsewhere)
        assert sorted(session.scalars(same)) == ["p0", "p1"]


def test_exactly_the_asked_for_rows_are_found(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        insert_new(session, TOMBSTONES, graves(0, 2000, "expired"))
        asked = [("demo", f"p{number}") for number in range(1000, 3000)] + [("elsewhere", "p1")]
        found = rows_by_key(session, TOMBSTONES, KEY, asked, ("passage_id", "why"))
        assert {tuple(row) for row in found} == {(f"p{number}", "expired") for number in range(1000, 2000)}
        assert rows_by_key(session, TOMBSTONES, KEY, [], KEY) == []
