"""A client of the DVLA's Vehicle Enquiry Service: one enquiry at a time, paced, and left alone when it fails.

The service gives no keeper, no model and no body type. Its rate limit is not published, so it is a setting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from config.clock import Clock
from enforcement.register.answers import refuse_other_marks
from enforcement.register.breaker import CircuitBreaker
from enforcement.register.faults import Cause, ServiceFault
from enforcement.register.pacing import TokenBucket
from enforcement.register.ves_contract import Reply, reply_to, request_body

LARGEST_ANSWER_BYTES = 64 * 1024


@dataclass(frozen=True)
class VesClient:
    """Asks the service at `url`. The key goes into one header and nowhere else."""

    url: str
    key: str = field(repr=False)
    http: httpx.Client
    bucket: TokenBucket
    breaker: CircuitBreaker
    timeout_s: float
    clock: Clock
    monotonic_s: Callable[[], float]
    new_id: Callable[[], str]

    def enquire(self, vrm: str) -> Reply:
        """What the service tells of one normalised mark.

        Raises MarkNotAsked for a trailer's or foreign mark, and ServiceFault for whatever is no answer.
        """
        refuse_other_marks(vrm)
        self.breaker.admit()
        self.bucket.take()
        try:
            reply = self._reply(vrm)
        except ServiceFault as fault:
            self.breaker.failed(fault)
            raise
        self.breaker.answered()
        return reply

    def _reply(self, vrm: str) -> Reply:
        correlation_id = self.new_id()
        headers = {
            "x-api-key": self.key,
            "X-Correlation-Id": correlation_id,
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
        }
        try:
            with self.http.stream(
                "POST", self.url, content=request_body(vrm), headers=headers, timeout=self.timeout_s
            ) as response:
                body = self._body(response)
                status, retry_after = response.status_code, response.headers.get("retry-after")
        except httpx.TimeoutException as error:
            raise ServiceFault(Cause.TIMED_OUT, "the service did not answer in time") from error
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            raise ServiceFault(Cause.CUT_OFF, f"no whole answer came ({type(error).__name__})") from error
        return reply_to(vrm, status, body, retry_after, correlation_id, self.clock())

    def _body(self, response: httpx.Response) -> bytes:
        """The answer as a whole: httpx's time-out holds for each read, so one that trickles is ended here."""
        ends_at_s = self.monotonic_s() + self.timeout_s
        body = bytearray()
        for piece in response.iter_raw():
            body += piece
            if len(body) > LARGEST_ANSWER_BYTES:
                raise ServiceFault(Cause.UNREADABLE, "the service's answer has no end")
            if self.monotonic_s() > ends_at_s:
                raise ServiceFault(Cause.TIMED_OUT, "the service's answer only trickled in")
        return bytes(body)
