"""Security headers on every answer, a limit on what is sent in, and tokens that tie a form to its browser."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_FORM_BYTES = 64 * 1024

# Pages load pictures, one style sheet and one script from this server and nothing from anywhere else.
PAGE_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# The browser's own PDF viewer styles its shell inline; nothing else is allowed in it.
PDF_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "object-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

_HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
_ONE_YEAR_S = 365 * 24 * 3600


def headers(secure: bool) -> dict[str, str]:
    """The headers of every answer; with `secure`, browsers are told to come back over TLS only."""
    if not secure:
        return dict(_HEADERS)
    return {**_HEADERS, "Strict-Transport-Security": f"max-age={_ONE_YEAR_S}; includeSubDomains"}


class SecureAnswers:
    """Middleware: puts the headers on every answer, and refuses a body that is too big for a form.

    An answer that sets one of the headers itself (a PDF its policy, a style sheet its caching) keeps its own.
    """

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._headers = headers(secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, its answer with headers; answer 413 where the body is too big."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    answered.setdefault(name, value)
            await send(message)

        if _fits(Headers(scope=scope)):
            await self._app(scope, receive, send_with_headers)
        else:
            await _refuse_as_too_big(send_with_headers)


def _fits(asked: Headers) -> bool:
    """A form says its length; a body of unknown length is not one of our forms."""
    if "transfer-encoding" in asked:
        return False
    length = asked.get("content-length", "0")
    return length.isdecimal() and int(length) <= MOST_FORM_BYTES


async def _refuse_as_too_big(send: Send) -> None:
    text = b"What was sent is too big for a form of this console. Go back and shorten it."
    start: Message = {
        "type": "http.response.start",
        "status": 413,
        "headers": [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")],
    }
    await send(start)
    await send({"type": "http.response.body", "body": text})


class LoginForms:
    """CSRF tokens of the log-in form, for browsers that have no session yet.

    The token is an HMAC of a cookie that the browser got with the form, under a secret of this process, so
    that neither a form on another site nor a planted cookie can log somebody in. A restart of the console
    makes open log-in forms stale; the page says so.
    """

    def __init__(self, secret: bytes | None = None) -> None:
        self._secret = secret or secrets.token_bytes(32)

    def new_cookie(self) -> str:
        """A value for the cookie that goes with the form."""
        return secrets.token_urlsafe(24)

    def token(self, cookie: str) -> str:
        """The token that the form must carry beside `cookie`."""
        return hmac.new(self._secret, cookie.encode(), hashlib.sha256).hexdigest()

    def belongs(self, cookie: str | None, token: str) -> bool:
        """Whether `token` was made for `cookie` by this process."""
        return cookie is not None and same(self.token(cookie), token)


def same(left: str, right: str) -> bool:
    """Whether two tokens are equal, in a time that tells nothing about where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())
