"""How values are written for a person: local times, lengths of time, weights, hours and exemptions in words.

Hours are Europe/London, as on the signs; UTC stands beside them where evidence is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from config.clock import LONDON
from config.law.orders import CameraPair, Exemption, Hours, OrderVersion
from config.vrm import spaced
from enforcement.cases.proving import proof_words
from enforcement.cases.states import CaseState, Event

_EXEMPTIONS = {
    Exemption.ACCESS_LOADING: "access, loading and unloading inside the zone",
    Exemption.OFF_STREET_PREMISES: "garaging or service at off-street premises inside",
    Exemption.EMERGENCY_SERVICES: "emergency services",
    Exemption.BUSES: "buses and coaches",
    Exemption.AGRICULTURAL: "agricultural vehicles",
    Exemption.HIGHWAY_MAINTENANCE: "highway maintenance",
    Exemption.STATUTORY_UNDERTAKERS: "statutory undertakers",
    Exemption.REFUSE: "refuse collection",
    Exemption.DRIVER_TRAINING: "driver training",
    Exemption.PERMIT_HOLDERS: "permit holders",
}
_STATES = {
    CaseState.REVIEW: "Needs a look",
    CaseState.SECOND_LOOK: "Second look",
    CaseState.LETTER_SENT: "Letter made",
    CaseState.WARNING_SENT: "Warning made",
    CaseState.NOTICE_SENT: "Notice made",
    CaseState.DRIVER_REQUESTED: "Driver asked for",
    CaseState.STEP_REVERSED: "Step to withdraw",
    CaseState.WITHDRAWAL_DUE: "To withdraw",
}
_DONE = {
    Event.CONFIRM: "Confirmed",
    Event.AGREE: "Confirmed as second officer",
    Event.REJECT: "Rejected",
    Event.SEND_FIRST_LETTER: "First letter made",
    Event.SEND_WARNING: "Warning letter made",
    Event.SEND_SPEED_NOTICE: "Speed notice made",
    Event.REQUEST_DRIVER: "Request for the driver made",
    Event.RECORD_ANSWER: "Keeper's answer recorded",
    Event.RECORD_SILENCE: "No answer from the keeper",
    Event.PROPOSE_CHARGE: "Charge proposed",
    Event.APPROVE_CHARGE: "Charge approved",
    Event.DECLINE_CHARGE: "Charge declined",
    Event.MAKE_PACK: "Prosecution pack made",
    Event.RECORD_CHARGE: "Charge issued",
    Event.ACCEPT_EXPLANATION: "Explanation accepted",
    Event.FIND_PERMIT: "Permit found",
    Event.QUESTION_STEP: "Step to be looked at again",
    Event.UPHOLD_STEP: "Step upheld",
    Event.REVERSE_STEP: "Step reversed",
    Event.SEND_WITHDRAWAL: "Withdrawal letter made",
    Event.CLOSE: "Closed, no further action",
}
_TO_DO = {
    Event.RECORD_ANSWER: "The keeper named the driver",
    Event.RECORD_SILENCE: "The keeper did not answer in time",
    Event.PROPOSE_CHARGE: "Propose a charge; a second officer must approve it",
    Event.APPROVE_CHARGE: "Approve the charge as second officer",
    Event.DECLINE_CHARGE: "Decline the charge as second officer",
    Event.RECORD_CHARGE: "The written charge was issued",
    Event.ACCEPT_EXPLANATION: "Accept the explanation and take the case back",
    Event.FIND_PERMIT: "A permit was found; take the case back",
    Event.UPHOLD_STEP: "The step stands all the same",
    Event.REVERSE_STEP: "Reverse the step; it is taken again by the new count",
    Event.CLOSE: "Close, no further action",
}
_DAY_NAMES = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}


def local_time(at: datetime) -> str:
    """Day and time of day in the United Kingdom, with its zone: `Tue 3 Mar 2026, 14:02:11 GMT`."""
    local = at.astimezone(LONDON)
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M:%S %Z}"


def clock_time(at: datetime) -> str:
    """The local time of day alone: `14:02:11`."""
    return f"{at.astimezone(LONDON):%H:%M:%S}"


def minute_time(at: datetime) -> str:
    """Day and time to the minute: `Tue 3 Mar 2026, 14:02`."""
    local = at.astimezone(LONDON)
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M}"


def utc_time(at: datetime) -> str:
    """The instant in UTC to the millisecond: `2026-03-03 14:02:11.480 UTC`."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03d} UTC"


