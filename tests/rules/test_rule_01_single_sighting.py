"""Rule 1: a single sighting on an access-exempt route never reaches a letter or prosecution."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.law.orders import Exemption
from enforcement.cases.opening import open_cases
from enforcement.tables import CaseRow
from tests.enforcement.county import County
from tests.rules.village import ORDER, Village

LORRY = "AB12CDE"


@pytest.mark.parametrize("sees", [True, False])
def test_one_sighting_is_never_through(*, sees: bool) -> None:
    assert Exemption.ACCESS_LOADING in ORDER.exemptions
    for one in (Village.enters, Village.leaves):
        village = Village(sees=sees)
        one(village, LORRY, 0)
        assert "through" not in village.conclusions()


@pytest.mark.parametrize("conclusion", ["unresolved", "no_inference", "stayed", "implausible"])
def test_only_through_opens_a_case(county: County, conclusion: str) -> None:
    county.register_entry(LORRY, "N3", 44_000)
    county.through(LORRY, conclusion=conclusion)
    open_cases(county.engine, "demo", county.register, county.now)
    with Session(county.engine) as session:
        assert session.scalar(select(func.count()).select_from(CaseRow)) == 0
