"""A docket over the county of the tests."""

from __future__ import annotations

import pytest

from tests.enforcement.cases.docket import Docket
from tests.enforcement.county import County


@pytest.fixture
def docket(county: County) -> Docket:
    return Docket(county)
