"""Load a YAML file as plain values with the line of every key; refuses cycles and alias bombs. Meaning: parse."""

from __future__ import annotations

from dataclasses import dataclass, field

import yaml

from slipway.plan.defects import Defects
from slipway.plan.release import Value

MAX_CHARACTERS = 1_000_000
MAX_NODES = 50_000
_MAX_DEPTH = 50


class _Loader(yaml.SafeLoader):
    """A safe loader without dates: a plan has none, and a version may look like one."""

    yaml_implicit_resolvers = {
        first: [(tag, form) for tag, form in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file's mapping. scalars: the source text of each scalar, by path, so that 1.10 stays 1.10."""

    values: dict[str, Value]
    scalars: dict[str, str]


@dataclass(slots=True, kw_only=True)
class _Walk:
    defects: Defects
    lines: dict[str, int] = field(default_factory=dict)
    scalars: dict[str, str] = field(default_factory=dict)
    nodes: int = 0


def load(text: str, defects: Defects) -> Document:
    """Return the file's mapping, and record the lines of its keys in `defects`.

    Faults: PlanError if it is no mapping.
    """
    empty = Document(values={}, scalars={})
    if len(text) > MAX_CHARACTERS:
        return _refuse(defects, f"longer than {MAX_CHARACTERS} characters", empty)
    try:
        loader = _Loader(text)
        try:
            return _read(loader, defects) or _refuse(defects, "expected a mapping", empty)
        finally:
            loader.dispose()
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        return _refuse(defects, _yaml_message(error), empty)


def _read(loader: _Loader, defects: Defects) -> Document | None:
    node = loader.get_single_node()
    if not isinstance(node, yaml.MappingNode):
        return None
    walk = _Walk(defects=defects)
    _visit(node, "", 0, walk)
    defects.lines = walk.lines
    if walk.nodes > MAX_NODES:
        return _refuse(defects, f"more than {MAX_NODES} values", Document(values={}, scalars={}))
    return Document(values=loader.construct_document(node), scalars=walk.scalars)


def _refuse(defects: Defects, message: str, answer: Document) -> Document:
    defects.add("", message)
    defects.refuse_if_any()
    return answer


def _visit(node: yaml.Node, path: str, depth: int, walk: _Walk) -> None:
    walk.nodes += 1
    if depth > _MAX_DEPTH:
        walk.nodes = MAX_NODES + 1
    if walk.nodes > MAX_NODES:
        return
    walk.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.ScalarNode):
        walk.scalars[path] = node.value
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _visit(item, f"{path}[{index}]", depth + 1, walk)
    elif isinstance(node, yaml.MappingNode):
        _visit_mapping(node, path, depth, walk)


def _visit_mapping(node: yaml.MappingNode, path: str, depth: int, walk: _Walk) -> None:
    seen: set[str] = set()
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else "?"
        inner = f"{path}.{name}" if path else str(name)
        if name in seen:
            walk.defects.add(inner, "key given twice")
        seen.add(name)
        walk.lines.setdefault(inner, key.start_mark.line + 1)
        _visit(value, inner, depth + 1, walk)


def _yaml_message(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"not YAML: {error.problem} at line {error.problem_mark.line + 1}"
    return "not YAML: " + (str(error).splitlines() or [type(error).__name__])[0]
