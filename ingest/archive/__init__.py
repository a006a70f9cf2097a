"""What is stored, as enforcement reads it and has it deleted, by way of `ingest/records.py`."""
