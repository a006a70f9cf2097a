"""What is not there, what is too big, and what fails: each a page in plain words."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.enforcement.console.conftest import Browser
from tests.enforcement.console.village import Village


@pytest.mark.parametrize(
    "address", ["/nowhere", "/cases/999", "/cases/two", "/cases/-1", "/cases/9" + "9" * 30]
)
def test_what_is_not_there_is_a_page_in_words(officer: Browser, address: str) -> None:
    page = officer.get(address)
    assert page.status_code == 404
    assert "There is no such" in page.text
    assert "<h1>" in page.text


def test_a_page_that_says_what_went_wrong_keeps_the_way_on(officer: Browser) -> None:
    assert "Sign out" in officer.get("/cases/999").text


def test_a_form_that_is_too_big_is_refused(officer: Browser) -> None:
    page = officer.client.post("/login", data={"login": "x" * 70_000})
    assert page.status_code == 413
    assert "too big" in page.text
    assert page.headers["x-frame-options"] == "DENY"


def test_a_fault_of_ours_is_a_page_in_words_with_headers(officer: Browser, village: Village) -> None:
    with village.engine.begin() as connection:
        connection.execute(text("alter table cases rename to cases_away"))
    page = officer.get("/cases/2")
    assert page.status_code == 500
    assert "fault of the console" in page.text
    assert "cases_away" not in page.text
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["cache-control"] == "no-store"
