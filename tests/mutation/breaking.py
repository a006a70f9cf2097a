"""How a mistake gets into a running process; no file is written."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

from tests.mutation.mistakes import Mistake


def put_in(path: str, mistake: Mistake) -> bool:
    """Give a function of an imported module the mistake's code; False where it does not lie in a function."""
    module = importlib.import_module(_name(path))
    function = _function(module, mistake.function)
    code = _code(mistake, path)
    if function is None or code is None or code.co_freevars != function.__code__.co_freevars:
        return False
    if code == function.__code__:  # a default, which was taken when the function was made
        return False
    function.__code__ = code
    for each in vars(module).values():
        if hasattr(each, "cache_clear"):
            each.cache_clear()
    return True


@contextmanager
def broken_import(path: str, source: str) -> Iterator[None]:
    """Have a module imported from another source than its file's."""
    finder = _BrokenFinder(path, source)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _BrokenFinder:
    def __init__(self, path: str, source: str) -> None:
        self._path, self._source = path, source

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != _name(self._path):
            return None
        file = str(Path(self._path).absolute())
        return spec_from_file_location(name, file, loader=_BrokenLoader(name, file, self._source))


class _BrokenLoader(SourceFileLoader):
    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self._broken = source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._broken, self.path, "exec")


def _name(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")


def _function(module: ModuleType, name: str) -> FunctionType | None:
    found: object = module
    for part in name.split("."):
        found = vars(found).get(part)
    if isinstance(found, property):
        found = found.fget
    if isinstance(found, cached_property):
        found = found.func
    found = getattr(found, "__wrapped__", found)
    return found if isinstance(found, FunctionType) else None


def _code(mistake: Mistake, path: str) -> CodeType | None:
    found: CodeType | None = compile(mistake.source, str(Path(path).absolute()), "exec")
    for part in mistake.function.split("."):
        inner = [each for each in (found.co_consts if found else ()) if isinstance(each, CodeType)]
        found = next((each for each in inner if each.co_name == part), None)
    return found
