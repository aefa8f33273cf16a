"""What the rows may ask for at least: the matrix holds them to their word, this holds their word to a rule."""

from app import OPERATIONS
from chalicelib.http.operation import Operation
from chalicelib.http.permission import Authenticated, InNamespace, InProject, Public
from chalicelib.kernel.access.role import Level

OPEN = {
    "/",
    "/health",
    "/openapi.json",
    "/docs",
    "/api/v1/auth/login-methods",
    "/api/v1/auth/service-account/login",
    "/api/v1/auth/email/login",
    "/api/v1/state/{project}/environments/{environment}/builds/webhook/{code}",
    "/api/v1/pipelines/by-project/{project}/pipelines/webhook/{code}",
}
"""What anybody may ask for: pages, logins, and webhooks, whose address is a secret."""

OWN = {
    "/api/v1/auth/logout",
    "/api/v1/auth/end-sessions",
    "/api/v1/auth/password",
    "/api/v1/tokens",
    "/api/v1/tokens/{id}",
}
"""What anybody known may change: what is their own."""

BY_VERB = {
    "/api/v1/inventory/{namespace}/add-namespace",
    "/api/v1/internal/add-namespace",
    "/api/v1/inventory/{namespace}/register",
    "/api/v1/inventory/{namespace}/hard-delete",
}
"""What names in its body whose it is, or answers the same whether it is there or not: the verb says who may."""

BY_NODE = {
    "/api/v1/runs/{run}/decisions",
    "/api/v1/pipelines/by-project/{project}/by-name/{pipeline}/executions/{pipeline_execution_id}/confirmation/{code}/approve",
    "/api/v1/pipelines/by-project/{project}/by-name/{pipeline}/executions/{pipeline_execution_id}/confirmation/{code}/disapprove",
}
"""Decisions: what waits says who may, which can be a team of readers."""

FOR_READING = {
    "/api/v1/state/{project}/environments/{environment}/builds/by-name/{build}/executions/{build_execution_id}/logs_ws",
    "/api/v1/deployment-jobs/by-project/{project}/by-environment/{environment}/by-name/{deployment}/executions/{execution_id}/logs_ws",
}
"""What hands out a ticket for what one may read."""

ASKS_ONLY = {"/api/v1/inventory/search"}
"""A POST that changes nothing."""


def changing() -> list[Operation]:
    return [row for row in OPERATIONS if any(row.changes(method) for method in row.methods)]


def test_no_row_is_open_to_everybody_but_those_that_must_be() -> None:
    assert {row.path for row in OPERATIONS if isinstance(row.permission, Public)} == OPEN


def test_who_is_merely_known_changes_nothing_but_what_is_theirs() -> None:
    rows = {row.path for row in changing() if isinstance(row.permission, Authenticated)}

    assert rows == OWN | BY_VERB | ASKS_ONLY


def test_readers_change_nothing_in_a_project() -> None:
    rows = (row for row in changing() if isinstance(row.permission, InProject | InNamespace))

    assert {row.path for row in rows if _level(row) is Level.READ} == BY_NODE | FOR_READING


def _level(row: Operation) -> Level:
    assert isinstance(row.permission, InProject | InNamespace)
    return row.permission.level
