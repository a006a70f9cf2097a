"""What a run of letters works with, and what it gave."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from enforcement.cases.ladder import Operators
from enforcement.letters.addressee import FindKeeper
from enforcement.letters.mailing import Mailer
from enforcement.policy import Policy


@dataclass(frozen=True)
class LetterRoom:
    """An authority's letters. `who` is named in proofs and the audit log; without `mailer` all go by post."""

    engine: Engine
    authority: str
    policy: Policy
    data_dir: Path
    who: str
    keeper_of: FindKeeper
    operators: Operators
    mailer: Mailer | None = None


@dataclass(frozen=True)
class Batch:
    """A finished batch. `left_out` says per case why a planned letter was not made after all.

    `unsure` are cases whose e-mail was begun, with no answer known: nothing more is sent by itself.
    """

    batch_id: int
    kind: str
    letters: tuple[Path, ...]
    manifest: Path
    left_out: dict[int, str] = field(default_factory=dict)
    unsure: tuple[int, ...] = ()


@dataclass(frozen=True)
class Run:
    """What one run did. `held_back` says per case why it got no letter; other cases lack a keeper."""

    batches: tuple[Batch, ...] = ()
    held_back: dict[int, str] = field(default_factory=dict)
    keeper_to_be_asked_for: dict[int, str] = field(default_factory=dict)
