"""`slipway release deps` and `downstream`: what a release hangs on, and what hangs on it, as trees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from slipway.cli.input.options import json_option, release_argument
from slipway.cli.places.inventory_paths import parse_release, version_path
from slipway.cli.show import output
from slipway.client_error import ApiError
from slipway.plan.names import ReleaseId, parse_release_id

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.tree import Tree

    from slipway.client import Client

Json = dict[str, Any]
NOT_FOUND = 404
# Of an edge of the graph: its type, and whether it comes from the release itself.
_WORDS = {
    ("consumes", False): "consumes",
    ("provides", True): "provides",
    ("upstream", True): "needs",
    ("extends", True): "extends",
}
_BRANCHING = frozenset({"needs", "extends"})


_depth_option = click.option(
    "--depth", type=click.IntRange(1, 20), default=5, show_default=True, help="How many steps from the release."
)


@click.command()
@release_argument
@_depth_option
@json_option
def deps(reference: str, depth: int) -> None:
    """What a release needs, extends, consumes and provides, and what those need in turn, as a tree.

    Example: slipway release deps demo/app-v1.2 --depth 2
    """
    asked = parse_release(reference)
    with output.the_client() as api:
        found = Walk(api=api, depth=depth).up(asked)
    output.show(found, lambda: _tree(found))


@click.command()
@release_argument
@_depth_option
@json_option
def downstream(reference: str, depth: int) -> None:
    """The releases that need exactly this one, and those that need them, as a tree.

    Example: slipway release downstream demo/db-v1.0
    """
    asked = parse_release(reference)
    with output.the_client() as api:
        exact = asked.at(str(api.get(f"{version_path(asked)}/")["version"]))
        found = Walk(api=api, depth=depth).down(exact)
    output.show(found, lambda: _tree(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """A way through releases, so many steps far. above: those that the way has come through."""

    api: Client
    depth: int
    above: frozenset[str] = frozenset()

    def up(self, release: ReleaseId) -> Json:
        """What the release hangs on. Faults: ApiError, unless it is one that another names in vain."""
        graph = self.api.get(f"{version_path(release)}/dependency-graph")
        labels = {node["id"]: str(node["label"]) for node in graph["nodes"]}
        main = next(str(node["id"]) for node in graph["nodes"] if node["type"] == "main")
        links: list[Json] = []
        for edge in graph["edges"]:
            is_own = edge["from"] == main
            how = _WORDS.get((str(edge["type"]), is_own))
            if how is not None:
                links.append(self._link(how, labels[edge["to"] if is_own else edge["from"]], labels[main]))
        return {"release": labels[main], "links": links}

    def down(self, release: ReleaseId) -> Json:
        """What hangs on the release."""
        links: list[Json] = []
        for one in self.api.get(f"{version_path(release)}/downstream"):
            name = f"{one['project']}/{one['name']}-v{one['version']}"
            links.append({"how": _purpose(one), "release": name, **self._below(name, str(release))})
        return {"release": str(release), "links": links}

    def _link(self, how: str, label: str, main: str) -> Json:
        if how not in _BRANCHING:
            return {"how": how, "interface": label}
        return {"how": how, "release": label, **self._above(label, main)}

    def _above(self, label: str, main: str) -> Json:
        inner = self._inner(label, main)
        if inner is None:
            return {"links": []}
        try:
            return {"links": inner.up(parse_release_id(label))["links"]}
        except ApiError as error:
            if error.status != NOT_FOUND:
                raise
            return {"links": [], "missing": True}

    def _below(self, label: str, main: str) -> Json:
        inner = self._inner(label, main)
        return {"links": [] if inner is None else inner.down(parse_release_id(label))["links"]}

    def _inner(self, label: str, main: str) -> Walk | None:
        """The way one step on; none where it ends, or goes in a circle."""
        above = self.above | {main}
        if self.depth <= 1 or label in above:
            return None
        return Walk(api=self.api, depth=self.depth - 1, above=above)


def _purpose(one: Mapping[str, Any]) -> str:
    if one.get("is_extension"):
        return "extends it"
    purposes = [name for name in ("build", "deploy") if one.get(name)]
    return f"needs it to {' and '.join(purposes)}" if purposes else "needs it"


def _tree(found: Json) -> RenderableType:
    from slipway.cli.show.tables import cell
    from slipway.cli.show.trees import WholeTree

    tree = WholeTree(cell(str(found["release"])))
    _grow(tree, found["links"])
    return tree


def _grow(tree: Tree, links: list[Json]) -> None:
    from rich.text import Text

    from slipway.cli.show.plain_text import plain

    for one in links:
        name = plain(str(one.get("release") or one.get("interface")))
        lost = " (not there, or not yours to see)" if one.get("missing") else ""
        _grow(tree.add(Text.assemble((f"{one['how']} ", "dim"), name, (lost, "red"))), one.get("links", []))
