"""The outbox against a simple model: put, answered, cut off, damaged or copied, it loses nothing unsaid."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from config.wire import Receipt, Refusal, digest_of
from edge.outbox.outbox import Outbox, OutboxPicture
from tests.edge.outbox.recorded_disk import RecordedDisk, files_after_cut
from tests.edge.outbox.test_power import lay_out
from tests.edge.outboxes import EVERYTHING, files_of, picture

ROOM = 200_000
NUMBERS = st.integers(1, 40)
FOLDER = "/dev/shm" if Path("/dev/shm").is_dir() else None


class OutboxLife(RuleBasedStateMachine):
    """`pending` are the events that must be there by id, `pictures` the centre's or ours until told lost."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory(dir=FOLDER)
        self.root = Path(self.folder.name)
        self.path = self.root / "outbox.sqlite"
        self.disk = RecordedDisk(self.root)
        self.recording = self.disk.recording()
        self.recording.__enter__()
        self.pending: dict[str, bytes] = {}
        self.may_be_back: dict[str, bytes] = {}
        self.ours: set[str] = set()
        self.told_lost: set[str] = set()
        self.given: dict[tuple[str, int], bytes] = {}
        self.count = 0

    @initialize()
    def begin(self) -> None:
        self.outbox = self.opened()

    def opened(self) -> Outbox:
        return Outbox(self.path, most_bytes=ROOM, sync=self.disk.sync)

    def teardown(self) -> None:
        self.outbox.close()
        self.recording.__exit__(None, None, None)
        self.folder.cleanup()

    @rule(pictures=st.lists(st.integers(0, 12), max_size=2, unique=True))
    def put(self, pictures: list[int]) -> None:
        self.count += 1
        name, payload = f"event {self.count}", b'{"n":%d}' % self.count
        evidence = [self.evidence(n) for n in pictures]
        assert self.outbox.put(name, "passage", payload, evidence) is not None
        self.pending[name] = payload
        self.ours |= {one.sha256 for one in evidence}

    def evidence(self, n: int) -> OutboxPicture:
        return picture(f"picture {n}", 15_000)

    @precondition(lambda self: self.count > 0)
    @rule(n=NUMBERS)
    def put_again(self, n: int) -> None:
        n = 1 + n % self.count
        assert self.outbox.put(f"event {n}", "passage", b'{"n":%d}' % n) is None

    @rule(numbers=st.sets(NUMBERS, max_size=5), refuse=st.booleans(), say=st.booleans())
    def answer(self, numbers: set[int], refuse: bool, say: bool) -> None:
        """A receipt for what was sent under these numbers in this outbox, late ones and repeated ones too."""
        outbox_id = self.outbox.outbox_id
        sent = {n: self.given[outbox_id, n] for n in sorted(numbers) if (outbox_id, n) in self.given}
        told = Receipt(agent_id="unit-1", outbox_id=outbox_id)
        if refuse:
            refused = tuple(Refusal(seq=n, reason="", digest=digest_of(sent[n])) for n in sent)
            told = Receipt(agent_id="unit-1", outbox_id=outbox_id, refused=refused)
        elif sent:
            digests = tuple(digest_of(payload) for payload in sent.values()) if say else ()
            told = Receipt(agent_id="unit-1", outbox_id=outbox_id, accepted=tuple(sent), digests=digests)
        applied = self.outbox.apply(told)
        assert not applied.begun_anew
        gone = {name for name, payload in self.pending.items() if payload in sent.values()}
        self.may_be_back |= {name: self.pending.pop(name) for name in gone}

    @rule(numbers=st.sets(NUMBERS, min_size=1, max_size=3))
    def answer_another_outbox(self, numbers: set[int]) -> None:
        told = Receipt(agent_id="unit-1", outbox_id="e" * 32, accepted=tuple(sorted(numbers)))
        assert self.outbox.apply(told).accepted == 0

    @rule(pictures=st.sets(st.integers(0, 12), max_size=3))
    def hold(self, pictures: set[int]) -> None:
        hashes = {self.evidence(n).sha256 for n in pictures}
        told = Receipt(agent_id="unit-1", outbox_id="e" * 32, held_evidence=tuple(sorted(hashes)))
        self.outbox.apply(told)
        self.ours -= hashes

    @rule()
    def tell_losses(self) -> None:
        untold = self.outbox.untold(EVERYTHING)
        if untold:
            self.count += 1
            payload = b'{"loss":%d}' % self.count
            self.outbox.tell(f"event {self.count}", payload, untold)
            self.pending[f"event {self.count}"] = payload
            self.note_lost({one.sha256 for one in untold if one.sha256})

    def note_lost(self, hashes: set[str]) -> None:
        self.told_lost |= hashes
        self.ours -= hashes

    @rule()
    def restart(self) -> None:
        before = self.outbox.outbox_id
        self.outbox.close()
        self.outbox = self.opened()
        assert self.outbox.outbox_id == before

    @rule(seed=st.integers(0, 1000), share=st.sampled_from((0.0, 0.5, 1.0)))
    def cut_the_power(self, seed: int, share: float) -> None:
        before = self.outbox.outbox_id
        files = files_after_cut(self.disk.ops, seed, share)
        self.outbox.close()
        lay_out(self.root, files)
        self.disk.know(files)
        self.outbox = self.opened()
        assert self.outbox.outbox_id == before

    @rule()
    def damage(self) -> None:
        before = self.outbox.outbox_id
        self.outbox.close()
        with self.path.open("r+b") as file:
            file.write(b"not a database's head")
        self.disk.know({path: path.read_bytes() for path in self.root.rglob("*") if path.is_file()})
        self.outbox = self.opened()
        assert self.outbox.outbox_id != before

    @rule()
    def copy(self) -> None:
        before = self.outbox.outbox_id
        self.outbox.close()
        copy = self.root / "copy"
        shutil.copy2(self.path, copy)
        copy.replace(self.path)
        self.disk.know({path: path.read_bytes() for path in self.root.rglob("*") if path.is_file()})
        self.outbox = self.opened()
        assert self.outbox.outbox_id != before

    @invariant()
    def every_event_waits(self) -> None:
        entries = self.outbox.entries_to_send(set(), EVERYTHING)
        payloads = [entry.payload for entry in entries]
        assert set(payloads) >= set(self.pending.values())
        back = set(payloads) - set(self.pending.values())
        assert back <= set(self.may_be_back.values()) | self.given_before(), "something that was never put"
        assert len(payloads) == len(set(payloads))

    def given_before(self) -> set[bytes]:
        return set(self.given.values())

    @invariant()
    def no_number_stands_for_two_events(self) -> None:
        for entry in self.outbox.entries_to_send(set(), EVERYTHING):
            known = self.given.setdefault((entry.outbox_id, entry.seq), entry.payload)
            assert known == entry.payload

    @invariant()
    def every_picture_is_here_held_or_lost_and_that_is_told(self) -> None:
        self.note_lost({one.sha256 for one in self.outbox.untold(EVERYTHING) if one.sha256})
        assert files_of(self.path) >= self.ours

    @invariant()
    def it_keeps_within_its_room(self) -> None:
        assert self.outbox.state().used_bytes <= ROOM


OutboxLife.TestCase.settings = settings(
    max_examples=20, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
TestOutboxLife = OutboxLife.TestCase
