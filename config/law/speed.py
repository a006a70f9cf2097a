"""Speed limits of goods vehicles in England, and from which speed on the police act.

Sources: Road Traffic Regulation Act 1984 ss. 81 and 86 with Schedule 6 as amended by SI 2014/3552 (class
limits); National Police Chiefs' Council, speed enforcement policy guidance: 10 % and 2 mph over the limit.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

Road = Literal["built_up", "single_carriageway", "dual_carriageway", "motorway"]

SOURCE = "Road Traffic Regulation Act 1984 Sch. 6 as amended by SI 2014/3552"
GUIDANCE_SOURCE = "National Police Chiefs' Council guidance: 10 % and 2 mph over the limit"


class VehicleClass(StrEnum):
    """The classes that Schedule 6 tells apart here."""

    GOODS_OVER_7_5_T = "goods_over_7_5_t"
    GOODS_UP_TO_7_5_T = "goods_up_to_7_5_t"
    OTHER = "other"


_CLASS_LIMIT_MPH: dict[VehicleClass, dict[Road, int]] = {
    VehicleClass.GOODS_OVER_7_5_T: {
        "built_up": 30,
        "single_carriageway": 50,
        "dual_carriageway": 60,
        "motorway": 60,
    },
    VehicleClass.GOODS_UP_TO_7_5_T: {
        "built_up": 30,
        "single_carriageway": 50,
        "dual_carriageway": 60,
        "motorway": 70,
    },
    VehicleClass.OTHER: {
        "built_up": 30,
        "single_carriageway": 60,
        "dual_carriageway": 70,
        "motorway": 70,
    },
}


def class_limit_mph(vehicle_class: VehicleClass, road: Road) -> int:
    """The national limit of a class of vehicle on a kind of road, in mph."""
    return _CLASS_LIMIT_MPH[vehicle_class][road]


def applicable_limit_mph(posted_mph: int, vehicle_class: VehicleClass, road: Road) -> int:
    """The lower of the limit on the signs and the limit of the class."""
    return min(posted_mph, class_limit_mph(vehicle_class, road))


def acted_on_from_mph(limit_mph: int) -> int:
    """The lowest speed on which the guidance has the police act: 24, 35, 46, 57, 68, 79."""
    return limit_mph + limit_mph // 10 + 2


def is_acted_on(speed_mph: int, limit_mph: int) -> bool:
    """Whether a measured speed reaches the guidance."""
    return speed_mph >= acted_on_from_mph(limit_mph)
