"""The app as Lambda loads it."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import app
from chalicelib.dialects.mounted import PAGES, ROUTES
from chalicelib.dialects.platform.pages.words import TITLE, VERSION
from chalicelib.http.permission import (
    Admin,
    Authenticated,
    AuthenticatedOrOpen,
    InNamespace,
    InProject,
    KeyFor,
    Public,
    Runner,
)
from chalicelib.http.site.match import table_of
from chalicelib.http.site.mount import MOST_RESOURCES, page_routes_of, resources_of, routes_of
from chalicelib.http.site.openapi import document

ROOT = Path(__file__).parents[2]
MOUNTED = ROOT / "chalicelib" / "dialects" / "mounted.py"
WHAT_IS_LOADED = "import sys; print(*sys.modules)"
HEAVY = {"boto3", "botocore.session", "pydantic", "pydantic_core", "pynamodb"}
ROWS = re.compile(r"chalicelib\.dialects\.(\w+)\..*(shapes|words|routes)")
STAGES = {"chalicelib__kernel__projects__deployment__Stage", "chalicelib__kernel__releases__release__Stage"}
"""Of the kernel, where two classes have this name."""


def test_every_row_names_who_may() -> None:
    known = (Public, Authenticated, AuthenticatedOrOpen, InProject, InNamespace, Admin, Runner, KeyFor)

    assert [row.path for row in app.OPERATIONS if not isinstance(row.permission, known)] == []


def test_the_app_fits_in_one_rest_api() -> None:
    assert resources_of([*ROUTES, *PAGES]) <= MOST_RESOURCES


def test_the_app_stays_a_list_of_what_is_mounted() -> None:
    assert len((ROOT / "app.py").read_text().splitlines()) <= 60


def test_loading_the_app_makes_no_aws_client_and_imports_no_rows() -> None:
    loaded = _printed("import app", WHAT_IS_LOADED)

    assert {"app", "chalice", "chalicelib.http.site.lazy_site"} <= loaded
    assert {name for name in loaded if name in HEAVY or ROWS.match(name)} == set()


def test_a_request_imports_the_rows_of_its_dialect_alone() -> None:
    asked = (
        "import app",
        "from chalicelib.http.raw_request import RawRequest",
        "asked = RawRequest(method='GET', path='/api/v1/inventory/x/', query={}, headers={}, content=b'', id='1')",
        "assert app.site.serve(asked).status == 401",
    )
    loaded = {found[1] for name in _printed(*asked, WHAT_IS_LOADED) if (found := ROWS.match(name))}

    assert loaded == {"inventory"}


def test_what_a_first_request_imports_is_nothing_that_the_garbage_collector_looks_through() -> None:
    asked = (
        "import app, gc",
        "from chalicelib.http.raw_request import RawRequest",
        "asked = RawRequest(method='GET', path='/health', query={}, headers={}, content=b'', id='1')",
        "assert app.site.serve(asked).status == 200",
        "print(gc.isenabled(), gc.get_freeze_count() > 10 * len(gc.get_objects()))",
    )
    assert _printed(*asked) == {"True"}


def test_the_parts_have_the_prefixes_of_their_dialects() -> None:
    of_rows = {row.dialect.name: row.dialect.prefixes for row in app.OPERATIONS}

    assert {part.module.split(".")[2]: part.prefixes for part in app.DIALECTS} == of_rows


@pytest.mark.parametrize("written", ["{path}", "/{path}", "{quoted}"])
def test_every_path_comes_to_the_dialect_of_its_row(written: str) -> None:
    for row in app.OPERATIONS:
        quoted = row.path.replace("a", "%61").replace("s", "%73")
        part = app.site.part_of(written.format(path=row.path, quoted=quoted))

        assert part.module.split(".")[2] == row.dialect.name, row.path


def test_a_row_has_no_parameter_where_prefixes_of_dialects_are_told_apart() -> None:
    prefixes = [prefix for part in app.DIALECTS for prefix in part.prefixes]

    def depth_of(path: str) -> int:
        """How many segments tell the row's prefix from those that go on where it ends."""
        own = max((one for one in prefixes if path.startswith(one)), key=len)
        return max(one.count("/") for one in prefixes if one.startswith(own))

    assert [row.path for row in app.OPERATIONS if "{" in "/".join(row.path.split("/")[: depth_of(row.path) + 1])] == []


def test_the_routes_of_api_gateway_are_those_of_the_rows() -> None:
    """The app must know them before any row is imported. SLIPWAY_RECORD=1 writes them anew."""
    routes = routes_of(app.OPERATIONS, table_of(app.OPERATIONS))
    pages = page_routes_of(row for row in app.OPERATIONS if row.dialect.name == "console")
    if os.environ.get("SLIPWAY_RECORD"):
        lines = [f'    "{path}": "{"|".join(methods)}",' for path, methods in routes.items()]
        rows = re.sub(r"(?s)= \{\n.*?\}\n", "\n".join(["= {", *lines, "}", ""]), MOUNTED.read_text(), count=1)
        of_pages = "\n".join(["PAGES = (", *(f'    "{path}",' for path in pages), ")", ""])
        MOUNTED.write_text(re.sub(r"(?s)PAGES = \(\n.*?\)\n", of_pages, rows, count=1))

    written = runpy.run_path(str(MOUNTED))
    assert (list(written["ROUTES"].items()), written["PAGES"]) == (list(routes.items()), pages)


def test_the_app_is_mounted() -> None:
    served = {(method, path) for path, methods in app.app.routes.items() for method in methods}

    assert {("GET", "/"), ("GET", "/health"), ("GET", "/openapi.json"), ("GET", "/docs")} <= served


def test_no_component_of_the_document_is_called_by_the_path_of_its_module() -> None:
    components = document(app.OPERATIONS, title=TITLE, version=VERSION)["components"]["schemas"]

    assert {"JobShape", "LeasedJobShape"} <= set(components)
    assert {name for name in components if "__" in name} - STAGES == set()


def _printed(*lines: str) -> set[str]:
    said = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(said.stdout.split())
