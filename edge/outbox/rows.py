"""The outbox's rows, each change within the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import repeat
from uuid import uuid4

from config.wire import LossCause, Receipt, digest_of
from edge.outbox.home import Home
from edge.outbox.values import Applied, Earlier, Kind, OutboxPicture, Untold

# Ids by which a film that is played again puts nothing new; months of a busy unit, some 20 MB.
_KNOWN_IDS = 200_000


def begin(connection: sqlite3.Connection, home: Home) -> str:
    """Give the outbox a new id; the id."""
    outbox_id = uuid4().hex
    connection.execute("DELETE FROM outbox")
    connection.execute(
        "INSERT INTO outbox VALUES (?, ?, ?, ?)", (outbox_id, home.machine, home.medium, home.inode)
    )
    return outbox_id


def renumber(connection: sqlite3.Connection) -> int:
    """Number the entries anew from 1, in their order; how many there are."""
    seqs = [seq for (seq,) in connection.execute("SELECT seq FROM entries ORDER BY seq")]
    pending = set(seqs)
    stale = [(s,) for (s,) in connection.execute("SELECT DISTINCT seq FROM picture_references")]
    connection.executemany(
        "DELETE FROM picture_references WHERE seq = ?", [one for one in stale if one[0] not in pending]
    )
    moves = list(enumerate(seqs, start=1))  # a new number is never above the old, so none meets another
    connection.executemany("UPDATE entries SET seq = ? WHERE seq = ?", moves)
    connection.executemany("UPDATE picture_references SET seq = ? WHERE seq = ?", moves)
    connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'entries'", (len(seqs),))
    return len(seqs)


def last_seq(connection: sqlite3.Connection) -> int:
    """The highest number ever given; 0 before the first."""
    query = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'entries'"
    return int(connection.execute(query).fetchone()[0])


def is_known(connection: sqlite3.Connection, message_id: str) -> bool:
    """Whether this id was put before."""
    found = connection.execute("SELECT 1 FROM known_ids WHERE message_id = ?", (message_id,))
    return found.fetchone() is not None


def remember(connection: sqlite3.Connection, message_id: str) -> bool:
    """Note an id, and forget very old ones; whether it is new."""
    insert = "INSERT INTO known_ids (message_id) VALUES (?) ON CONFLICT DO NOTHING RETURNING number"
    row = connection.execute(insert, (message_id,)).fetchone()
    if row is not None:
        connection.execute("DELETE FROM known_ids WHERE number <= ?", (row[0] - _KNOWN_IDS,))
    return row is not None


def add_entry(connection: sqlite3.Connection, message_id: str, kind: Kind, payload: bytes) -> int:
    """Keep an event under the next number; the number."""
    insert = "INSERT INTO entries (kind, message_id, payload, digest) VALUES (?, ?, ?, ?) RETURNING seq"
    row = connection.execute(insert, (kind, message_id, payload, digest_of(payload))).fetchone()
    remember(connection, message_id)
    return int(row[0])


def add_picture(connection: sqlite3.Connection, seq: int, picture: OutboxPicture) -> None:
    """Note a picture that lies on the disk and the event that names it."""
    insert = "INSERT INTO pictures (sha256, size_bytes, state) VALUES (?, ?, 'waiting')"
    again = "ON CONFLICT (sha256) DO UPDATE SET state = 'waiting' WHERE state = 'unclaimed'"
    connection.execute(f"{insert} {again}", (picture.sha256, len(picture.jpeg)))
    refer(connection, seq, picture.sha256)


def refer(connection: sqlite3.Connection, seq: int, sha256: str) -> None:
    """Note which event a picture goes after."""
    insert = "INSERT INTO picture_references VALUES (?, ?) ON CONFLICT DO NOTHING"
    connection.execute(insert, (seq, sha256))


def accept(connection: sqlite3.Connection, seq: int, digest: str | None) -> int:
    """Take out an event with this digest and have its pictures sent; how many there were, 0 or 1."""
    deleted = _delete(connection, seq, digest)
    if deleted:
        connection.execute(
            "UPDATE pictures SET state = 'ready' WHERE sha256 IN "
            "(SELECT sha256 FROM picture_references WHERE seq = ?)",
            (seq,),
        )
    return deleted


def refuse(connection: sqlite3.Connection, seq: int, digest: str | None) -> bool:
    """Take out an event that lies in quarantine now; its pictures stay until they are asked for."""
    deleted = _delete(connection, seq, digest)
    if deleted:
        mine = "sha256 IN (SELECT sha256 FROM picture_references WHERE seq = ?)"
        others = "sha256 NOT IN (SELECT sha256 FROM picture_references WHERE seq <> ?)"
        connection.execute(
            f"UPDATE pictures SET state = 'unclaimed' WHERE {mine} AND {others}",  # noqa: S608 - our own text
            (seq, seq),
        )
        connection.execute("DELETE FROM picture_references WHERE seq = ?", (seq,))
    return bool(deleted)


def accepted_numbers(receipt: Receipt) -> Iterator[tuple[int, str | None]]:
    """The accepted numbers, with the digest of what came under each where the receipt says so."""
    said = len(receipt.digests) == len(receipt.accepted)
    return zip(receipt.accepted, receipt.digests if said else repeat(None), strict=False)


def used_by_another(connection: sqlite3.Connection, receipt: Receipt) -> bool:
    """Whether the centre has something under a number of ours that we have not sent under it."""
    highest = last_seq(connection)
    query = "SELECT digest FROM entries WHERE seq = ?"
    refused = ((refusal.seq, refusal.digest) for refusal in receipt.refused)
    for seq, digest in (*accepted_numbers(receipt), *refused):
        row = connection.execute(query, (seq,)).fetchone()
        if seq > highest or (row and digest and row[0] != digest):
            return True
    return False


def settle(connection: sqlite3.Connection, receipt: Receipt, *, ours: bool) -> Applied:
    """Take out what a receipt settles: numbers where it speaks of this outbox, pictures in any case."""
    begun_anew = ours and used_by_another(connection, receipt)
    numbers = list(accepted_numbers(receipt)) if ours else []
    accepted = sum(accept(connection, seq, digest) for seq, digest in numbers)
    refusals = receipt.refused if ours else ()
    refused = [(one.seq, one.reason) for one in refusals if refuse(connection, one.seq, one.digest)]
    late = len(numbers) + len(refusals) - accepted - len(refused)
    held = sum(forget_picture(connection, sha256) for sha256 in receipt.held_evidence)
    wanted = frozenset(sha256 for sha256 in receipt.want_evidence if make_ready(connection, sha256))
    gone = frozenset(receipt.want_evidence) - wanted
    for sha256 in sorted(gone):
        lose_picture(connection, sha256, "not_here")
    return Applied(accepted, tuple(refused), late, held, wanted, gone, begun_anew)


def forget_picture(connection: sqlite3.Connection, sha256: str) -> int:
    """Take a picture out of the tables; how many there were, 0 or 1."""
    connection.execute("DELETE FROM picture_references WHERE sha256 = ?", (sha256,))
    return connection.execute("DELETE FROM pictures WHERE sha256 = ?", (sha256,)).rowcount


def noted_pictures(connection: sqlite3.Connection, hashes: Iterable[str]) -> set[str]:
    """Those of the pictures that a row names."""
    query = "SELECT 1 FROM pictures WHERE sha256 = ?"
    return {sha256 for sha256 in hashes if connection.execute(query, (sha256,)).fetchone()}


def unclaimed_pictures(connection: sqlite3.Connection) -> set[str]:
    """Pictures of refused events, and those of which a damaged outbox did not say whose they are."""
    found = connection.execute("SELECT sha256 FROM pictures WHERE state = 'unclaimed'")
    return {sha256 for (sha256,) in found}


def make_ready(connection: sqlite3.Connection, sha256: str) -> bool:
    """Have a picture sent; whether it is here."""
    update = "UPDATE pictures SET state = 'ready' WHERE sha256 = ?"
    return bool(connection.execute(update, (sha256,)).rowcount)


def lose_picture(connection: sqlite3.Connection, sha256: str, cause: LossCause) -> None:
    """Take a picture out that cannot be sent any more, to be told once."""
    forget_picture(connection, sha256)
    if remember(connection, f"lost {sha256}"):
        connection.execute("INSERT INTO losses (cause, sha256) VALUES (?, ?)", (cause, sha256))


def lose_outbox(connection: sqlite3.Connection, cause: LossCause, earlier: Earlier) -> None:
    """Note that an earlier outbox was given up, to be told."""
    connection.execute(
        "INSERT INTO losses (cause, earlier_outbox_id, earlier_last_seq, carried) VALUES (?, ?, ?, ?)",
        (cause, earlier.outbox_id, earlier.last_seq, earlier.carried),
    )


def untold(connection: sqlite3.Connection, most: int) -> list[Untold]:
    """The oldest losses that no event tells yet."""
    query = (
        "SELECT number, cause, sha256, earlier_outbox_id, earlier_last_seq, carried "
        "FROM losses ORDER BY number LIMIT ?"
    )
    return [
        Untold(number, cause, sha256, None if carried is None else Earlier(outbox_id, seq, carried))
        for number, cause, sha256, outbox_id, seq, carried in connection.execute(query, (most,))
    ]


def oldest_pictures(connection: sqlite3.Connection, least_bytes: int, but: Iterable[str] = ()) -> list[str]:
    """The oldest pictures, as many as have `least_bytes` together, without some."""
    found, freed, without = [], 0, set(but)
    for sha256, size_bytes in connection.execute("SELECT sha256, size_bytes FROM pictures ORDER BY number"):
        if freed >= least_bytes:
            break
        if sha256 not in without:
            found.append(sha256)
            freed += size_bytes
    return found


def count(connection: sqlite3.Connection, rows: str) -> int:
    """How many rows of one of our tables there are."""
    return int(connection.execute(f"SELECT count(*) FROM {rows}").fetchone()[0])  # noqa: S608 - our own text


def used_bytes(connection: sqlite3.Connection) -> int:
    """What the pictures and the pages of the file take on the disk."""
    (pictures,) = connection.execute("SELECT coalesce(sum(size_bytes), 0) FROM pictures").fetchone()
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
    return int(pictures + (pages - free) * page_bytes)


def _delete(connection: sqlite3.Connection, seq: int, digest: str | None) -> int:
    delete = "DELETE FROM entries WHERE seq = ? AND coalesce(? = digest, TRUE)"
    return connection.execute(delete, (seq, digest)).rowcount
