"""Orders in force: dates and hours in local time, permits, versions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from config.files import load
from config.law.orders import Hours, OrdersFile, OrderVersion, Permit, version_in_force

PILOT = Path(__file__).parents[3] / "config" / "pilot" / "orders.yaml"


@pytest.fixture(scope="module")
def experimental() -> OrderVersion:
    """In force on weekdays from 07:00 to 19:00, from 2025-09-01 to before 2027-03-01."""
    return load(PILOT, OrdersFile).orders[1]


@pytest.mark.parametrize(
    ("instant", "binds"),
    [
        (datetime(2026, 10, 6, 6, 0, tzinfo=UTC), True),  # 07:00 BST, Tuesday
        (datetime(2026, 10, 6, 5, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 10, 6, 17, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 10, 6, 18, 0, tzinfo=UTC), False),  # 19:00 BST
        (datetime(2026, 10, 4, 12, 0, tzinfo=UTC), False),  # Sunday
        (datetime(2026, 10, 26, 7, 0, tzinfo=UTC), True),  # 07:00 GMT, the day after the clocks went back
        (datetime(2026, 10, 26, 6, 59, tzinfo=UTC), False),
        (datetime(2025, 8, 29, 12, 0, tzinfo=UTC), False),  # before it takes effect
        (datetime(2025, 9, 1, 6, 0, tzinfo=UTC), True),
        (datetime(2027, 3, 1, 12, 0, tzinfo=UTC), False),  # the last day is exclusive
    ],
)
def test_hours_and_dates_are_local(experimental: OrderVersion, instant: datetime, binds: bool) -> None:
    assert experimental.in_force(instant) is binds


@pytest.mark.parametrize(
    ("local", "inside"),
    [
        (datetime(2026, 10, 5, 22, 0), True),  # Monday evening
        (datetime(2026, 10, 6, 5, 59), True),  # still Monday's night
        (datetime(2026, 10, 6, 6, 0), False),
        (datetime(2026, 10, 6, 22, 0), False),  # Tuesday is not listed
        (datetime(2026, 10, 5, 5, 0), False),  # Sunday's night is not listed
    ],
)
def test_hours_can_run_past_midnight(local: datetime, inside: bool) -> None:
    hours = Hours(days=("mon",), from_="22:00", until="06:00")
    assert hours.hold(local) is inside


def test_until_midnight_includes_the_last_minute() -> None:
    hours = Hours(days=("mon",), from_="00:00", until="24:00")
    assert hours.hold(datetime(2026, 10, 5, 23, 59))
    assert not hours.hold(datetime(2026, 10, 6, 0, 0))


def test_of_several_binding_versions_the_latest_counts(experimental: OrderVersion) -> None:
    amended = msgspec.structs.replace(experimental, version=2, effective_from=date(2026, 10, 1))
    versions = [amended, experimental]
    assert version_in_force(versions, datetime(2026, 9, 30, 12, 0, tzinfo=UTC)) == experimental
    assert version_in_force(versions, datetime(2026, 10, 1, 12, 0, tzinfo=UTC)) == amended
    assert version_in_force(versions, datetime(2026, 10, 4, 12, 0, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("order_id", "vrm", "instant", "covered"),
    [
        ("lane", "KX19FRM", datetime(2026, 6, 30, 23, 30, tzinfo=UTC), True),  # 1 July, 00:30 BST
        ("lane", "KX19FRM", datetime(2026, 6, 30, 22, 30, tzinfo=UTC), False),
        ("lane", "KX19FRM", datetime(2026, 7, 31, 22, 59, tzinfo=UTC), True),
        ("lane", "KX19FRM", datetime(2026, 7, 31, 23, 0, tzinfo=UTC), False),
        ("lane", "KX19FRN", datetime(2026, 7, 15, 12, 0, tzinfo=UTC), False),
        ("road", "KX19FRM", datetime(2026, 7, 15, 12, 0, tzinfo=UTC), False),
    ],
)
def test_a_permit_covers_its_vehicle_on_its_days(
    order_id: str, vrm: str, instant: datetime, covered: bool
) -> None:
    permit = Permit(
        order_id="lane",
        vrm="KX19FRM",
        holder="A farm",
        valid_from=date(2026, 7, 1),
        valid_to=date(2026, 7, 31),
    )
    assert permit.covers(order_id, vrm, instant) is covered
