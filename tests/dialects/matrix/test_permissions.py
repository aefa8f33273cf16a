"""What the rows may ask for at least: the matrix holds them to their word, this holds their word to a rule."""

import pytest

from app import OPERATIONS
from chalicelib.http.callers.authorise import authorise_job
from chalicelib.http.operation import Flag, Operation
from chalicelib.http.permission import Authenticated, InNamespace, InProject, Public
from chalicelib.http.query import Query
from chalicelib.http.request import Request
from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import Level, role_in
from chalicelib.kernel.faults import Forbidden
from tests.builders import NOON
from tests.dialects.matrix.asks import ask_of
from tests.dialects.matrix.world import World, people

OPEN = {
    "/",
    "/health",
    "/openapi.json",
    "/schemas/pipeline.json",
    "/docs",
    "/api/v1/auth/login-methods",
    "/api/v1/auth/service-account/login",
    "/api/v1/auth/email/login",
    "/api/v1/auth/invitation",
    "/api/v1/services/open",
    "/invitation",
    "/login",
    "/looks",
    "/static/{hash}/{file}",
    "/api/v1/state/{project}/environments/{environment}/builds/webhook/{code}",
    "/api/v1/pipelines/by-project/{project}/pipelines/webhook/{code}",
}
"""What anybody may ask for: pages, logins, services that need none, and webhooks, whose address is a secret."""

OWN = {
    "/api/v1/auth/logout",
    "/logout",
    "/api/v1/auth/end-sessions",
    "/api/v1/auth/password",
    "/api/v1/tokens",
    "/api/v1/tokens/{id}",
    "/access/tokens",
    "/access/tokens/{id}/revocations",
}
"""What anybody known may change: what is their own."""

BY_VERB = {
    "/api/v1/approvals",
    "/inbox",
    "/runs",
    "/api/v1/inventory/{namespace}/add-namespace",
    "/api/v1/internal/add-namespace",
    "/api/v1/inventory/{namespace}/register",
    "/api/v1/inventory/{namespace}/hard-delete",
}
"""What names in its body whose it is, or answers the same whether it is there or not: the verb says who may."""

BY_NAMESPACE = {
    "/v1/task/deploy/{repository}/{directory}",
    "/v1/task/deployas/{repository}/{directory}/{name}",
    "/v1/task/deployinas/{repository}/{directory}/{namespace}/{name}",
    "/v1/task/elaborate/deployinas/{repository}/{directory}/{namespace}/{name}",
    "/v2/task/elaborate/deploy/{repository}/{directory}",
    "/v2/task/deploy/with-configuration",
    "/v2/pipeline/run/with-configuration",
    "/v1/pipeline/runas/{repository}/{directory}/{name}",
    "/v1/pipeline/runinas/{repository}/{directory}/{namespace}/{name}",
    "/v1/pipeline/elaborate/runinas/{repository}/{directory}/{namespace}/{name}",
    "/v2/pipeline/elaborate/run/{repository}/{directory}/{name}",
    "/v1/pipeline/kill/{id}",
    "/v1/pipeline/retry/{id}",
    "/v1/delete/job/{namespace}/{job}",
    "/v1/delete/cronjob/{namespace}/{cronjob}",
    "/v1/delete/deployment/{namespace}/{deployment}",
    "/v1/delete/service/{namespace}/{service}",
}
"""What the project of a namespace says, which is found or made with the first deploy there."""

BY_NODE = {
    "/api/v1/runs/{run}/decisions",
    "/runs/{run}/decisions",
    "/api/v1/runs/{run}/pass",
    "/api/v1/pipelines/by-project/{project}/by-name/{pipeline}/executions/{pipeline_execution_id}/confirmation/{code}/approve",
    "/api/v1/pipelines/by-project/{project}/by-name/{pipeline}/executions/{pipeline_execution_id}/confirmation/{code}/disapprove",
}
"""Decisions: what waits says who may, which can be a team of readers."""

FOR_READING = {
    "/api/v1/state/{project}/environments/{environment}/builds/by-name/{build}/executions/{build_execution_id}/logs_ws",
    "/api/v1/deployment-jobs/by-project/{project}/by-environment/{environment}/by-name/{deployment}/executions/{execution_id}/logs_ws",
}
"""What hands out a ticket for what one may read."""

BY_HANDLER = {
    "/tasks",
    "/tasks/{task}/acts",
    "/trains/{train}/snapshots/{snapshot}/acts",
    "/trains/{train}/snapshots/{snapshot}/deployments",
    *(row.path for row in OPERATIONS if row.dialect.name == "flexdeploy" and isinstance(row.permission, Authenticated)),
}
"""Rows of which the handler says who may, as they tell of what is there and may not be read."""

ASKS_ONLY = {"/api/v1/inventory/search"}
"""A POST that changes nothing."""


