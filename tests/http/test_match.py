"""Which row serves a path."""

from dataclasses import replace

import pytest

from chalicelib.http.operation import Flag, Handling, Mounting
from chalicelib.http.reply import JSON_MEDIA as JSON
from chalicelib.http.reply import text_reply
from tests.http.house import STATE, Site
from tests.http.rows import echoing, replying


@pytest.mark.parametrize("fallback", [False, True])
@pytest.mark.parametrize("path", ["/api/v1/state/web", "/api/v1/state/web/"])
def test_a_slash_at_the_end_makes_no_difference(path: str, fallback: bool) -> None:
    site = Site([echoing("GET /api/v1/state/{project}/")])

    answer = site.ask("GET", path, fallback=fallback)

    assert (answer.status, answer.json) == (200, {"project": "web"})


def test_a_literal_segment_wins_over_a_parameter() -> None:
    site = Site([echoing("GET /api/v1/state/{project}/"), replying("GET /api/v1/state/names", text_reply("all"))])

    assert site.ask("GET", "/api/v1/state/names").text == "all"


@pytest.mark.parametrize("fallback", [False, True])
def test_a_parameter_serves_the_methods_that_the_literal_beside_it_has_not(fallback: bool) -> None:
    site = Site([echoing("PUT /x/{name}/"), replying("POST /x/add", text_reply("added"))])

    assert site.ask("PUT", "/x/add", fallback=fallback).json == {"name": "add"}


@pytest.mark.parametrize("fallback", [False, True])
def test_an_encoded_slash_stays_inside_its_segment(fallback: bool) -> None:
    site = Site([echoing("GET /x/{a}/y/{b}")])

    answer = site.ask("GET", "/x/demo%2Fapp/y/50%25%20%C3%A9", fallback=fallback)

    assert answer.json == {"a": "demo/app", "b": "50% é"}


def test_parameters_in_one_place_may_have_different_names_in_different_rows() -> None:
    site = Site([echoing("GET /x/{id}/a"), echoing("GET /x/{project}/b/{id}"), echoing("PUT /x/{project}/b/{name}")])

    assert set(site.routes) >= {"/x/{id}/a", "/x/{id}/b/{id_4}"}
    assert site.ask("GET", "/x/1/b/2").json == {"project": "1", "id": "2"}
    assert site.ask("PUT", "/x/1/b/2").json == {"project": "1", "name": "2"}


def test_two_rows_of_one_method_and_path_are_refused() -> None:
    with pytest.raises(ValueError, match="served twice"):
        Site([echoing("GET /x/{a}"), echoing("GET /x/{b}/")])


def test_a_dialect_behind_the_fallback_gets_no_resources_of_its_own() -> None:
    row = echoing("GET /x/{a}")
    dialect = type(STATE)(
        name="deploy", title="Deploy", prefixes=("/x",), error_format=STATE.error_format, mounting=Mounting.FALLBACK
    )

    site = Site([replace(row, dialect=dialect)])

    assert set(site.routes) == {"/", "/{proxy+}"}
    assert site.ask("GET", "/x/1").json == {"a": "1"}


@pytest.mark.parametrize("fallback", [False, True])
def test_head_is_served_wherever_get_is(fallback: bool) -> None:
    site = Site([echoing("GET /x/{a}/"), replying("POST /x/add", text_reply("added"))])

    for path in ("/x/1", "/x/1/", "/x/add"):
        got, head = (site.ask(method, path, fallback=fallback) for method in ("GET", "HEAD"))
        assert (head.status, head.headers["Content-Type"]) == (got.status, got.headers["Content-Type"]) == (200, JSON)
    assert site.ask("HEAD", "/y", fallback=fallback).status == 404


def test_head_of_a_get_that_changes_something_changes_nothing() -> None:
    done = list[str]()

    def change(_: object, __: object) -> None:
        done.append("once")

    row = echoing("GET /x/{a}/change")
    handling = Handling(row.handling.read, change, lambda _: text_reply("done"))
    site = Site([replace(row, handling=handling, flags=frozenset({Flag.CHANGES}))])

    assert [site.ask(method, "/x/1/change").status for method in ("HEAD", "GET")] == [200, 200]
    assert done == ["once"]
