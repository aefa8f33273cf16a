"""All routes of the reference table on one Chalice app, as API Gateway would have it."""

import json
from collections import defaultdict
from pathlib import Path

from chalice.app import Chalice
from chalice.config import Config
from chalice.deploy.validate import validate_configuration
from openapi_spec_validator import OpenAPIV31SpecValidator

from chalicelib.http.operation import Dialect, Group, Handling, Operation
from chalicelib.http.permission import PUBLIC
from chalicelib.http.raw_request import METHODS
from chalicelib.http.refuse import JSON_ERRORS
from chalicelib.http.reply import json_reply
from chalicelib.http.request import Request
from chalicelib.http.site.carrier import FALLBACK
from chalicelib.http.site.match import Found, table_of
from chalicelib.http.site.mount import MOST_RESOURCES, resources_of, routes_of
from chalicelib.http.site.openapi import document
from tests.http.house import House, Site
from tests.http.rows import failing

REFERENCE = json.loads((Path(__file__).parents[1] / "data" / "routes.json").read_text())


def read(request: Request) -> dict[str, str]:
    return dict(request.parameters)


def echo(_: House, ask: dict[str, str]) -> dict[str, str]:
    return ask


def reference_rows() -> list[Operation]:
    """A row for each route of the reference; `/` and `/health` are in it twice and served once."""
    rows: dict[tuple[str, str], Operation] = {}
    for route in REFERENCE:
        dialect = Dialect(name=route["dialect"], title=route["dialect"], prefixes=("/",), error_format=JSON_ERRORS)
        key = ("|".join(route["methods"]), route["path"])
        group = Group(dialect, route["group"])
        rows[key] = group.operation(" ".join(key), route["summary"] or "?", PUBLIC, Handling(read, echo, json_reply))
    return list(rows.values())


def test_all_routes_fit_in_one_rest_api() -> None:
    rows = reference_rows()

    assert resources_of(routes_of(rows, table_of(rows))) == 228 <= MOST_RESOURCES


def test_a_wrong_method_comes_to_whoever_refuses_it_in_its_own_words() -> None:
    # API Gateway refuses a method that a resource has not got, and that in JSON.
    rows = [failing("/api/v1/inventory"), failing("/api/v1/state")]

    routes = routes_of(rows, table_of(rows))

    assert routes["/api/v1/inventory/fail/{what}"] == METHODS
    assert routes["/api/v1/state/fail/{what}"] == ("GET", "HEAD")


def test_chalice_would_deploy_the_app() -> None:
    site = Site(reference_rows())
    config = Config.create(chalice_app=site.app, app_name="test", project_dir=".", manage_iam_role=True)

    validate_configuration(config)


def test_parameters_in_one_place_have_one_name() -> None:
    rows = reference_rows()
    names: defaultdict[str, set[str]] = defaultdict(set)
    for path in routes_of(rows, table_of(rows)):
        segments = path.split("/")
        for place, segment in enumerate(segments):
            if segment.startswith("{"):
                names["/".join(segments[:place])].add(segment)

    assert all(len(found) == 1 for place, found in names.items() if place)
    assert names[""] == {FALLBACK.removeprefix("/")}


def test_every_route_is_served_both_ways_and_matched_alike() -> None:
    rows = reference_rows()
    site, table = Site(rows), table_of(rows)
    for row in rows:
        target = row.path.replace("{", "a%2F").replace("}", "%C3%A9")
        wanted = {name: f"a/{name}é" for name in row.names}
        for method in row.methods:
            found = table.find(method, target)
            assert isinstance(found, Found)
            assert (found.operation.path, found.parameters) == (row.path, wanted)
            assert site.ask(method, target).json == wanted
            assert site.ask(method, target, fallback=True).json == wanted


def test_the_document_of_all_routes_is_valid_and_every_name_unique() -> None:
    told = document(reference_rows(), title="All", version="1")

    OpenAPIV31SpecValidator(told).validate()
    names = [detail["operationId"] for methods in told["paths"].values() for detail in methods.values()]
    assert len(set(names)) == len(names)


def test_the_root_and_the_rest_take_every_method() -> None:
    app = Site(reference_rows()).app

    assert isinstance(app, Chalice)
    assert set(app.routes["/"]) == set(app.routes[FALLBACK]) == set(METHODS)


def test_no_body_is_refused_for_its_type_and_packages_arrive_whole() -> None:
    app = Site(reference_rows()).app

    assert "multipart/form-data" in app.api.binary_types
    entries = [entry for methods in app.routes.values() for entry in methods.values()]
    assert all(entry.content_types == ["*/*"] for entry in entries)
