"""Small mistakes in a module's source, one at a time: mutmut's operators on every place where behaviour is.

Left alone are annotations, decorators, docstrings and `__all__`. Left out are mistakes that every test finds
that comes by, so that they do not flatter the figures: a call short of an argument in its middle, a word in
other case.
A text for people (one with a space in it, or with values put into it) is emptied, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import libcst as cst
from mutmut.mutation import mutators

_OF_THEIR_OWN = (mutators.operator_string, mutators.operator_assignment, mutators.operator_arg_removal)


@dataclass(frozen=True)
class Mistake:
    """A module with one mistake: its whole source, and the lines that it has otherwise."""

    function: str
    was: str
    becomes: str
    source: str

    @property
    def told(self) -> str:
        """In one line."""
        return f"{self.function}: {self.was} -> {self.becomes}"


def mistakes_in(source: str) -> Iterator[Mistake]:
    """Every mistake that is made in a module, in its order."""
    module = cst.parse_module(source)
    codes = [module.code_for_node(statement) for statement in module.body]
    before = source[: source.index(codes[0])]
    for place, statement in enumerate(module.body):
        finder = _Finder()
        statement.visit(finder)
        for function, node, changed in finder.found:
            broken = module.code_for_node(cst.ensure_type(statement.deep_replace(node, changed), cst.CSTNode))
            was, becomes = _changed_lines(codes[place].splitlines(), broken.splitlines())
            if was or becomes:
                whole = before + "".join([*codes[:place], broken, *codes[place + 1 :]])
                yield Mistake(function, was, becomes, whole)


class _Finder(cst.CSTVisitor):
    """Collects (function, node, what takes its place)."""

    def __init__(self) -> None:
        self.found: list[tuple[str, cst.CSTNode, cst.CSTNode]] = []
        self._inside: list[str] = []
        self._text_parts: set[cst.CSTNode] = set()

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Annotation | cst.Decorator) or _is_docstring(node) or _names_exports(node):
            return False
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self._inside.append(node.name.value)
        if isinstance(node, cst.ConcatenatedString):
            self._text_parts |= {node.left, node.right}
        if node not in self._text_parts:
            self.found += [(".".join(self._inside), node, changed) for changed in _changed(node)]
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, cst.FunctionDef | cst.ClassDef):
            self._inside.pop()


def _changed(node: cst.CSTNode) -> Iterable[cst.CSTNode]:
    for kind, operator in mutators.mutation_operators:
        if isinstance(node, kind) and operator not in _OF_THEIR_OWN:
            yield from operator(node)
    if isinstance(node, cst.Assign | cst.AnnAssign) and not _names_a_type(node):
        yield from mutators.operator_assignment(node)
    if isinstance(node, cst.Call):
        yield from (call for call in mutators.operator_arg_removal(node) if _can_be_overlooked(node, call))
    if isinstance(node, cst.SimpleString) and " " not in node.raw_value:
        yield from list(mutators.operator_string(node))[:1]
    elif isinstance(node, cst.SimpleString | cst.FormattedString):
        quote = node.quote if isinstance(node, cst.SimpleString) else node.end
        yield cst.SimpleString(quote[0] * 2)
    elif isinstance(node, cst.ConcatenatedString):
        yield cst.SimpleString('""')


def _can_be_overlooked(call: cst.Call, changed: cst.CSTNode) -> bool:
    """Whether a call is short of no argument but the last or a named one."""
    assert isinstance(changed, cst.Call)
    if len(changed.args) == len(call.args):
        return True
    missing = next(place for place, arg in enumerate(call.args) if arg not in changed.args)
    return missing == len(call.args) - 1 or call.args[missing].keyword is not None


def _names_a_type(node: cst.Assign | cst.AnnAssign) -> bool:
    """Whether it is a name for a type (`Verdict = tuple[...]`), which only annotations use."""
    target = node.target if isinstance(node, cst.AnnAssign) else node.targets[0].target
    if not isinstance(target, cst.Name) or not isinstance(node.value, cst.Subscript):
        return False
    return target.value[:1].isupper() and not target.value.isupper()


def _names_exports(node: cst.CSTNode) -> bool:
    """Whether it is `__all__`, which only type checkers read here."""
    target = node.targets[0].target if isinstance(node, cst.Assign) else None
    return isinstance(target, cst.Name) and target.value == "__all__"


def _is_docstring(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Expr) and isinstance(node.value, cst.SimpleString | cst.ConcatenatedString)


def _changed_lines(before: list[str], after: list[str]) -> tuple[str, str]:
    """The lines between the first and the last that differ, on each side."""
    shorter = min(len(before), len(after))
    first = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    same = next((n for n in range(shorter - first) if before[-1 - n] != after[-1 - n]), shorter - first)
    sides = (" ".join(line.strip() for line in lines[first : len(lines) - same]) for lines in (before, after))
    was, becomes = sides
    return was, becomes
