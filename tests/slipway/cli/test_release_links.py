"""What a release hangs on, and what hangs on it, is shown as a tree; and how two releases are told apart."""

import json
from typing import Any

from tests.slipway.cli.recorded_api import Answer, RecordedApi, Shell

ROOT = "/api/v1/inventory/"


def version(name: str, query: str) -> str:
    return f"{ROOT}demo/units/{name}/versions/{query}"


def a_graph(main: str, *links: tuple[str, str, str, bool]) -> dict[str, Any]:
    """links: label, type of the node, type of the edge, whether the edge comes from the release."""
    nodes = [{"id": f"main{main}", "label": main, "type": "main"}]
    edges = []
    for label, node, edge, is_own in links:
        nodes.append({"id": f"{node}{label}", "label": label, "type": node})
        ends = (f"main{main}", f"{node}{label}")
        edges.append({"from": ends[0 if is_own else 1], "to": ends[1 if is_own else 0], "type": edge})
    return {"nodes": nodes, "edges": edges}


def a_graph_of_three(api: RecordedApi) -> None:
    app = a_graph(
        "demo/app-v1.0",
        ("database", "consumer", "consumes", False),
        ("web", "provider", "provides", True),
        ("demo/lib-v2.0", "upstream", "upstream", True),
        ("demo/gone-v1.0", "upstream", "upstream", True),
        ("demo/frame-v1.0", "extension", "extends", True),
        ("demo/shop-v1.0", "downstream", "downstream", False),
    )
    api.on(f"GET {version('app', 'latest')}/dependency-graph", app)
    api.on(
        f"GET {version('lib', 'v2.0')}/dependency-graph",
        a_graph("demo/lib-v2.0", ("demo/app-v1.0", "upstream", "upstream", True)),
    )
    api.on(f"GET {version('frame', 'v1.0')}/dependency-graph", a_graph("demo/frame-v1.0"))


def test_what_a_release_hangs_on_is_a_tree_without_circles(api: RecordedApi, slipway: Shell) -> None:
    a_graph_of_three(api)

    result = slipway("release", "deps", "demo/app")

    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "demo/app-v1.0",
        "├── consumes database",
        "├── provides web",
        "├── needs demo/lib-v2.0",
        "│   └── needs demo/app-v1.0",
        "├── needs demo/gone-v1.0 (not there, or not yours to see)",
        "└── extends demo/frame-v1.0",
    ]


def test_a_tree_goes_as_deep_as_is_asked(api: RecordedApi, slipway: Shell) -> None:
    a_graph_of_three(api)

    found = json.loads(slipway("release", "deps", "demo/app", "--depth", "1", "--json").stdout)

    assert [one.get("links") for one in found["links"] if one["how"] == "needs"] == [[], []]
    assert len(api.asked) == 1


def test_the_releases_that_need_one_are_a_tree(api: RecordedApi, slipway: Shell) -> None:
    def needing(name: str, **flags: bool) -> dict[str, Any]:
        kinds = {"build": False, "deploy": False, "is_extension": False, **flags}
        return {"project": "demo", "name": name, "version": "1.0", **kinds}

    api.on(f"GET {version('base', 'latest')}/", {"version": "3.1"})
    api.on(f"GET {version('base', 'v3.1')}/downstream", [needing("lib", build=True, deploy=True)])
    api.on(f"GET {version('lib', 'v1.0')}/downstream", [needing("app", deploy=True), needing("kit", is_extension=True)])
    api.on(f"GET {version('app', 'v1.0')}/downstream", [])
    api.on(f"GET {version('kit', 'v1.0')}/downstream", [])

    result = slipway("release", "downstream", "demo/base")

    assert result.stdout.splitlines() == [
        "demo/base-v3.1",
        "└── needs it to build and deploy demo/lib-v1.0",
        "    ├── needs it to deploy demo/app-v1.0",
        "    └── extends it demo/kit-v1.0",
    ]


def test_what_is_different_is_told_by_place(api: RecordedApi, slipway: Shell) -> None:
    def entry(path: list[str], before: object, now: object) -> dict[str, object]:
        return {"Path": path, "PreviousValue": before, "NewValue": now, "Added": before is None, "Removed": now is None}

    changed = {
        "Version": {"change": [entry(["Version"], "1.0", "1.1")]},
        "Inputs": {"add": [entry(["Inputs"], None, "port")], "change": [entry(["Inputs", "[0]", ".Default"], 1, [2])]},
    }
    api.on(f"GET {version('app', 'v1.1')}/diff/", changed)
    api.on(f"GET {version('app', 'v1.1')}/diff/v1.1/", {})

    assert [line.split() for line in slipway("release", "diff", "demo/app-v1.1").stdout.splitlines()[1:]] == [
        ["~", "Version", "1.0", "1.1"],
        ["+", "Inputs", "port"],
        ["~", "Inputs[0].Default", "1", "[2]"],
    ]
    assert slipway("release", "diff", "demo/app-v1.1", "demo/app-v1.1").stdout == "no difference\n"
    assert json.loads(slipway("release", "diff", "demo/app-v1.1", "v1.1", "--json").stdout) == {}


def test_a_search_follows_its_pages(api: RecordedApi, slipway: Shell) -> None:
    def hit(name: str) -> dict[str, object]:
        return {"project": "demo", "name": name, "version": "1.0", "description": f"the {name}", "score": 7}

    first = Answer(body={"results": [hit("app"), hit("lib")]}, headers={"X-Next-Page": "p2"})
    api.on(f"POST {ROOT}search", first, {"results": [hit("kit")]})

    words = ("web", "shop", "--namespace", "demo", "--app", "app", "--metadata", "team=web", "--limit", "7")
    result = slipway("release", "search", *words)

    assert [line.split()[:2] for line in result.stdout.splitlines()[1:]] == [
        ["demo/app-v1.0", "7"],
        ["demo/lib-v1.0", "7"],
        ["demo/kit-v1.0", "7"],
    ]
    about = {"query": "web shop", "namespace": "demo", "application": "app", "metadata": {"team": "web"}}
    assert [one.body for one in api.asked] == [
        {**about, "page_size": 7, "page_from": ""},
        {**about, "page_size": 5, "page_from": "p2"},
    ]


def test_a_search_that_finds_nothing_says_so(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"POST {ROOT}search", {"results": []})

    assert slipway("release", "search", "nothing").stdout == "nothing found\n"
    assert slipway("release", "search", "--metadata", "team").exit_code == 64