def changing() -> list[Operation]:
    return [row for row in OPERATIONS if any(row.changes(method) for method in row.methods)]


def test_no_row_is_open_to_everybody_but_those_that_must_be() -> None:
    assert {row.path for row in OPERATIONS if isinstance(row.permission, Public)} == OPEN


def test_who_is_merely_known_changes_nothing_but_what_is_theirs() -> None:
    rows = {row.path for row in changing() if isinstance(row.permission, Authenticated)} - BY_HANDLER

    assert rows == OWN | BY_VERB | BY_NAMESPACE | ASKS_ONLY


def test_where_the_handler_says_who_may_the_matrix_asks_whom_it_lets_in() -> None:
    rows = [(method, row) for row in changing() if row.path in BY_HANDLER for method in row.methods]

    assert [row.path for method, row in rows if row.changes(method) and ask_of(method, row).who is None] == []


def test_readers_change_nothing_in_a_project() -> None:
    rows = (row for row in changing() if isinstance(row.permission, InProject | InNamespace))

    assert {row.path for row in rows if _level(row) is Level.READ} == BY_NODE | FOR_READING


def _level(row: Operation) -> Level:
    assert isinstance(row.permission, InProject | InNamespace)
    return row.permission.level


FOR_ACCOUNTS = {
    "/api/v1/state/{project}/environments/",
    "/api/v1/state/{project}/environments/{environment}/builds/by-name/{build}/trigger-build",
    "/api/v1/deployment-jobs/by-project/{project}/by-environment/{environment}/by-name/{deployment}/trigger",
    "/api/v1/deployment-jobs/by-project/{project}/by-environment/{environment}/by-name/{deployment}/trigger/smoke",
    "/api/v1/deployment-jobs/by-project/{project}/by-environment/{environment}/by-name/{deployment}/trigger/destroy",
    "/api/v1/deployment-jobs/by-project/{project}/by-environment/{environment}/by-name/{deployment}/trigger/errand",
    "/api/v1/pipelines/by-project/{project}/by-name/{pipeline}/trigger",
    "/api/v1/inventory/{namespace}/units/{name}/versions/{version}/yank",
}
"""What jobs do besides their own work, as the service account that they name: neither decisions nor definitions."""


def _is_for_jobs(row: Operation) -> bool:
    return Flag.FOR_JOBS in row.flags


def job_asks(row: Operation, method: str, **parameters: str) -> Request:
    job = Principal(name="run1.1.s1.1", kind=PrincipalKind.JOB, roles=frozenset({role_in("web", Level.WRITE)}))
    return Request(
        method=method,
        path=row.path,
        parameters=parameters,
        query=Query(values={}, declared=None),
        headers={},
        content=b"",
        principal=job,
        id="",
        seed="",
        now=NOON,
    )


def test_a_row_that_writes_is_closed_to_jobs_unless_it_says_otherwise() -> None:
    rows = [row for row in changing() if isinstance(row.permission, InProject | InNamespace)]
    by_verb = {row.path for row in changing() if isinstance(row.permission, Authenticated) and _is_for_jobs(row)}
    open_to_accounts = {row.path for row in rows if _level(row) is Level.WRITE and Flag.FOR_JOBS in row.flags}

    assert open_to_accounts == FOR_ACCOUNTS
    assert by_verb == {"/api/v1/inventory/{namespace}/register", "/api/v1/auth/logout"} | ASKS_ONLY
    for row in rows:
        for method in row.methods:
            if row.changes(method) and _level(row) in (Level.WRITE, Level.OWNER) and Flag.FOR_JOBS not in row.flags:
                with pytest.raises(Forbidden, match="neither decide nor define"):
                    authorise_job(row, job_asks(row, method))


def test_a_job_adds_to_the_log_of_its_own_execution_alone() -> None:
    rows = [row for row in changing() if _is_work(row) and any(name.endswith("execution_id") for name in row.names)]
    assert rows
    for row in rows:
        (name,) = [name for name in row.names if name.endswith("execution_id")]
        authorise_job(row, job_asks(row, row.methods[0], **{name: "run1"}))
        with pytest.raises(Forbidden, match="its own execution alone"):
            authorise_job(row, job_asks(row, row.methods[0], **{name: "run2"}))


def _is_work(row: Operation) -> bool:
    return isinstance(row.permission, InProject | InNamespace) and row.permission.level is Level.JOB


@pytest.mark.parametrize("query", ["", "?project="])
def test_the_log_of_the_installation_is_for_whole_tokens_of_admins(query: str) -> None:
    world = World()
    people(world)
    world.tokens["narrow"] = world.done("POST", "/api/v1/tokens", {"scopes": ["owner"]})["token"]

    assert [world.ask("GET", f"/api/v1/audit{query}", by=by).status for by in ("admin", "narrow")] == [200, 404]
