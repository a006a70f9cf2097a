"""Messages between camera units and the centre: structs, signed envelope, topics.

Standard library, msgspec and joserfc only. The JSON Schemas in `schema/` are generated from the structs
(`python -m config.wire.schema`) and a test fails when they differ.
"""

from config.wire.envelope import Envelope, Header, SigningKey, VerifyingKeys, open_envelope, peek_header, seal
from config.wire.messages import (
    Deployment,
    Estimate,
    EvidenceRef,
    Passage,
    Plate,
    Position,
    RawRead,
    Speed,
    Traffic,
    TrafficCount,
    Vehicle,
    decode,
    digest_of,
    encode,
)
from config.wire.receipts import Receipt, Refusal
from config.wire.topics import Topic, parse_topic, topic_for
from config.wire.unit_state import CameraHealth, ClockState, Health, Heard, Loss
from config.wire.values import LossCause, Storage

__all__ = [
    "CameraHealth",
    "ClockState",
    "Deployment",
    "Envelope",
    "Estimate",
    "EvidenceRef",
    "Header",
    "Health",
    "Heard",
    "Loss",
    "LossCause",
    "Passage",
    "Plate",
    "Position",
    "RawRead",
    "Receipt",
    "Refusal",
    "SigningKey",
    "Speed",
    "Storage",
    "Topic",
    "Traffic",
    "TrafficCount",
    "Vehicle",
    "VerifyingKeys",
    "decode",
    "digest_of",
    "encode",
    "open_envelope",
    "parse_topic",
    "peek_header",
    "seal",
    "topic_for",
]
