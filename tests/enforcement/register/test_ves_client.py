"""The client of the Vehicle Enquiry Service against the service's contract, over real HTTP."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enforcement.errors import MarkNotAsked, RegisterUnavailable
from enforcement.register.faults import Cause, ServiceFault
from enforcement.register.ves_contract import Reply, Told
from tests.enforcement.register.enquirers import TestClock, a_client
from tests.enforcement.register.simulator import (
    KEY,
    MOCK_ENTRY,
    Fault,
    Simulator,
    error_body,
    simulated_service,
)


def _fault(
    service: Simulator, clock: TestClock, http: httpx.Client, vrm: str, **changes: Any
) -> ServiceFault:
    with pytest.raises(ServiceFault) as caught:
        a_client(service.url, clock, http, **changes).enquire(vrm)
    return caught.value


def test_mock_vehicle_with_all_its_fields(service: Simulator, clock: TestClock, http: httpx.Client) -> None:
    reply = a_client(service.url, clock, http).enquire("AA19AAA")
    assert (reply.told, reply.correlation_id) == (Told.FOUND, "enquiry-1")
    assert reply.vehicle is not None
    for name, value in MOCK_ENTRY.items():
        field = {"dateOfLastV5CIssued": "date_of_last_v5c_issued"}.get(name) or "".join(
            f"_{letter.lower()}" if letter.isupper() else letter for letter in name
        )
        assert getattr(reply.vehicle, field) == value, name
    (asked,) = service.asked
    assert (asked.vrm, asked.correlation_id) == ("AA19AAA", "enquiry-1")


@pytest.mark.parametrize(("vrm", "told"), [("ER19NFD", Told.NOT_KNOWN), ("ER19BAD", Told.REFUSED)])
def test_mock_marks_without_an_entry(
    service: Simulator, clock: TestClock, http: httpx.Client, vrm: str, told: Told
) -> None:
    assert a_client(service.url, clock, http).enquire(vrm) == Reply(told, None, "enquiry-1")


@pytest.mark.parametrize(
    ("vrm", "cause"),
    [("ER19THR", Cause.THROTTLED), ("ER19ERR", Cause.FAILING), ("ER19MNT", Cause.FAILING)],
)
def test_mock_marks_that_fail(
    service: Simulator, clock: TestClock, http: httpx.Client, vrm: str, cause: Cause
) -> None:
    assert _fault(service, clock, http, vrm).cause is cause


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (Fault.THROTTLED, Cause.THROTTLED),
        (Fault.FAILING, Cause.FAILING),
        (Fault.MAINTENANCE, Cause.FAILING),
        (Fault.HANG, Cause.TIMED_OUT),
        (Fault.TRICKLE, Cause.TIMED_OUT),
        (Fault.CUT_BEFORE, Cause.CUT_OFF),
        (Fault.CUT_INSIDE, Cause.CUT_OFF),
        (Fault.GARBAGE, Cause.UNREADABLE),
        (Fault.NO_JSON_404, Cause.UNREADABLE),
        (Fault.OTHER_VEHICLE, Cause.OTHER_VEHICLE),
        (Fault.NO_VRM, Cause.UNREADABLE),
    ],
)
def test_fault_is_told_apart(
    service: Simulator, clock: TestClock, http: httpx.Client, fault: Fault, cause: Cause
) -> None:
    service.fault_of = lambda number: fault
    assert _fault(service, clock, http, "AA19AAA", timeout_s=0.3).cause is cause


def test_service_that_is_not_there(clock: TestClock, http: httpx.Client) -> None:
    with simulated_service(clock) as gone:
        url = gone.url
    with pytest.raises(ServiceFault) as caught:
        a_client(url, clock, http).enquire("AA19AAA")
    assert caught.value.cause is Cause.CUT_OFF


def test_wrong_key_stops_all_enquiries_and_is_in_no_text(
    service: Simulator, clock: TestClock, http: httpx.Client
) -> None:
    client = a_client(service.url, clock, http, key="not-the-key")
    told = []
    for _ in range(2):
        with pytest.raises(ServiceFault) as caught:
            client.enquire("AA19AAA")
        told.append(caught.value.cause)
    assert told == [Cause.KEY_REFUSED, Cause.PAUSED]
    assert "not-the-key" not in f"{caught.value!r} {caught.value} {client!r}"


def test_wrong_address_is_not_an_unknown_vehicle(
    service: Simulator, clock: TestClock, http: httpx.Client
) -> None:
    client = a_client(service.url + "/v2", clock, http)
    with pytest.raises(ServiceFault) as caught:
        client.enquire("AA19AAA")
    assert caught.value.cause is Cause.UNREADABLE


@pytest.mark.parametrize("mark", ["A1234567", "WGM4821K", "12AB34", "", "aa19aaa", "AA19 AAA"])
def test_trailers_and_foreign_marks_are_never_asked(
    service: Simulator, clock: TestClock, http: httpx.Client, mark: str
) -> None:
    with pytest.raises(MarkNotAsked):
        a_client(service.url, clock, http).enquire(mark)
    assert service.asked == []


_ENTRIES = st.dictionaries(
    st.sampled_from([*MOCK_ENTRY, "errors", "surprise"]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=400) | st.just("AA19AAA"),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=6,
    ),
    max_size=8,
)
_BODIES = st.one_of(
    st.binary(max_size=300),
    _ENTRIES.map(lambda entry: json.dumps(entry).encode()),
    _ENTRIES.map(lambda entry: json.dumps({"registrationNumber": "AA19AAA"} | entry).encode()),
    st.sampled_from([error_body(status) for status in (400, 404, 429, 500)]),
    st.just(b"[" * 100_000),
    st.just(json.dumps({"registrationNumber": "AA19AAA", "make": "\ud800\x00"}).encode()),
)


@settings(max_examples=600, deadline=None)
@given(
    status=st.integers(100, 999),
    body=_BODIES,
    headers=st.dictionaries(
        st.sampled_from(["retry-after", "content-type", "content-encoding", "location"]),
        st.sampled_from(["gzip", "br", "application/json; charset=nonsense", "\xff"])
        | st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30),
    ),
)
def test_whatever_the_service_answers_only_our_own_errors_come(
    status: int, body: bytes, headers: dict[str, str]
) -> None:
    """And an answer that counts is about the very mark that was asked."""
    clock = TestClock()
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, headers=raw, stream=httpx.ByteStream(body))

    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        told: Reply | RegisterUnavailable
        try:
            told = a_client("https://service.test/", clock, http).enquire("AA19AAA")
        except RegisterUnavailable as error:
            told = error
    if isinstance(told, Reply):
        assert {200: Told.FOUND, 404: Told.NOT_KNOWN, 400: Told.REFUSED}[status] is told.told
        assert status != 200 or json.loads(body)["registrationNumber"] == "AA19AAA"
    else:
        assert KEY not in f"{told}{told.__cause__!r}"


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectTimeout("slow"),
        httpx.ReadError("gone"),
        httpx.RemoteProtocolError("nonsense"),
        httpx.PoolTimeout("full"),
        httpx.UnsupportedProtocol("what"),
        OSError("no route"),
    ],
)
def test_every_way_that_a_connection_fails(error: Exception, clock: TestClock) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error

    with httpx.Client(transport=httpx.MockTransport(answer)) as http, pytest.raises(ServiceFault):
        a_client("https://service.test/", clock, http).enquire("AA19AAA")
