"""Find the resource of a raw path among a Chalice app's routes, as API Gateway does; nothing is decoded."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Node:
    """A node of the resource tree. parameters: by name. rest: name and resource of a `{name+}` that takes the rest."""

    literals: dict[str, "Node"] = field(default_factory=dict)
    parameters: dict[str, "Node"] = field(default_factory=dict)
    rest: tuple[str, str] | None = None
    resource: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A resource with its raw parameters."""

    resource: str
    parameters: Mapping[str, str]


def tree_of(resources: Iterable[str]) -> Node:
    """Return the tree of these resources, such as `/jobs/{id}` or `/{proxy+}`."""
    root = Node()
    for resource in resources:
        _insert(root, resource)
    return root


def matches(root: Node, path: str) -> Iterator[Match]:
    """Yield the resources that match the raw path, the most literal first. A trailing slash makes no difference."""
    inner = path.removeprefix("/")
    segments = inner.split("/") if inner else []
    if len(segments) > 1 and not segments[-1]:
        yield from _explicit(root, segments[:-1], {})
    yield from _explicit(root, segments, {})
    yield from _greedy(root, segments, {})


def _insert(root: Node, resource: str) -> None:
    node = root
    for segment in resource.strip("/").split("/") if resource != "/" else ():
        if segment.endswith("+}"):
            node.rest = (segment[1:-2], resource)
            return
        known = node.parameters if segment.startswith("{") else node.literals
        node = known.setdefault(segment.strip("{}"), Node())
    node.resource = resource


def _explicit(node: Node, segments: list[str], taken: Mapping[str, str]) -> Iterator[Match]:
    if not segments:
        if node.resource is not None:
            yield Match(node.resource, taken)
        return
    for child, now in _steps(node, segments[0], taken):
        yield from _explicit(child, segments[1:], now)


def _greedy(node: Node, segments: list[str], taken: Mapping[str, str]) -> Iterator[Match]:
    """Yield the longest prefix first, so that `/v1/{proxy+}` wins over `/{proxy+}`."""
    if not segments:
        return
    for child, now in _steps(node, segments[0], taken):
        yield from _greedy(child, segments[1:], now)
    if node.rest is not None:
        name, resource = node.rest
        yield Match(resource, {**taken, name: "/".join(segments)})


def _steps(node: Node, segment: str, taken: Mapping[str, str]) -> Iterator[tuple[Node, Mapping[str, str]]]:
    if segment in node.literals:
        yield node.literals[segment], taken
    if segment:
        for name, child in node.parameters.items():
            yield child, {**taken, name: segment}
