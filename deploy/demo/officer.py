"""A scripted officer: works through the console's own HTTP forms, as a browser would."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

import httpx

from deploy.demo.processes import DemoError

REASON = "Plate and vehicle agree in both pictures and with the register; no delivery seen."


@dataclass(frozen=True)
class SignIn:
    """What a person needs to sign in."""

    login: str
    password: str


class Officer:
    """One signed-in session of the console."""

    def __init__(self, address: str, sign_in: SignIn) -> None:
        self._http = httpx.Client(base_url=address, follow_redirects=True, timeout=30)
        self._post("/login", "/login", {"login": sign_in.login, "password": sign_in.password})

    def proposed_cases(self) -> list[int]:
        """Numbers of the cases that wait for a decision."""
        page = self._get("/?state=proposed")
        return sorted({int(number) for number in re.findall(r'href="/cases/(\d+)"', page)})

    def confirm(self, case_id: int) -> None:
        """Confirm a case as the first officer: image is plate, vehicle is register."""
        self._decide(case_id, "confirm")

    def agree(self, case_id: int) -> None:
        """Look at what another officer confirmed, and confirm it too."""
        self._decide(case_id, "agree")

    def _decide(self, case_id: int, verdict: str) -> None:
        page = f"/cases/{case_id}"
        self._post(
            page,
            f"{page}/decision",
            {
                "verdict": verdict,
                "reason": REASON,
                "image_matches_plate": "on",
                "vehicle_matches_register": "on",
            },
        )

    def close(self) -> None:
        """End the connection."""
        self._http.close()

    def _get(self, path: str) -> str:
        response = self._http.get(path)
        if response.is_error:
            raise DemoError(f"the console answered {response.status_code} for {path}")
        return response.text

    def _post(self, page: str, target: str, fields: dict[str, str]) -> None:
        token = _Tokens.first_in(self._get(page))
        response = self._http.post(target, data={**fields, "csrf_token": token})
        if response.is_error:
            raise DemoError(
                f"the console refused {target} with {response.status_code}:\n{_words_of(response.text)}"
            )


class _Tokens(HTMLParser):
    """Finds the value of the first field named csrf_token."""

    token = ""

    @classmethod
    def first_in(cls, page: str) -> str:
        parser = cls()
        parser.feed(page)
        return parser.token

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "input" and values.get("name") == "csrf_token" and not self.token:
            self.token = values.get("value") or ""


def _words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())[:400]
