"""The errors of ingest, in one tree.

IngestError                   anything a person at the centre has to know; says what was wrong and what to do
├── RecordsError              the database cannot be used as it is
│   ├── SchemaRefused         its tables are missing, older or newer than this software
│   ├── NotFound              no such row under this authority
│   └── VersionChanged        an immutable version (order, site) is there with other content
├── EvidenceError             a picture cannot be given or taken
│   ├── EvidenceMissing       its file is not in the store
│   ├── EvidenceDamaged       its file no longer has the hash it is named by
│   └── EvidenceRefused       bytes from the network that are not the picture a passage promised
├── BenchRefused              a bench cannot be run here
└── MessageRefused            a message that goes to quarantine; `answered` where its signature is trusted
"""

from __future__ import annotations


class IngestError(Exception):
    """Anything a person at the centre has to know."""


class RecordsError(IngestError):
    """The database cannot be used as it is."""


class SchemaRefused(RecordsError):
    """The tables are missing, older or newer than this software."""


class NotFound(RecordsError):
    """No such row under this authority."""


class VersionChanged(RecordsError):
    """A version that never changes is there already, with other content."""


class EvidenceError(IngestError):
    """A picture cannot be given or taken."""


class EvidenceMissing(EvidenceError):
    """The picture's file is not in the store."""


class EvidenceDamaged(EvidenceError):
    """The picture's file no longer has the hash that it is named by."""


class EvidenceRefused(EvidenceError):
    """Bytes from the network that are not the picture that a passage promised."""


class MessageRefused(IngestError):
    """A message that goes to quarantine under `code`. `trusted` says that its signature names its sender."""

    def __init__(self, code: str, reason: str, *, trusted: bool = False) -> None:
        self.code = code
        self.reason = reason
        self.trusted = trusted
        super().__init__(reason)


class BenchRefused(IngestError):
    """A bench cannot be run: a program is missing, or the database is not an empty one."""
