"""The parts of an ingester as the settings describe them; every command puts together what it needs."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy import Engine

from config.clock import Clock
from config.link import load_or_make_key
from config.settings import IngestSettings
from config.wire import SigningKey
from ingest.database.opening import check_schema, open_database
from ingest.intake.keys import KeyRing
from ingest.storing.commit import Committer, Reached


def checked_database(settings: IngestSettings) -> Engine:
    """The database, its tables known. Raises RecordsError."""
    engine = open_database(settings.database_url)
    check_schema(engine)
    return engine


def committer_on(settings: IngestSettings, engine: Engine, clock: Clock, reached: Reached) -> Committer:
    """What stores batches. `reached` is told each step of one."""
    return Committer(
        engine=engine,
        keys=KeyRing(engine, time.monotonic),
        evidence_dir=Path(settings.evidence_dir),
        clock=clock,
        tolerance_s=settings.clock_tolerance_s,
        reached=reached,
    )


def receipt_key(settings: IngestSettings) -> SigningKey:
    """The key with which receipts are signed, made where there is none."""
    return load_or_make_key(Path(settings.data_dir) / "receipt-key.pem", settings.client_id)
