"""Mistakes before their judges, in a copy of the tree, each in a process forked for it.

The judges are collected once; in the fork the broken function's code takes the place of the right one. What
lies outside functions is tried by judges that import the broken module anew.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Literal

import hypothesis
import pytest

from tests.mutation.breaking import broken_import, put_in
from tests.mutation.mistakes import Mistake

Outcome = Literal["killed", "survived", "timeout"]

ROOT = Path(__file__).parents[2]
_COPIED = ("config", "edge", "enforcement", "ingest", "deploy", "tests", "pyproject.toml")
_OURS = {"config", "edge", "enforcement", "ingest", "deploy", "tests"}
_LIBRARIES = ("hypothesis.strategies", "pyproj", "ruamel.yaml", "shapely", "sqlalchemy.orm", "structlog")
_PLUGINS = ("-p", "no:cacheprovider", "-p", "_hypothesis_pytestplugin")
_PYTEST = ("-q", "-x", "--assert=plain", "--noconftest", *_PLUGINS)
_SEED = "--hypothesis-seed=0"
_EXAMPLES = 25
# Of the processor, not of the clock; a mistake that makes its judges run as long has been noticed.
_LIMIT_S = 10
# What pytest ends with where tests failed, and where they could not even be imported.
_FOUND = (1, 2, 4)
_NOT_IN_A_FUNCTION = 98


class JudgesFail(RuntimeError):
    """The judges of a module fail without a mistake in it; mend them first."""


def give_way() -> None:
    """Let whatever else runs on the machine go first."""
    os.nice(max(0, 10 - os.nice(0)))


def enter(folder: Path) -> None:
    """Make this process a courtroom: in a copy of the tree, with the libraries that judges need."""
    place = Path(tempfile.mkdtemp(dir=folder))
    for name in _COPIED:
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy2)(ROOT / name, place / name)
    os.chdir(place)
    os.environ.update(OMP_NUM_THREADS="1", PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    sys.dont_write_bytecode = True
    for name in [name for name in sys.modules if name.partition(".")[0] in _OURS]:
        del sys.modules[name]
    sys.path[:] = [str(place), *(entry for entry in sys.path if entry not in ("", str(ROOT)))]
    for library in _LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(library)
    hypothesis.settings.register_profile("trial", max_examples=_EXAMPLES, database=None, deadline=None)
    hypothesis.settings.load_profile("trial")


def tried(module: str, mistakes: Sequence[Mistake], judges: Sequence[str]) -> list[Outcome]:
    """What the judges say of each mistake in a module, in the copy that this process is in."""
    if _judged(lambda: _pytest(_SEED, *judges)) != "survived":
        raise JudgesFail(f"{', '.join(judges)} fail without a mistake in {module}; mend them first")
    by_collected = _by_collected_judges(module, mistakes, judges)
    return [
        found or _judged(partial(_after_broken_import, module, mistake, judges))
        for found, mistake in zip(by_collected, mistakes, strict=True)
    ]


def _after_broken_import(module: str, mistake: Mistake, judges: Sequence[str]) -> int:
    with broken_import(module, mistake.source):
        return _pytest(_SEED, *judges)


def _by_collected_judges(
    module: str, mistakes: Sequence[Mistake], judges: Sequence[str]
) -> list[Outcome | None]:
    """None for what these judges cannot try, because it does not lie in a function."""
    with tempfile.TemporaryFile() as told:

        def judge() -> int:
            court = _Court(module, mistakes)
            code = _pytest(_SEED, *judges, plugins=[court])
            pickle.dump(court.outcomes, told)
            told.flush()
            return code

        _forked(judge, limit_s=None)
        told.seek(0)
        outcomes: list[Outcome | None] = pickle.load(told)
    return outcomes


class _Court:
    """Has the collected tests judge every mistake, each in a fork of its own."""

    def __init__(self, module: str, mistakes: Sequence[Mistake]) -> None:
        self.outcomes: list[Outcome | None] = []
        self._module, self._mistakes = module, mistakes

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        session.items.sort(key=_is_dear)
        for mistake in self._mistakes:
            code = _forked(partial(self._judge, session, mistake), limit_s=_LIMIT_S)
            self.outcomes.append(None if code == _NOT_IN_A_FUNCTION else _outcome(code))
        return True

    def _judge(self, session: pytest.Session, mistake: Mistake) -> int:
        if not put_in(self._module, mistake):
            return _NOT_IN_A_FUNCTION
        for item, following in zip(session.items, [*session.items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.testsfailed:
                return 1
        return 0


def _is_dear(item: pytest.Item) -> bool:
    """Whether it tries many examples; such tests come last."""
    return hasattr(getattr(item, "obj", None), "hypothesis")


def _judged(judge: Callable[[], int]) -> Outcome:
    return _outcome(_forked(judge, limit_s=_LIMIT_S))


def _outcome(code: int) -> Outcome:
    if code == -signal.SIGPROF:
        return "timeout"
    if code not in (0, *_FOUND):
        raise JudgesFail(f"the judges ended with {code}")
    return "survived" if code == 0 else "killed"


def _forked(judge: Callable[[], int], *, limit_s: float | None) -> int:
    child = os.fork()
    if child == 0:
        code = 99
        try:
            signal.setitimer(signal.ITIMER_PROF, limit_s or 0)
            code = judge()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _pytest(*arguments: str, plugins: Sequence[object] = ()) -> int:
    out, err = contextlib.redirect_stdout, contextlib.redirect_stderr
    with open(os.devnull, "w", encoding="utf-8") as nowhere, out(nowhere), err(nowhere):
        return int(pytest.main([*_PYTEST, *arguments], plugins=plugins))
