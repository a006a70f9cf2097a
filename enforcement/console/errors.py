"""What ends a request with a page in plain words.

ConsoleError
├── PageRefused    a page with a status, what was wrong and what to do
└── SignedOut      nobody is signed in, or the session has ended
"""

from __future__ import annotations

from enforcement.errors import EnforcementError


class ConsoleError(EnforcementError):
    """Anything that the console refuses."""


class PageRefused(ConsoleError):
    """The answer is a page with `status`, saying in `title` what was wrong and in `text` what to do."""

    def __init__(self, status: int, title: str, text: str) -> None:
        self.status = status
        self.title = title
        self.text = text
        super().__init__(f"{title}: {text}")


class SignedOut(ConsoleError):
    """Nobody is signed in. `address` is the page that was asked for; `ended` where there was a session."""

    def __init__(self, method: str, address: str, *, ended: bool) -> None:
        self.method = method
        self.address = address
        self.ended = ended
        super().__init__("sign in to see this page")
