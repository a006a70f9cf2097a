"""The generated JSON Schemas, one a message; `python -m config.wire.schema` writes them anew."""
