"""Orders in force: dates and hours in local time, permits, versions."""

from __future__ import annotations

import inspect
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from config.clock import LONDON
from config.files import load
from config.law.orders import (
    WEEK,
    CameraPair,
    CameraPoint,
    Day,
    Exemption,
    ExemptionTerms,
    Hours,
    OrdersFile,
    OrderType,
    OrderVersion,
    Permit,
    PermitsFile,
    SectionDirection,
    Zone,
    version_in_force,
)

ALL_DAY = Hours(days=WEEK, from_="00:00", until="24:00")
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


def _version(**changes: Any) -> OrderVersion:
    """In force from 1 to 30 June 2026, at all hours, for everyone."""
    plain = load(PILOT, OrdersFile).orders[0]
    dates = {"effective_from": date(2026, 6, 1), "effective_to": date(2026, 7, 1)}
    return msgspec.structs.replace(plain, **{**dates, **changes})


@pytest.mark.parametrize(
    ("local", "binds"),
    [
        (datetime(2026, 6, 1, 7, 59), False),
        (datetime(2026, 6, 1, 8, 0), True),
        (datetime(2026, 6, 2, 0, 0), True),
        (datetime(2026, 6, 30, 17, 59), True),
        (datetime(2026, 6, 30, 18, 0), False),
        (datetime(2026, 7, 1, 9, 0), False),
    ],
)
def test_first_and_last_day_may_be_parts_of_days(local: datetime, binds: bool) -> None:
    order = _version(starts_at="08:00", ends_at="18:00")
    assert order.in_force(local.replace(tzinfo=LONDON)) is binds


@pytest.mark.parametrize(
    ("local", "binds"),
    [
        (datetime(2026, 6, 9, 12, 0), True),
        (datetime(2026, 6, 10, 12, 0), False),  # the first day of the fair, all day
        (datetime(2026, 6, 11, 23, 59), False),
        (datetime(2026, 6, 12, 0, 0), True),
        (datetime(2026, 6, 14, 12, 0), False),  # a Sunday
    ],
)
def test_an_order_does_not_bind_in_its_exception_periods(local: datetime, binds: bool) -> None:
    fair = Hours(
        days=WEEK, from_="00:00", until="24:00", first_day=date(2026, 6, 10), last_day=date(2026, 6, 11)
    )
    sundays = Hours(days=("sun",), from_="00:00", until="24:00")
    order = _version(except_hours=(fair, sundays))
    assert order.in_force(local.replace(tzinfo=LONDON)) is binds


@pytest.mark.parametrize(
    ("exemption", "local", "exempt"),
    [
        (Exemption.REFUSE, datetime(2026, 6, 2, 3, 0), True),  # without terms it always holds
        (Exemption.DRIVER_TRAINING, datetime(2026, 6, 2, 3, 0), False),  # not in the order
        (Exemption.ACCESS_LOADING, datetime(2026, 6, 2, 7, 0), True),
        (Exemption.ACCESS_LOADING, datetime(2026, 6, 2, 10, 0), False),
        (Exemption.PERMIT_HOLDERS, datetime(2026, 6, 14, 12, 0), False),
        (Exemption.PERMIT_HOLDERS, datetime(2026, 6, 15, 12, 0), True),
        (Exemption.PERMIT_HOLDERS, datetime(2026, 6, 20, 0, 0), False),
    ],
)
def test_an_exemption_may_have_hours_and_dates_of_its_own(
    exemption: Exemption, local: datetime, exempt: bool
) -> None:
    morning = Hours(days=("mon", "tue", "wed", "thu", "fri"), from_="07:00", until="10:00")
    order = _version(
        exemption_terms=(
            ExemptionTerms(exemption=Exemption.ACCESS_LOADING, hours=(morning,)),
            ExemptionTerms(
                exemption=Exemption.PERMIT_HOLDERS,
                effective_from=date(2026, 6, 15),
                effective_to=date(2026, 6, 20),
            ),
        )
    )
    assert order.exempts(exemption, local.replace(tzinfo=LONDON)) is exempt


