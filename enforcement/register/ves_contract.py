"""The published contract of the DVLA's Vehicle Enquiry Service: its fields, and what a reply means.

Pure: nothing here opens a connection. Source: domain.md section 4, after the DVLA's API documentation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from config.vrm import normalise
from config.wire.values import Words
from enforcement.register.faults import Cause, ServiceFault

LONGEST_RETRY_AFTER_S = 86_400.0

Whole = Annotated[int, Meta(ge=0, le=1_000_000)]


class Vehicle(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A vehicle as the service describes it; only the registration is always there. Weights in kg.

    Dates stay as they came: nothing is reckoned from them.
    """

    registration_number: Words
    tax_status: Words | None = None
    tax_due_date: Words | None = None
    art_end_date: Words | None = None
    mot_status: Words | None = None
    mot_expiry_date: Words | None = None
    make: Words | None = None
    month_of_first_dvla_registration: Words | None = None
    month_of_first_registration: Words | None = None
    year_of_manufacture: Whole | None = None
    engine_capacity: Whole | None = None
    co2_emissions: Whole | None = None
    fuel_type: Words | None = None
    marked_for_export: bool | None = None
    colour: Words | None = None
    type_approval: Words | None = None
    wheelplan: Words | None = None
    revenue_weight: Whole | None = None
    euro_status: Words | None = None
    real_driving_emissions: Words | None = None
    date_of_last_v5c_issued: Words | None = msgspec.field(default=None, name="dateOfLastV5CIssued")


class ErrorDetail(Struct, frozen=True):
    """One error of the service."""

    status: str | int | None = None
    code: str | int | None = None
    title: str | None = None
    detail: str | None = None


class Errors(Struct, frozen=True):
    """The body of a reply that is no vehicle."""

    errors: Annotated[tuple[ErrorDetail, ...], Meta(min_length=1)]


class Told(StrEnum):
    """What the service told of a mark: its entry, that it knows none, or that the mark is no registration."""

    FOUND = "found"
    NOT_KNOWN = "not_known"
    REFUSED = "refused"


@dataclass(frozen=True)
class Reply:
    """An answer as the contract has it; `vehicle` where one was found."""

    told: Told
    vehicle: Vehicle | None
    correlation_id: str


# Made here and now: msgspec 0.22 ends the process where two threads use a type for the first time at once.
_VEHICLE = msgspec.json.Decoder(Vehicle)
_ERRORS = msgspec.json.Decoder(Errors)

_WITHOUT_ENTRY = {404: Told.NOT_KNOWN, 400: Told.REFUSED}


def request_body(vrm: str) -> bytes:
    """The body of an enquiry."""
    return msgspec.json.encode({"registrationNumber": vrm})


def reply_to(
    vrm: str, status: int, body: bytes, retry_after: str | None, correlation_id: str, now: datetime
) -> Reply:
    """What a reply means. Raises ServiceFault for everything that is no answer about this very mark.

    A 404 or 400 counts only with the service's own error body: a proxy's or a wrong address's does not.
    """
    if status == 200:
        return Reply(Told.FOUND, _vehicle(vrm, body), correlation_id)
    if status in _WITHOUT_ENTRY:
        _check_errors(status, body)
        return Reply(_WITHOUT_ENTRY[status], None, correlation_id)
    raise _fault(status, retry_after_s(retry_after, now))


def _vehicle(vrm: str, body: bytes) -> Vehicle:
    try:
        vehicle = _VEHICLE.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ServiceFault(Cause.UNREADABLE, "the service's answer is not what its contract says") from error
    if normalise(vehicle.registration_number) != vrm:
        raise ServiceFault(Cause.OTHER_VEHICLE, "the service answered about another vehicle")
    return vehicle


def _check_errors(status: int, body: bytes) -> None:
    try:
        errors = _ERRORS.decode(body).errors
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ServiceFault(Cause.UNREADABLE, f"a reply {status} that is not the service's own") from error
    if any(str(error.status or status) != str(status) for error in errors):
        raise ServiceFault(Cause.UNREADABLE, f"a reply {status} that names another status")


def _fault(status: int, wanted_quiet_s: float) -> ServiceFault:
    if status == 429:
        return ServiceFault(Cause.THROTTLED, "the service wants fewer enquiries", wanted_quiet_s)
    if status in (401, 403):
        return ServiceFault(Cause.KEY_REFUSED, "the service refuses the key; check that it is in force")
    if status >= 500:
        return ServiceFault(Cause.FAILING, f"the service fails ({status})", wanted_quiet_s)
    return ServiceFault(Cause.UNREADABLE, f"the service replied {status}, which its contract does not know")


def retry_after_s(header: str | None, now: datetime) -> float:
    """Seconds that a Retry-After header (RFC 9110: seconds or a date) asks for; 0 for none or nonsense."""
    text = (header or "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return min(float(text), LONGEST_RETRY_AFTER_S)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return 0.0
    until = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max((until - now).total_seconds(), 0.0), LONGEST_RETRY_AFTER_S)
