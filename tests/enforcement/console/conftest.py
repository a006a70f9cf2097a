"""A village with two open cases, and browsers that sign in through the console's own forms."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from enforcement.console.app import create_app
from tests.enforcement.console.village import NOW, PASSWORD, Village, new_village, open_village

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class SetClock:
    """A clock that a test moves on."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class InProcess(httpx.BaseTransport):
    """Gives each request to the application itself, as if it came from `address`."""

    def __init__(self, app: FastAPI, address: str) -> None:
        self._app = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 50000))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        async def answer() -> httpx.Response:
            answered = await self._app.handle_async_request(request)
            return httpx.Response(
                answered.status_code, headers=answered.headers, content=await answered.aread()
            )

        return asyncio.run(answer())


@dataclass
class Browser:
    """One browser: follows the forms as a person would, tokens included."""

    client: httpx.Client
    pages: list[httpx.Response] = field(default_factory=list)

    def get(self, address: str) -> httpx.Response:
        return self._kept(self.client.get(address))

    def send(self, address: str, **fields: str) -> httpx.Response:
        """Send a form with the token of the page that was loaded last."""
        token = _TOKEN.search(self.pages[-1].text)
        assert token, "the page before has no form with a token"
        return self._kept(self.client.post(address, data={"csrf_token": token.group(1), **fields}))

    def sign_in(self, login: str, password: str = PASSWORD) -> httpx.Response:
        self.get("/login")
        return self.send("/login", login=login, password=password)

    def _kept(self, page: httpx.Response) -> httpx.Response:
        self.pages.append(page)
        return page


NewBrowser = Callable[..., Browser]


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a village made once; tests work on copies of it."""
    folder = tmp_path_factory.mktemp("village")
    village = new_village(folder)
    village.add_user("officer", "officer", name="Amara Sample")
    village.add_transit("PN68KTE", entered_at=NOW - timedelta(days=3), trailer=False)
    village.add_transit("YX26HGV", entered_at=NOW - timedelta(days=1))
    village.open_cases()
    village.engine.dispose()
    return folder


@pytest.fixture
def village(furnished: Path, tmp_path: Path) -> Iterator[Village]:
    """Case 1 waits for a look (not in the register), case 2 is proposed."""
    shutil.copytree(furnished, tmp_path, dirs_exist_ok=True)
    village = open_village(tmp_path)
    yield village
    village.engine.dispose()


def open_browser(app: FastAPI, address: str = "192.0.2.10") -> Browser:
    """A browser at `address` that reaches the console `app`."""
    return Browser(httpx.Client(transport=InProcess(app, address), base_url="http://console.example"))


@pytest.fixture
def new_browser(village: Village, clock: SetClock) -> NewBrowser:
    """Makes browsers that reach the same console, each from an address of its own if asked."""
    app = create_app(village.settings, village.engine, clock)
    return lambda address="192.0.2.10": open_browser(app, address)


@pytest.fixture
def second(village: Village, new_browser: NewBrowser) -> Browser:
    """The browser of another officer, signed in."""
    village.add_user("second", "supervisor", name="Robin Sample")
    browser = new_browser("192.0.2.11")
    assert browser.sign_in("second").status_code == 303
    return browser


@pytest.fixture
def officer(new_browser: NewBrowser) -> Browser:
    """An officer's browser, signed in."""
    browser = new_browser()
    assert browser.sign_in("officer").status_code == 303
    return browser
