"""Write the JSON Schema of every message beside this file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from config.wire.messages import MESSAGES, Message

HERE = Path(__file__).parent


def schema_path(message: type[Message]) -> Path:
    """Where the schema of `message` lies."""
    return HERE / f"{message.__struct_config__.tag}.json"


def schema_text(message: type[Message]) -> str:
    """The schema of `message` as it must stand in its file."""
    schema: dict[str, Any] = msgspec.json.schema(message)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    for message in MESSAGES:
        schema_path(message).write_text(schema_text(message))
