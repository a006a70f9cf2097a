"""The kinds of letter: each one's template, and whether it may go by e-mail.

A request that the law lets run from its service by post goes by post, whatever address is known.
"""

from __future__ import annotations

from dataclasses import dataclass

from enforcement.cases.steps import LetterKind


@dataclass(frozen=True)
class LetterForm:
    """How a kind of letter is set and sent. `dated` ones hold days of the law that run from their posting."""

    template: str
    by_email: bool
    dated: bool = False


FORMS: dict[LetterKind, LetterForm] = {
    "first": LetterForm("first_letter.typ", by_email=True),
    "warning": LetterForm("warning_letter.typ", by_email=True),
    "driver_request": LetterForm("driver_request.typ", by_email=False, dated=True),
    "speed_notice": LetterForm("speed_notice.typ", by_email=False, dated=True),
    "withdrawal": LetterForm("withdrawal.typ", by_email=True),
}
