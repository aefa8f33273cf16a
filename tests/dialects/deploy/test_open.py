"""Which rows need an identity: the 16 that the original protects always, its others unless a setting opens them."""

import re
from dataclasses import replace

import pytest

from app import OPERATIONS
from chalicelib.http.operation import Operation
from chalicelib.http.permission import AuthenticatedOrOpen
from tests.dialects.deploy.walk import walk
from tests.dialects.matrix.callers import ANONYMOUS, READER
from tests.dialects.platform.site import Site

ROWS = tuple(row for row in OPERATIONS if row.dialect.name == "deploy")
PLACED = "{repository}/{directory}/{namespace}/{name}"
PROTECTED = {
    "/v1/task/deploy/{repository}/{directory}",
    "/v1/task/deployas/{repository}/{directory}/{name}",
    f"/v1/task/deployinas/{PLACED}",
    f"/v1/task/elaborate/deployinas/{PLACED}",
    "/v2/task/elaborate/deploy/{repository}/{directory}",
    "/v2/task/deploy/with-configuration",
    "/v1/pipeline/runas/{repository}/{directory}/{name}",
    f"/v1/pipeline/runinas/{PLACED}",
    f"/v1/pipeline/elaborate/runinas/{PLACED}",
    "/v2/pipeline/elaborate/run/{repository}/{directory}/{name}",
    "/v2/pipeline/run/with-configuration",
    "/v1/pipeline/kill/{id}",
    *(f"/v1/delete/{kind}/{{namespace}}/{{{kind}}}" for kind in ("job", "cronjob", "deployment", "service")),
}
ADDED = {"/v1/task/logs/{id}", "/v1/pipeline/retry/{id}"}
GIVEN = {"repository": "quick_start", "directory": "fibonacci", "namespace": "night", "name": "any", "work_id": "wrk_x"}


@pytest.fixture(scope="module")
def site() -> Site:
    """Something of everything is there."""
    made = Site()
    walk(made)
    made.is_silent = True
    return made


def opened(site: Site, *, is_open: bool) -> None:
    settings = replace(site.house.ports.settings, opens_deploy_reads=is_open)
    site.house.ports = replace(site.house.ports, settings=settings)


def asked(site: Site, method: str, row: Operation) -> int:
    """What anybody is answered."""
    named = "$pipeline" if "pipeline" in row.path else "$task"
    parameters = {name: GIVEN.get(name, named if name == "id" else "any") for name in re.findall(r"{(\w+)}", row.path)}
    body = {"template_path": "job_python.json" if "/task/" in row.path else "run.json"}
    is_template = row.path.endswith("get/template")
    path = row.path.format(**parameters)
    return site.ask(method, path, body if is_template else None, by=ANONYMOUS).status


def test_the_protected_rows_are_those_of_the_original() -> None:
    assert {row.path for row in ROWS if not isinstance(row.permission, AuthenticatedOrOpen)} == PROTECTED | ADDED
    assert (len(PROTECTED), len(ROWS) - len(ADDED)) == (16, 33)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.path)
def test_nobody_unknown_is_answered_but_where_the_setting_opens(site: Site, row: Operation) -> None:
    for method in row.methods:
        opened(site, is_open=False)
        assert asked(site, method, row) == 401
        opened(site, is_open=True)
        answered = asked(site, method, row)
        is_protected = not isinstance(row.permission, AuthenticatedOrOpen)
        assert answered == 401 if is_protected else answered in ({404} if "work_id" in row.path else {200, 202}), (
            answered
        )


def test_what_is_open_tells_anybody_what_a_reader_is_told(site: Site) -> None:
    opened(site, is_open=True)

    for path in (
        "/v1/task/state/$task",
        "/v1/list/tasks/night",
        "/v1/list/namespaces",
        "/v1/pipeline/state/night/$pipeline",
    ):
        assert site.ask("GET", path, by=ANONYMOUS).json == site.ask("GET", path, by=READER).json
