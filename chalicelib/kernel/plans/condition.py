"""Preconditions: a small expression language over names, without side effects.

Comparisons (`== != < <= > >= in not in`, chained too), `and`, `or`, `not`, parentheses, names, lists in brackets,
strings, numbers, `True`, `False` and `None`; a minus before a number. No attributes, calls, subscripts or arithmetic.
Positions in messages count from the first character that is not blank.

The evaluator is our own. simpleeval has no check at compile time, evaluates only the first of several statements, takes
any value as a truth value, and ignores unknown names in branches that are not evaluated. Fencing that off would take
more code than evaluating.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from itertools import pairwise
from operator import contains, eq, ge, gt, le, lt, ne

from slipway_formats.defect import Defect

MAX_LENGTH = 1000
"""Characters of a condition."""

MAX_DEPTH = 20
"""Levels of nested operators and lists."""


class ConditionBroken(Exception):  # noqa: N818 - a state of the condition, as the faults are
    """A condition that cannot be evaluated: malformed, an unknown name, or values that cannot be compared."""


_COMPARISONS: Mapping[type[ast.cmpop], Callable[..., bool]] = {
    ast.Eq: eq,
    ast.NotEq: ne,
    ast.Lt: lt,
    ast.LtE: le,
    ast.Gt: gt,
    ast.GtE: ge,
    ast.In: lambda left, right: contains(right, left),
    ast.NotIn: lambda left, right: not contains(right, left),
}
_WORDS: Mapping[type[ast.AST], str] = {
    ast.Attribute: "an attribute",
    ast.BinOp: "arithmetic",
    ast.Call: "a call",
    ast.Dict: "a dictionary",
    ast.IfExp: "a conditional",
    ast.JoinedStr: "a formatted string",
    ast.Lambda: "a lambda",
    ast.NamedExpr: "an assignment",
    ast.Subscript: "a subscript",
    ast.Tuple: "a tuple (write a list in square brackets)",
}
_LITERALS = (str, int, float, bool, type(None))
_VALUES = (*_LITERALS, list, tuple, frozenset)


def check(text: str) -> tuple[Defect, ...]:
    """All defects of a condition, each with its position; empty when it can be evaluated."""
    tree = _tree(text)
    return (tree,) if isinstance(tree, Defect) else tuple(_defects(tree, 0))


def holds(text: str, names: Mapping[str, object]) -> bool:
    """Evaluate a condition. Faults: ConditionBroken, also for an unknown name in a branch that is not evaluated."""
    tree = _tree(text)
    defects = (tree,) if isinstance(tree, Defect) else tuple(_defects(tree, 0))
    if isinstance(tree, Defect) or defects:
        raise ConditionBroken(f"condition is malformed: {'; '.join(map(str, defects))}")
    _refuse_names(tree, names)
    try:
        return _truth(tree, names)
    except (TypeError, RecursionError) as error:
        raise ConditionBroken("condition compares values that cannot be compared") from error


def _tree(text: str) -> ast.expr | Defect:
    if len(text) > MAX_LENGTH:
        return Defect("", f"condition is over {MAX_LENGTH} characters")
    if "\\" in text:  # escapes have no use here, and unknown ones would warn
        return Defect("", "a backslash is not allowed")
    try:
        return ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        return Defect("", f"condition is not understood at line {error.lineno or 1} column {error.offset or 1}")
    except (ValueError, MemoryError, RecursionError):
        return Defect("", "condition is not understood")


def _defects(node: ast.expr, depth: int) -> list[Defect]:
    if depth > MAX_DEPTH:
        return [Defect("", f"condition is nested over {MAX_DEPTH} levels deep")]
    if not _is_known(node):
        at = f"line {node.lineno} column {node.col_offset + 1}"
        return [Defect("", f"{_words(node)} at {at} is not allowed")]
    inner = (child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))
    return [defect for child in inner for defect in _defects(child, depth + 1)]


def _is_known(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=value):
            return type(value) in _LITERALS
        case ast.Name(id=name):
            return not name.startswith("__")
        case ast.Compare(ops=operators):
            return all(type(operator) in _COMPARISONS for operator in operators)
        case ast.UnaryOp(op=ast.Not()) | ast.BoolOp() | ast.List():
            return True
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=value)):
            return type(value) in (int, float)
        case _:
            return False


def _words(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return f"name {name!r}"
        case ast.Compare():
            return "a comparison by identity (write == or !=)"
        case _:
            return _WORDS.get(type(node), type(node).__name__.lower())


def _refuse_names(tree: ast.expr, names: Mapping[str, object]) -> None:
    asked = sorted({node.id for node in ast.walk(tree) if isinstance(node, ast.Name)})
    unknown = [name for name in asked if name not in names]
    if unknown:
        raise ConditionBroken(f"condition names the unknown {', '.join(unknown)}")
    strange = [name for name in asked if not isinstance(names[name], _VALUES)]
    if strange:
        raise ConditionBroken(f"condition cannot use the value of {', '.join(strange)}")


def _truth(node: ast.expr, names: Mapping[str, object]) -> bool:
    value = _value(node, names)
    if not isinstance(value, bool):
        raise ConditionBroken(f"condition needs true or false at line {node.lineno} column {node.col_offset + 1}")
    return value


def _value(node: ast.expr, names: Mapping[str, object]) -> object:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return names[name]
        case ast.List(elts=elements):
            return [_value(element, names) for element in elements]
        case ast.BoolOp(op=ast.And(), values=values):
            return all(_truth(value, names) for value in values)
        case ast.BoolOp(op=ast.Or(), values=values):
            return any(_truth(value, names) for value in values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _truth(operand, names)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return -number
        case ast.Compare(left=left, ops=operators, comparators=rights):
            pairs = pairwise([_value(operand, names) for operand in (left, *rights)])
            compared = zip(operators, pairs, strict=True)
            return all(_COMPARISONS[type(operator)](*pair) for operator, pair in compared)
        case _:
            raise ConditionBroken("condition is malformed")
