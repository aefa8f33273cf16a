"""The app as Lambda loads it."""

import subprocess
import sys
from pathlib import Path

import app
from chalicelib.dialects.platform.pages.words import TITLE, VERSION
from chalicelib.http.match import table_of
from chalicelib.http.mount import MOST_RESOURCES, resources_of, routes_of
from chalicelib.http.openapi import document
from chalicelib.http.permission import (
    Admin,
    Authenticated,
    InNamespace,
    InProject,
    Public,
    Runner,
)

ROOT = Path(__file__).parents[2]
STAGES = {"chalicelib__kernel__projects__deployment__Stage", "chalicelib__kernel__releases__release__Stage"}
"""Of the kernel, where two classes have this name."""


def test_every_row_names_who_may() -> None:
    known = (Public, Authenticated, InProject, InNamespace, Admin, Runner)

    assert [row.path for row in app.OPERATIONS if not isinstance(row.permission, known)] == []


def test_the_app_fits_in_one_rest_api() -> None:
    assert resources_of(routes_of(app.OPERATIONS, table_of(app.OPERATIONS))) <= MOST_RESOURCES


def test_the_app_stays_a_list_of_what_is_mounted() -> None:
    assert len((ROOT / "app.py").read_text().splitlines()) <= 60


def test_loading_the_app_makes_no_aws_client() -> None:
    seen = "import sys, app; print([name for name in ('boto3', 'botocore.session') if name in sys.modules])"

    out = subprocess.run([sys.executable, "-c", seen], cwd=ROOT, capture_output=True, text=True, check=True)

    assert out.stdout.strip() == "[]"


def test_the_app_is_mounted() -> None:
    served = {(method, path) for path, methods in app.app.routes.items() for method in methods}

    assert {("GET", "/"), ("GET", "/health"), ("GET", "/openapi.json"), ("GET", "/docs")} <= served


def test_no_component_of_the_document_is_called_by_the_path_of_its_module() -> None:
    components = document(app.OPERATIONS, title=TITLE, version=VERSION)["components"]["schemas"]

    assert {"JobShape", "LeasedJobShape"} <= set(components)
    assert {name for name in components if "__" in name} - STAGES == set()
