"""A disk that remembers every write, so that the power can be cut after any of them.

SQLite's own file system layer is wrapped (its VFS, see sqlite.org/vfs.html): each write, truncation, sync and
deletion of its files is noted before it goes on to the real one. Other files are known by their syncs. From
the notes `files_after_cut` gives what a disk may hold that lost its power then: what was synced is there, of
the rest any part, torn at any sector. Trouble with the disk can be told to come, too.
"""

from __future__ import annotations

import _sqlite3
import ctypes
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass, field
from pathlib import Path

SECTOR_BYTES = 512

_Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_Delete = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
_Write = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_Truncate = CFUNCTYPE(c_int, c_void_p, c_int64)
_Sync = CFUNCTYPE(c_int, c_void_p, c_int)


class _Vfs(Structure):
    _fields_ = (
        ("iVersion", c_int),
        ("szOsFile", c_int),
        ("mxPathname", c_int),
        ("pNext", c_void_p),
        ("zName", c_char_p),
        ("pAppData", c_void_p),
        ("xOpen", _Open),
        ("xDelete", _Delete),
        ("others", c_void_p * 14),
    )


class _Methods(Structure):
    _fields_ = (
        ("iVersion", c_int),
        ("xClose", c_void_p),
        ("xRead", c_void_p),
        ("xWrite", _Write),
        ("xTruncate", _Truncate),
        ("xSync", _Sync),
        ("others", c_void_p * 13),
    )


class _File(Structure):
    _fields_ = (("pMethods", POINTER(_Methods)),)


@dataclass(frozen=True)
class Op:
    """One operation on the disk: `data` of a write, `size` of a truncation, `names` of a folder's sync."""

    what: str
    path: Path
    at: int = 0
    data: bytes = b""
    names: dict[str, bytes] = field(default_factory=dict)


class RecordedDisk:
    """Notes what is done to the files below `root`; `answer` may give an SQLite error code for it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.ops: list[Op] = []
        self.answer = lambda op: 0
        self._open: dict[int, tuple[Path, _Methods]] = {}
        self._made: list[object] = []
        self._synced: dict[int, bytes] = {}

    def sync(self, descriptor: int) -> None:
        """`os.fsync` for files that are not SQLite's."""
        path = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        os.fsync(descriptor)
        if not path.is_dir():
            self._synced[os.fstat(descriptor).st_ino] = path.read_bytes()
            return
        if self.root in path.parents:  # SQLite syncs its own in the root
            inside = [(entry.name, entry.stat().st_ino) for entry in os.scandir(path) if entry.is_file()]
            names = {name: self._synced.get(inode, b"") for name, inode in inside}
            self.ops.append(Op("names", path, names=names))

    def know(self, files: dict[Path, bytes]) -> None:
        """Begin anew with these files, which last."""
        self.ops.clear()
        folders: dict[Path, dict[str, bytes]] = {}
        for path, content in files.items():
            if path.parent == self.root:
                self.ops += [Op("create", path), Op("write", path, 0, content), Op("sync", path)]
            else:
                self._synced[path.stat().st_ino] = content
                folders.setdefault(path.parent, {})[path.name] = content
        self.ops += [Op("names", folder, names=names) for folder, names in folders.items()]

    @contextmanager
    def recording(self) -> Iterator[RecordedDisk]:
        """Be SQLite's file system while the context lasts."""
        library = ctypes.CDLL(_sqlite3.__file__)
        library.sqlite3_vfs_find.restype = POINTER(_Vfs)
        real = library.sqlite3_vfs_find(None)
        ours = _Vfs.from_buffer_copy(real.contents)
        ours.zName = b"recorded"
        ours.xOpen = _Open(lambda vfs, *told: self._opened(real, *told))
        ours.xDelete = _Delete(lambda vfs, name, sync: self._deleted(real, name, sync))
        assert library.sqlite3_vfs_register(ctypes.byref(ours), 1) == 0
        try:
            yield self
        finally:
            library.sqlite3_vfs_unregister(ctypes.byref(ours))

    def _note(self, op: Op) -> int:
        code = self.answer(op)
        if code == 0:
            self.ops.append(op)
        return code

    def _opened(self, real: object, name: int, file: int, flags: int, out: int) -> int:
        path = Path(os.fsdecode(ctypes.string_at(name))) if name else None
        is_new = path is not None and not path.exists()
        code = real.contents.xOpen(ctypes.addressof(real.contents), name, file, flags, out)  # type: ignore[attr-defined]  # a pointer
        if code or path is None or not path.is_relative_to(self.root):
            return int(code)
        if is_new:
            self.ops.append(Op("create", path))
        opened = ctypes.cast(file, POINTER(_File)).contents
        theirs = opened.pMethods.contents
        ours = _Methods.from_buffer_copy(theirs)
        ours.xWrite = _Write(lambda f, data, size, at: self._written(f, data, size, at))
        ours.xTruncate = _Truncate(lambda f, size: self._truncated(f, size))
        ours.xSync = _Sync(lambda f, flags: self._synced_file(f, flags))
        self._made.append(ours)
        self._open[file] = (path, theirs)
        opened.pMethods = ctypes.pointer(ours)
        return 0

    def _written(self, file: int, data: int, size: int, at: int) -> int:
        path, theirs = self._open[file]
        return self._note(Op("write", path, at, ctypes.string_at(data, size))) or int(
            theirs.xWrite(file, data, size, at)
        )

    def _truncated(self, file: int, size: int) -> int:
        path, theirs = self._open[file]
        return self._note(Op("truncate", path, size)) or int(theirs.xTruncate(file, size))

    def _synced_file(self, file: int, flags: int) -> int:
        path, theirs = self._open[file]
        return self._note(Op("sync", path)) or int(theirs.xSync(file, flags))

    def _deleted(self, real: object, name: bytes, sync: int) -> int:
        path = Path(os.fsdecode(name))
        there = path.exists()
        code = int(real.contents.xDelete(ctypes.addressof(real.contents), name, sync))  # type: ignore[attr-defined]  # a pointer
        if there and not code and path.is_relative_to(self.root):
            self.ops.append(Op("delete", path))
        return code


