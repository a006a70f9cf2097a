"""The ingester as `hgv-ingest run` runs it, but for the step at which it dies.

python -m tests.fault.ingest_process CONFIG      with FAULT_DIE_AT=step:times in the environment
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from threading import Event

from sqlalchemy.exc import SQLAlchemyError

from config.link import set_up_logs
from config.settings import IngestSettings, load_settings
from ingest.cli import build
from ingest.database.opening import check_schema, open_database
from ingest.errors import RecordsError
from ingest.metrics import Metrics
from tests.fault.deadly import DIE_AT, Deadly

# How `hgv-ingest` ends where it cannot start; what runs it starts it again.
REFUSES = 2


def main(config: Path) -> int:
    """Take messages until SIGTERM, or until the step comes; 2 where the database cannot be opened now."""
    set_up_logs("ingest")
    settings = load_settings(config, IngestSettings, os.environ)
    try:
        engine = open_database(settings.database_url)
        check_schema(engine)
    except (RecordsError, SQLAlchemyError) as error:  # it may go down between the two
        sys.stderr.write(f"{error}\n")
        return REFUSES
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    build(settings, engine, Metrics(), Deadly(os.environ.get(DIE_AT, ""))).run(stop)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
