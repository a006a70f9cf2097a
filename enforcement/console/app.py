"""The console as a web application: routes, headers, and pages in plain words for all that goes wrong."""

from __future__ import annotations

from os import stat_result
from pathlib import Path
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.types import Scope

from config.clock import Clock
from config.settings import EnforcementSettings
from enforcement.console import (
    case_pages,
    decision_pages,
    event_pages,
    evidence_pages,
    search_pages,
    sign_in,
    summary_pages,
)
from enforcement.console.desk import desk_of, new_desk
from enforcement.console.errors import PageRefused, SignedOut
from enforcement.console.security import SecureAnswers, headers
from enforcement.errors import CaseNotFound
from ingest.records import NotFound, reading

log = structlog.get_logger()

_STATIC = Path(__file__).parent / "static"
_WORDS = {
    404: ("There is no such page", "The address may be mistyped, or what it named has been deleted."),
    405: ("This cannot be done here", "The page does not take this kind of request. Go back and try again."),
}
_NO_CASE = PageRefused(
    404, "There is no such case", "No case or record of your authority has this number. It may have expired."
)


def create_app(settings: EnforcementSettings, engine: Engine, clock: Clock) -> FastAPI:
    """The console over `engine`, serving the authority of `settings` and telling the time by `clock`."""
    app = FastAPI(title="HGV watch console", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = new_desk(settings, engine, clock)
    app.add_middleware(SecureAnswers, secure=settings.console.secure_cookies)
    for pages in (
        sign_in,
        case_pages,
        search_pages,
        decision_pages,
        event_pages,
        evidence_pages,
        summary_pages,
    ):
        app.include_router(pages.router)
    app.mount("/static", _Static(directory=_STATIC), name="static")
    app.add_api_route("/healthz", _health, include_in_schema=False)
    app.add_exception_handler(PageRefused, _refused)
    app.add_exception_handler(SignedOut, _signed_out)
    app.add_exception_handler(CaseNotFound, _no_case)
    app.add_exception_handler(NotFound, _no_case)
    app.add_exception_handler(RequestValidationError, _no_page)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _broken)
    return app


class _Static(StaticFiles):
    """The style sheet and the script; a browser may keep them, but asks whether they are still right."""

    def file_response(
        self, full_path: Any, stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        answer = super().file_response(full_path, stat_result, scope, status_code)
        answer.headers["Cache-Control"] = "no-cache"
        return answer


def _health(request: Request) -> PlainTextResponse:
    """For probes: 200 while the database answers, 503 otherwise."""
    try:
        with reading(desk_of(request).engine).connect() as connection:
            connection.execute(text("select 1"))
    except SQLAlchemyError as error:
        log.error("console_unhealthy", error=str(error))
        return PlainTextResponse("the database does not answer\n", status_code=503)
    return PlainTextResponse("ok\n")


def _page(request: Request, refused: PageRefused) -> Response:
    desk = desk_of(request)
    desk.outcomes.refused.labels(status=str(refused.status)).inc()
    signed_in = getattr(request.state, "signed_in", {})
    return desk.page("error.html", refused.status, title=refused.title, text=refused.text, **signed_in)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, PageRefused)  # noqa: S101 - registered for this error alone
    return _page(request, error)


def _signed_out(request: Request, error: Exception) -> Response:
    assert isinstance(error, SignedOut)  # noqa: S101 - registered for this error alone
    if error.method == "GET":
        ended = "&ended=1" if error.ended else ""
        desk_of(request).outcomes.refused.labels(status="303").inc()
        return RedirectResponse(f"/login?next={error.address}{ended}", status_code=303)
    title = "Your session has ended" if error.ended else "You are not signed in"
    text = "What you sent was not saved. Sign in, go to the page again and send it once more."
    return _page(request, PageRefused(401, title, text))


def _no_case(request: Request, _error: Exception) -> Response:
    return _page(request, _NO_CASE)


def _no_page(request: Request, _error: Exception) -> Response:
    """An address whose number is no number."""
    return _page(request, PageRefused(404, *_WORDS[404]))


def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    title, words = _WORDS.get(status, ("This did not work", "Go back and try again."))
    return _page(request, PageRefused(status, title, words))


def _broken(request: Request, error: Exception) -> Response:
    """A mistake of ours. The server's own layer answers outside the middleware, so the headers go on here."""
    log.error("console_page_failed", path=request.url.path, error=repr(error))
    answer = _page(
        request,
        PageRefused(
            500,
            "Something went wrong here",
            "This is a fault of the console, not yours, and has been logged. What you sent may not have been "
            "saved: look before you send it again.",
        ),
    )
    answer.headers.update(headers(desk_of(request).settings.console.secure_cookies))
    return answer