@dataclass
class _OnDisk:
    """A file as it is for sure, and what was written since its last sync."""

    sure: bytearray | None
    since: list[Op] = field(default_factory=list)

    def after_cut(self, dice: random.Random, share: float) -> bytes | None:
        """The file with about `share` of what was not synced, each write whole, torn or not at all."""
        if self.sure is None and not self.since:
            return None
        content = bytearray(self.sure or b"")
        for op in self.since:
            if dice.random() < share:
                _apply(content, op, dice if 0 < share < 1 else None)
        if self.sure is None and dice.random() >= share:
            return None
        return bytes(content)


def files_after_cut(ops: list[Op], seed: int, share: float) -> dict[Path, bytes]:
    """What the disk may hold where the power was cut after `ops`, with this share of what was not synced."""
    dice = random.Random(seed)
    files: dict[Path, _OnDisk] = {}
    folders: dict[Path, dict[str, bytes]] = {}
    for op in ops:
        if op.what == "names":
            folders[op.path] = op.names
            continue
        file = files.setdefault(op.path, _OnDisk(None))
        if op.what == "sync":
            file.sure = bytearray(file.sure or b"")
            for write in file.since:
                _apply(file.sure, write, None)
            file.since.clear()
        elif op.what == "delete":
            del files[op.path]
        else:
            file.since.append(op)
    found = {path: file.after_cut(dice, share) for path, file in files.items()}
    there = {path: content for path, content in found.items() if content is not None}
    for folder, names in folders.items():
        there.update({folder / name: content for name, content in names.items()})
    return there


def _apply(content: bytearray, op: Op, tear: random.Random | None) -> None:
    if op.what == "truncate":
        del content[op.at :]
    elif op.what == "write":
        end = op.at + len(op.data)
        content.extend(b"\0" * (end - len(content)))
        before = bytes(content)
        content[op.at : end] = op.data
        if tear is not None:
            for start in range(op.at - op.at % SECTOR_BYTES, end, SECTOR_BYTES):
                _tear(content, before, start, tear)


def _tear(content: bytearray, before: bytes, start: int, dice: random.Random) -> None:
    """Leave a sector as it was, or spoil it: whole, with what earlier writes have put there."""
    end = min(start + SECTOR_BYTES, len(content))
    luck = dice.random()
    if luck < 0.2:
        content[start:end] = before[start:end]
    elif luck < 0.3:
        content[start:end] = dice.randbytes(end - start)
