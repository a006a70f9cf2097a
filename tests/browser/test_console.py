"""An officer at work in a real browser: with the mouse and no scripts, and with the keyboard alone."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import RunningConsole
from tests.enforcement.console.village import PASSWORD

_MOST_TABS = 60
PILOT = Path(__file__).parents[2] / "config" / "pilot"


@pytest.fixture
def plain_page(chromium: Browser) -> Iterator[Page]:
    """A browser in which scripts are switched off."""
    context = chromium.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A browser with scripts; what it complains about (a blocked style, a script error) fails the test."""
    context = chromium.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def test_two_officers_confirm_a_case_and_find_the_letter(console: RunningConsole, plain_page: Page) -> None:
    page = plain_page
    sign_in(console, page, "officer")
    page.get_by_role("link", name="Case 1").click()
    pictures = page.locator(".passages img")
    expect(pictures).to_have_count(4)
    for index in range(4):
        expect(pictures.nth(index)).to_be_visible()
        shown = pictures.nth(index).get_attribute("src")
        assert page.request.get(f"{console.address}{shown}").headers["content-type"] == "image/jpeg"
    entry, leaving = page.locator("#entry").bounding_box(), page.locator("#exit").bounding_box()
    assert entry is not None
    assert leaving is not None
    assert entry["x"] < leaving["x"], "entry left of exit"
    assert entry["y"] == leaving["y"], "side by side"

    confirm(page, "Both plates are clear, the lorry is the red DAF of the register.")
    expect(page.get_by_text("A second officer must look at this.")).to_be_visible()
    expect(page.get_by_role("checkbox")).to_have_count(0)
    page.get_by_role("link", name="All cases").click()
    page.get_by_role("link", name="Second look").click()
    expect(page.get_by_text("You confirmed it: another officer must look")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()

    sign_in(console, page, "second")
    page.get_by_role("link", name="Second look").click()
    page.get_by_role("link", name="Case 1").click()
    expect(page.get_by_text("A second officer must look at this.")).to_be_visible()
    confirm(page, "I looked too: the same red DAF, in and out.")

    console.enforce("keepers", "import", str(PILOT / "keepers.csv"), "--reason", "a batch needs them")
    console.enforce("batch", "letters")
    page.reload()
    link = page.get_by_role("link", name="First letter (PDF)")
    answer = page.request.get(f"{console.address}{link.get_attribute('href')}")
    assert answer.headers["content-type"] == "application/pdf"
    text = "".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(answer.body())).pages)
    assert "YX26 HGV" in text
    assert "possible" in text.lower()

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def sign_in(console: RunningConsole, page: Page, login: str) -> None:
    page.goto(console.address)
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def confirm(page: Page, reason: str) -> None:
    """Both ticks, which nobody has made before, the verdict and its reason."""
    ticks = page.get_by_role("checkbox")
    expect(ticks).to_have_count(2)
    for index in range(2):
        expect(ticks.nth(index)).not_to_be_checked()
        ticks.nth(index).check()
    page.get_by_label("Confirm").check()
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_role("status")).to_contain_text("Confirmed.")


def test_the_keyboard_alone_is_enough(console: RunningConsole, page: Page) -> None:
    page.goto(console.address)
    keys = page.keyboard
    keys.type("officer")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    await_heading(page, "Cases")

    keys.press("j")
    keys.press("Enter")
    await_heading(page, "Case 1")
    keys.press("u")
    await_heading(page, "Cases")
    keys.press("j")
    keys.press("Enter")
    await_heading(page, "Case 1")

    for name in ("image_matches_plate", "vehicle_matches_register", "verdict"):
        tab_to(page, name)
        keys.press("Space")
    tab_to(page, "reason")
    keys.type("Both plates are clear; j, k and u are letters here.")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Confirmed.")
    expect(page.locator(".history")).to_contain_text("j, k and u are letters here.")


def await_heading(page: Page, name: str) -> None:
    """Wait for the page with that heading, and until it listens to keys, which it does once it has loaded."""
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.wait_for_load_state("load")


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the field `name` has the focus; every stop on the way must be visible."""
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "() => { const e = document.activeElement;"
            " return [e.name || '', getComputedStyle(e).outlineStyle, e.tagName]; }"
        )
        assert focused[1] != "none", f"the focus on {focused} cannot be seen"
        if focused[0] == name:
            return
    pytest.fail(f"{name} cannot be reached with the keyboard")


def test_no_page_scrolls_sideways(console: RunningConsole, page: Page) -> None:
    page.goto(f"{console.address}/login?next=/cases/1")
    page.get_by_label("Login").fill("officer")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    for width in (320, 768, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        for address in ("/cases/1", "/", "/search", "/summaries"):
            page.goto(console.address + address)
            wider = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
            assert wider <= 0, f"{address} is {wider} px too wide at {width} px"