def day(of: date | datetime) -> str:
    """A day in full: `3 March 2026`; of an instant, the day in the United Kingdom."""
    local = of.astimezone(LONDON) if isinstance(of, datetime) else of
    return f"{local.day} {local:%B %Y}"


def month(text: str) -> str:
    """`2026-03` as `March 2026`."""
    return f"{date.fromisoformat(text + '-01'):%B %Y}"


def span(seconds: float) -> str:
    """A length of time: `42 s`, `6 min 12 s`, `1 h 03 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def percent(share: float) -> str:
    """A share between 0 and 1 in per cent, never rounded up to a certainty: `97 %`."""
    return f"{int(share * 100)} %"


def kilograms(weight_kg: int | None) -> str:
    """A weight with thousands apart; a register that does not know says so."""
    return "not recorded" if weight_kg is None else f"{weight_kg:,} kg"


def clock_words(offset_s: float | None, error_s: float | None) -> str:
    """The camera clock's offset from UTC with its error bound: `+0.120 s (± 0.050 s)`."""
    if offset_s is None:
        return "not measured"
    bound = "error not known" if error_s is None else f"± {error_s:.3f} s"
    return f"{offset_s:+.3f} s ({bound})"


def days_left(days: int) -> str:
    """What is left of the time to issue a charge."""
    if days < 0:
        return "out of time"
    return {0: "last day today", 1: "1 day"}.get(days, f"{days} days")


def exemptions(order: OrderVersion) -> list[str]:
    """Whom the order lets through, in words."""
    return [_EXEMPTIONS[exemption] for exemption in order.exemptions]


def hours(of: Hours) -> str:
    """Days and times of an order: `Monday to Friday, 07:00 to 19:00`, and the part of the year, if any."""
    names = [_DAY_NAMES[name] for name in of.days]
    in_a_row = len(names) > 2 and list(of.days) == list(_DAY_NAMES)[: len(names)]
    days = f"{names[0]} to {names[-1]}" if in_a_row else ", ".join(names)
    first = f", from {day(of.first_day)}" if of.first_day else ""
    last = f", to {day(of.last_day)} inclusive" if of.last_day else ""
    return f"{days}, {of.from_} to {of.until}{first}{last}"


def window(pair: CameraPair) -> str:
    """The transit window of a pair of cameras: `2 min 00 s to 15 min 00 s`."""
    return f"{span(pair.min_elapsed_s)} to {span(pair.max_elapsed_s)}"


def plain(code: str) -> str:
    """A code as words: `letter_sent` as `letter sent`."""
    return code.replace("_", " ")


def state_words(state: CaseState) -> str:
    """A state as its badge says it."""
    return _STATES.get(state, plain(state).capitalize())


def done_words(event: Event) -> str:
    """An event as the history of a case says it."""
    return _DONE[event]


def to_do_words(event: Event) -> str:
    """An event as an officer chooses it."""
    return _TO_DO[event]


FILTERS: dict[str, Callable[..., object]] = {
    "clock_time": clock_time,
    "clock_words": clock_words,
    "day": day,
    "done_words": done_words,
    "days_left": days_left,
    "exemptions": exemptions,
    "hours": hours,
    "kilograms": kilograms,
    "local_time": local_time,
    "minute_time": minute_time,
    "month": month,
    "percent": percent,
    "plain": plain,
    "proof_words": proof_words,
    "spaced": spaced,
    "span": span,
    "state_words": state_words,
    "to_do_words": to_do_words,
    "utc_time": utc_time,
    "window": window,
}
