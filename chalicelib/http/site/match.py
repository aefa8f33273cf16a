"""Find the row for a method and raw path in a tree of segments.

A literal segment wins over a parameter, unless only the parameter's rows have the method. A trailing slash makes no
difference. `%2F` stays inside its segment.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from chalicelib.http.operation import Dialect, Operation
from chalicelib.http.raw_request import PARAMETER


@dataclass(frozen=True, slots=True)
class Found:
    """A row and the values of its path parameters."""

    operation: Operation
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WrongMethod:
    """The path has rows, but none for the method."""

    dialect: Dialect
    methods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """No row has this path. dialect: the one whose format the 404 has."""

    dialect: Dialect


@dataclass(slots=True)
class Node:
    """A node of the tree."""

    literals: dict[str, "Node"] = field(default_factory=dict)
    parameter: "Node | None" = None
    rows: dict[str, Operation] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """All rows by method and path. dialects: the first answers for paths that match no prefix."""

    root: Node
    dialects: tuple[Dialect, ...]

    def find(self, method: str, path: str) -> Found | WrongMethod | Unknown:
        """Return the row for this method and raw path, or why there is none."""
        segments = _segments(path)
        ends = list(_ends(self.root, segments)) if segments is not None else []
        for node, values in ends:
            if method in node.rows:
                row = node.rows[method]
                return Found(row, dict(zip(row.names, values, strict=True)))
        if ends:
            return WrongMethod(next(iter(ends[0][0].rows.values())).dialect, _documented(node for node, _ in ends))
        return Unknown(self.dialect_of(path))

    def methods_at(self, path: str) -> tuple[str, ...]:
        """Return all methods of this documented path, including those of a parameter beside a literal."""
        return _methods(_nodes_of(self.root, tuple(path.strip("/").split("/")) if path.strip("/") else ()))

    def dialect_of(self, path: str) -> Dialect:
        """Return the dialect with the longest prefix of the path."""
        claims = [
            (len(prefix), dialect)
            for dialect in self.dialects
            for prefix in dialect.prefixes
            if path.startswith(prefix)
        ]
        return max(claims, key=lambda claim: claim[0])[1] if claims else self.dialects[0]


def table_of(rows: Iterable[Operation]) -> Table:
    """Return the table of these rows, in which HEAD is served wherever GET is.

    Raises ValueError for two rows with the same method and path.
    """
    root = Node()
    dialects: list[Dialect] = []
    for row in rows:
        _insert(root, row)
        if row.dialect not in dialects:
            dialects.append(row.dialect)
    return Table(root, tuple(dialects))


def _insert(root: Node, row: Operation) -> None:
    node = root
    for segment in (part for part in row.path.split("/") if part):
        if PARAMETER.fullmatch(segment):
            node.parameter = node = node.parameter or Node()
        else:
            node = node.literals.setdefault(segment, Node())
    implied = ("HEAD",) if "GET" in row.methods else ()
    for method in dict.fromkeys((*row.methods, *implied)):
        if method in node.rows:
            raise ValueError(f"{method} {row.path} is served twice, also as {node.rows[method].path}")
        node.rows[method] = row


def _segments(path: str) -> tuple[str, ...] | None:
    inner = path.removeprefix("/").removesuffix("/")
    try:
        return tuple(unquote(part, errors="strict") for part in inner.split("/")) if inner else ()
    except UnicodeDecodeError:
        return None


def _ends(node: Node, segments: tuple[str, ...]) -> Iterator[tuple[Node, tuple[str, ...]]]:
    if not segments:
        if node.rows:
            yield node, ()
        return
    first, rest = segments[0], segments[1:]
    if first in node.literals:
        yield from _ends(node.literals[first], rest)
    if node.parameter is not None and first:
        for end, values in _ends(node.parameter, rest):
            yield end, (first, *values)


def _nodes_of(node: Node, segments: tuple[str, ...]) -> Iterator[Node]:
    if not segments:
        yield node
        return
    first, rest = segments[0], segments[1:]
    if first in node.literals:
        yield from _nodes_of(node.literals[first], rest)
    if node.parameter is not None:
        yield from _nodes_of(node.parameter, rest)


def _methods(nodes: Iterable[Node]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(method for node in nodes for method in node.rows))


def _documented(nodes: Iterable[Node]) -> tuple[str, ...]:
    """Return the methods that rows name; that HEAD goes with GET everybody knows."""
    rows = (pair for node in nodes for pair in node.rows.items())
    return tuple(dict.fromkeys(method for method, row in rows if method in row.methods))
