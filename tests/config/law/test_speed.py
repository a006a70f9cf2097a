"""Class limits in England, the lower of sign and class, and from which speed on the police act."""

from __future__ import annotations

import pytest

from config.law.speed import (
    Road,
    VehicleClass,
    acted_on_from_mph,
    applicable_limit_mph,
    class_limit_mph,
    is_acted_on,
)

HEAVY, LIGHT = VehicleClass.GOODS_OVER_7_5_T, VehicleClass.GOODS_UP_TO_7_5_T


@pytest.mark.parametrize(
    ("vehicle_class", "limits"),
    [(HEAVY, (30, 50, 60, 60)), (LIGHT, (30, 50, 60, 70)), (VehicleClass.OTHER, (30, 60, 70, 70))],
)
def test_class_limits(vehicle_class: VehicleClass, limits: tuple[int, ...]) -> None:
    roads: tuple[Road, ...] = ("built_up", "single_carriageway", "dual_carriageway", "motorway")
    assert tuple(class_limit_mph(vehicle_class, road) for road in roads) == limits


@pytest.mark.parametrize(
    ("posted", "vehicle_class", "road", "limit"),
    [
        (60, HEAVY, "single_carriageway", 50),
        (40, HEAVY, "single_carriageway", 40),
        (70, HEAVY, "dual_carriageway", 60),
        (70, LIGHT, "motorway", 70),
        (70, HEAVY, "motorway", 60),
        (20, HEAVY, "built_up", 20),
        (30, HEAVY, "built_up", 30),
    ],
)
def test_lower_of_sign_and_class(posted: int, vehicle_class: VehicleClass, road: Road, limit: int) -> None:
    assert applicable_limit_mph(posted, vehicle_class, road) == limit


@pytest.mark.parametrize(("limit", "acted_on"), [(20, 24), (30, 35), (40, 46), (50, 57), (60, 68), (70, 79)])
def test_guidance(limit: int, acted_on: int) -> None:
    assert acted_on_from_mph(limit) == acted_on
    assert (is_acted_on(acted_on - 1, limit), is_acted_on(acted_on, limit)) == (False, True)
