"""Rows of service accounts and roles in a project."""

from chalicelib.dialects.state.accounts import shapes, words
from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.projects.words import read_project, read_project_name
from chalicelib.dialects.state.words import show_nothing
from chalicelib.http.operation import Flag, Group, Handling, Schema
from chalicelib.http.permission import PROJECT_OWNER, PROJECT_READ
from chalicelib.use_cases.credentials.service_accounts import (
    create_service_account,
    list_service_accounts,
    remove_service_account,
)
from chalicelib.use_cases.projects.roles import may_manage_subscriptions, valid_roles

GROUP = Group(STATE, "Projects")
ACCOUNTS = "/api/v1/state/{project}/service-accounts"

OPERATIONS = (
    GROUP.operation(
        "GET /api/v1/state/{project}/rbac/valid-roles",
        "The roles that can be given in a project.",
        PROJECT_READ,
        Handling(read_project_name, valid_roles, words.show_roles),
        schema=Schema(answer=list[str]),
    ),
    GROUP.operation(
        "GET /api/v1/state/{project}/can-manage-subscriptions",
        "Whether the caller, an owner, may manage who hears of a project.",
        PROJECT_READ,
        Handling(read_project, may_manage_subscriptions, words.show_may_manage),
        schema=Schema(answer=shapes.SubscriptionsShape),
    ),
    GROUP.operation(
        f"GET {ACCOUNTS}/",
        "A project's service accounts by name, without their secrets.",
        PROJECT_READ,
        Handling(read_project_name, list_service_accounts, words.show_accounts),
        schema=Schema(answer=dict[str, shapes.ServiceAccountShape]),
    ),
    GROUP.operation(
        f"POST {ACCOUNTS}/{{name}}/",
        "Let a machine act in a project; its secret token is shown once.",
        PROJECT_OWNER,
        Handling(words.read_new_account, create_service_account, words.show_new_account),
        schema=Schema(body=shapes.ServiceAccountBody, answer=shapes.NewServiceAccountShape),
        flags=frozenset({Flag.SECRET_ANSWER}),
    ),
    GROUP.operation(
        f"DELETE {ACCOUNTS}/{{name}}/",
        "Forget a service account; its sessions hold no more.",
        PROJECT_OWNER,
        Handling(words.read_account, remove_service_account, show_nothing),
    ),
)
