"""Which resource a raw path means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.api.matcher import Match, matches, tree_of

TREE = tree_of(["/", "/a", "/a/{x}", "/a/special", "/a/{x}/b", "/v1/{proxy+}", "/{proxy+}"])


def first(path: str) -> Match | None:
    return next(matches(TREE, path), None)


@pytest.mark.parametrize(
    ("path", "resource", "parameters"),
    [
        ("/", "/", {}),
        ("/a", "/a", {}),
        ("/a/", "/a", {}),
        ("/a/1", "/a/{x}", {"x": "1"}),
        ("/a/special", "/a/special", {}),
        ("/a/special/b", "/a/{x}/b", {"x": "special"}),
        ("/a/p%2Fq", "/a/{x}", {"x": "p%2Fq"}),
        ("/a/p%20q/b/", "/a/{x}/b", {"x": "p%20q"}),
        ("/a//b", "/{proxy+}", {"proxy": "a//b"}),
        ("/v1/x/y", "/v1/{proxy+}", {"proxy": "x/y"}),
        ("/v1", "/{proxy+}", {"proxy": "v1"}),
        ("/else/where/", "/{proxy+}", {"proxy": "else/where/"}),
    ],
)
def test_a_path_means_its_most_literal_resource(path: str, resource: str, parameters: dict[str, str]) -> None:
    assert first(path) == Match(resource, parameters)


def test_a_path_that_nobody_serves_means_nothing() -> None:
    assert list(matches(tree_of(["/a"]), "/b")) == []


@given(st.lists(st.text(st.characters(exclude_characters="/"), min_size=1), min_size=1, max_size=5))
def test_what_a_greedy_parameter_takes_is_the_raw_path(segments: list[str]) -> None:
    path = "/" + "/".join(segments)

    found = list(matches(tree_of(["/{proxy+}"]), path))

    assert found == [Match("/{proxy+}", {"proxy": path[1:]})]