def test_an_exemption_that_is_not_named_is_not_relied_on_whatever_its_terms() -> None:
    order = _version(
        exemptions=(), exemption_terms=(ExemptionTerms(exemption=Exemption.BUSES, hours=(ALL_DAY,)),)
    )
    assert not order.exempts(Exemption.BUSES, datetime(2026, 6, 2, 12, 0, tzinfo=UTC))


def test_an_order_without_times_binds_from_its_first_midnight_to_its_last() -> None:
    order = _version()
    edges = [
        datetime(2026, 5, 31, 23, 59),
        datetime(2026, 6, 1, 0, 0),
        datetime(2026, 6, 30, 23, 59),
        datetime(2026, 7, 1, 0, 0),
    ]
    assert [order.in_force(each.replace(tzinfo=LONDON)) for each in edges] == [False, True, True, False]
    assert order.in_force(datetime(2026, 6, 30, 22, 59, tzinfo=UTC))  # 23:59 in summer time
    assert not order.in_force(datetime(2026, 6, 30, 23, 0, tzinfo=UTC))


def test_what_an_order_does_not_say_leaves_it_open() -> None:
    """The least that an order's file holds; nothing is exempt, confined or ended by what it leaves out."""
    plain = load(PILOT, OrdersFile).orders[0]
    needed = {
        name: getattr(plain, name)
        for name in (
            *("order_id", "version", "authority", "title", "type", "purpose", "limit_kg", "weight_basis"),
            *("effective_from", "zones"),
        )
    }
    least = msgspec.convert(msgspec.to_builtins(OrderVersion(**needed)), OrderVersion)
    assert (least.london, least.starts_at, least.effective_to, least.ends_at) == (
        False,
        "00:00",
        None,
        "24:00",
    )
    assert (least.hours, least.except_hours, least.exemptions, least.exemption_terms) == ((), (), (), ())
    assert (least.direction, least.sections, least.usrns, least.source) == ("both", (), (), "")
    zone = msgspec.convert({**msgspec.to_builtins(plain.zones[0]), "van_distance_m": 7}, Zone)
    assert zone.van_distance_m == 7
    assert Zone(zone_id="z", name="z", parish="z", pairs=zone.pairs).van_distance_m == 50


def test_the_words_that_orders_are_written_in() -> None:
    for kind, words in (
        (OrderType, ("permanent", "experimental", "temporary")),
        (SectionDirection, ("both", "along", "against")),
        (Day, WEEK),
        (
            Exemption,
            (
                *("access_loading", "off_street_premises", "emergency_services", "buses", "agricultural"),
                *("highway_maintenance", "statutory_undertakers", "refuse", "driver_training"),
                "permit_holders",
            ),
        ),
    ):
        assert [str(msgspec.convert(word, kind)) for word in words] == list(words)
    assert WEEK == ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    hours = msgspec.convert({"days": ["mon"], "from": "07:00", "until": "19:00"}, Hours)
    assert (hours.from_, hours.until, hours.first_day, hours.last_day) == ("07:00", "19:00", None, None)


@pytest.mark.parametrize(
    "kind",
    [CameraPair, CameraPoint, ExemptionTerms, Hours, OrdersFile, OrderVersion, Permit, PermitsFile, Zone],
)
def test_what_is_law_cannot_be_changed_and_is_given_by_name(kind: type[msgspec.Struct]) -> None:
    """A misspelt field of a file would be lost, and a value in the wrong place would be another law."""
    told = kind.__struct_config__
    assert (told.frozen, told.forbid_unknown_fields) == (True, True)
    parameters = inspect.signature(kind).parameters.values()
    assert {each.kind for each in parameters} == {inspect.Parameter.KEYWORD_ONLY}


def test_an_order_without_an_end_goes_on() -> None:
    order = _version(effective_to=None)
    instants = [datetime(2026, 5, 31, 22, 59, tzinfo=UTC), datetime(2026, 5, 31, 23, 0, tzinfo=UTC)]
    assert [order.in_force(at) for at in (*instants, datetime(2199, 1, 1, tzinfo=UTC))] == [False, True, True]
    always = ExemptionTerms(exemption=Exemption.BUSES)
    assert always.hours == ()
    assert always.hold(datetime(2026, 6, 1, 12, 0))
