"""Topic names `hgv/v1/{agent}/{channel}`, one channel a kind of message, one per picture for evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from config.errors import Undecodable

Channel = Literal["passage", "evidence", "traffic", "health", "receipt"]

_TOPIC = re.compile(
    r"hgv/v1/(?P<agent>[a-z0-9][a-z0-9_-]{0,63})/"
    r"(?:(?P<channel>passage|traffic|health|receipt)|evidence/(?P<sha256>[0-9a-f]{64}))"
)

# What an ingester subscribes to, as (filter, shared by several ingesters).
UPWARD = ("hgv/v1/+/passage", "hgv/v1/+/evidence/+", "hgv/v1/+/traffic", "hgv/v1/+/health")


@dataclass(frozen=True)
class Topic:
    """A parsed topic; `sha256` only for evidence."""

    agent_id: str
    channel: Channel
    sha256: str | None = None


def topic_for(agent_id: str, channel: Channel, sha256: str | None = None) -> str:
    """The topic on which `agent_id` sends or hears `channel`."""
    return f"hgv/v1/{agent_id}/{channel}" + (f"/{sha256}" if sha256 else "")


def parse_topic(topic: str) -> Topic:
    """The parts of a topic. Raises Undecodable for a name that is not ours."""
    match = _TOPIC.fullmatch(topic)
    if match is None:
        raise Undecodable(f"unknown topic {topic[:120]!r}")
    channel: Channel = match["channel"] or "evidence"  # type: ignore[assignment]  # the pattern admits only these
    return Topic(match["agent"], channel, match["sha256"])
