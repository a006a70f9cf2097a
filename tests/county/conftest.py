"""The shipped county, and a few days of it in which cameras and clocks fail often."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from enforcement.simulation.parameters import (
    PARAMETERS,
    POLICY,
    Choices,
    Episodes,
    Parameters,
    Period,
    load_choices,
    load_parameters,
)

replace = msgspec.structs.replace


@pytest.fixture(scope="session")
def shipped() -> Parameters:
    """The county as it is shipped."""
    return load_parameters(PARAMETERS)


@pytest.fixture(scope="session")
def choices() -> Choices:
    """The policy as it is shipped."""
    return load_choices(POLICY)


@pytest.fixture(scope="session")
def bad_days(shipped: Parameters) -> Parameters:
    """Six days around the beginning of summer time, with a year's trouble in them."""
    cameras = shipped.cameras
    often: dict[str, Episodes] = {
        name: replace(
            getattr(cameras, name), per_year=60, hours=2, most_s=min(60.0, getattr(cameras, name).most_s)
        )
        for name in ("drifts", "outside", "lying", "lying_subtly")
    }
    return replace(
        shipped,
        period=Period(start=date(2028, 3, 21), end=date(2028, 3, 27)),
        cameras=replace(
            cameras,
            outages_per_year=150,
            outage_median_h=1,
            misread=0.05,
            misread_again=0.5,
            seen_twice=0.02,
            pictures_lost=0.01,
            **often,
        ),
        register=replace(shipped.register, no_weight=0.1, no_type_approval=0.1, not_found=0.05),
        fleet=replace(shipped.fleet, convoy=0.2, cloned=0.02),
    )
