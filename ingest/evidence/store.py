"""Evidence pictures on disk, each under its SHA-256; on the disk before any row says so."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from ingest.errors import EvidenceDamaged, EvidenceMissing

# A file that is still being written is younger.
_LEFT_AFTER_S = 3600.0


def evidence_path(evidence_dir: Path, sha256: str) -> Path:
    """Where a picture lies: two levels of folders keep each of them small."""
    return evidence_dir / sha256[:2] / sha256[2:4] / f"{sha256}.jpg"


def evidence_bytes(evidence_dir: Path, sha256: str) -> bytes:
    """The picture, its hash verified. Raises EvidenceMissing or EvidenceDamaged."""
    path = evidence_path(evidence_dir, sha256)
    try:
        picture = path.read_bytes()
    except OSError as error:
        raise EvidenceMissing(f"picture {sha256} cannot be read from the store: {error.strerror}") from error
    if hashlib.sha256(picture).hexdigest() != sha256:
        raise EvidenceDamaged(f"picture {sha256} was changed on disk; restore {path.name} from the backup")
    return picture


def store_evidence(evidence_dir: Path, pictures: Mapping[str, bytes]) -> None:
    """Put pictures, whose hashes were verified, on the disk: files first, then the folders that name them.

    A file that is there already may be there by name only, its folder not yet on the disk when a process
    ended: its folders are synced again. Raises OSError where the disk does not take them.
    """
    folders: set[Path] = set()
    for sha256, picture in pictures.items():
        path = evidence_path(evidence_dir, sha256)
        if not _is_there(path, sha256):
            _write(evidence_dir, path, picture)
        folders |= {path.parent, path.parent.parent, evidence_dir, evidence_dir.parent}
    for folder in sorted(folders, reverse=True):
        _sync_folder(folder)


def forget_evidence(evidence_dir: Path, hashes: Iterable[str]) -> None:
    """Take files off the disk that no row names."""
    for sha256 in hashes:
        evidence_path(evidence_dir, sha256).unlink(missing_ok=True)


def clear_unfinished(evidence_dir: Path, now_s: float) -> int:
    """Delete what processes that have ended left half written, by the files' times; how many files."""
    cleared = 0
    for path in _unfinished(evidence_dir).glob("*"):
        with suppress(FileNotFoundError):  # another ingester clears, too
            if now_s - path.stat().st_mtime > _LEFT_AFTER_S:
                path.unlink()
                cleared += 1
    return cleared


def _write(evidence_dir: Path, path: Path, picture: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    _unfinished(evidence_dir).mkdir(exist_ok=True)
    # A name of its own: ingesters on several machines may share the folder and have the same process id.
    unfinished = _unfinished(evidence_dir) / secrets.token_hex(16)
    try:
        with unfinished.open("wb") as file:
            file.write(picture)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def _unfinished(evidence_dir: Path) -> Path:
    return evidence_dir / "unfinished"


def _is_there(path: Path, sha256: str) -> bool:
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
