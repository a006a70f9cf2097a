"""Files that a person writes: YAML into a typed struct, with file, line and what is expected on a mistake."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from config.errors import FileMistake

T = TypeVar("T")

_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")


def load(path: Path, into: type[T]) -> T:
    """The struct that the YAML file describes.

    Raises FileMistake with the line and what is expected there, also for a file that cannot be read.
    """
    tree = _parse(path)
    try:
        return msgspec.convert(_plain(tree, set()), into)
    except _Shared as error:
        raise FileMistake(path, 0, "uses an alias (*name); write the value out in each place") from error
    except msgspec.ValidationError as error:
        expected, _, where = str(error).partition(" - at `")
        steps = _STEP.findall(where.rstrip("`"))
        raise FileMistake(path, _line_of(tree, steps, expected), expected.replace("`", "'")) from error


def _parse(path: Path) -> Any:
    yaml = YAML(typ="rt")
    try:
        with path.open(encoding="utf-8") as file:
            return yaml.load(file)
    except OSError as error:
        raise FileMistake(
            path, 0, f"cannot be read ({error.strerror}); check the path and its rights"
        ) from error
    except UnicodeDecodeError as error:
        raise FileMistake(path, 0, "is not UTF-8 text; save it as UTF-8") from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise FileMistake(path, mark.line + 1 if mark else 0, f"not YAML: {error.problem}") from error
    except (YAMLError, ValueError, LookupError, TypeError) as error:  # also of values, such as a 32nd of May
        raise FileMistake(path, 0, f"not YAML: {error}") from error
    except RecursionError as error:
        raise FileMistake(path, 0, "is nested too deep to be read") from error


class _Shared(Exception):
    """A part of the file stands in several places, possibly in itself."""


def _plain(node: Any, seen: set[int]) -> Any:
    """The tree without the parser's own types.

    Raises _Shared for aliases: a page of them can stand for more than any memory holds.
    """
    if isinstance(node, Mapping | Sequence) and not isinstance(node, str):
        if id(node) in seen:
            raise _Shared
        seen.add(id(node))
    if isinstance(node, Mapping):
        return {str(key): _plain(value, seen) for key, value in node.items()}
    if isinstance(node, Sequence) and not isinstance(node, str):
        return [_plain(item, seen) for item in node]
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node.isoformat() if isinstance(node, date) else node


def _line_of(tree: Any, steps: list[tuple[str, str]], expected: str) -> int:
    """The line, from 1, on which the value at the end of `steps` stands."""
    line, node = 1, tree
    for key, index in steps:
        step: str | int = int(index) if index else key
        line = _line_at(node, step, line)
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            return line
    unknown = re.search(r"unknown field `(\w+)`", expected)
    return _line_at(node, unknown[1], line) if unknown else line


def _line_at(node: Any, step: str | int, otherwise: int) -> int:
    position = getattr(node, "lc", None)
    if position is None or position.data is None or step not in position.data:
        return otherwise
    return int(position.data[step][0]) + 1
