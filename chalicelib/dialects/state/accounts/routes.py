"""Rows about who may do what in a project."""

from chalicelib.dialects.state.accounts import shapes, words
from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.projects.words import read_project, read_project_name
from chalicelib.dialects.state.words import show_nothing
from chalicelib.http.operation import About, Flag, operation
from chalicelib.http.permission import PROJECT_OWNER, PROJECT_READ
from chalicelib.use_cases.access.service_accounts import (
    add_service_account,
    list_service_accounts,
    remove_service_account,
)
from chalicelib.use_cases.projects.roles import may_manage_subscriptions, valid_roles

GROUP = "Projects"
ACCOUNTS = "/api/v1/state/{project}/service-accounts"

OPERATIONS = (
    operation(
        STATE,
        "GET /api/v1/state/{project}/rbac/valid-roles",
        read=read_project_name,
        verb=valid_roles,
        show=words.show_roles,
        permission=PROJECT_READ,
        about=About(group=GROUP, summary="The roles that can be given in a project.", answer=list[str]),
    ),
    operation(
        STATE,
        "GET /api/v1/state/{project}/can-manage-subscriptions",
        read=read_project,
        verb=may_manage_subscriptions,
        show=words.show_may_manage,
        permission=PROJECT_READ,
        about=About(
            group=GROUP,
            summary="Whether the caller, an owner, may manage who hears of a project.",
            answer=shapes.SubscriptionsShape,
        ),
    ),
    operation(
        STATE,
        f"GET {ACCOUNTS}/",
        read=read_project_name,
        verb=list_service_accounts,
        show=words.show_accounts,
        permission=PROJECT_READ,
        about=About(
            group=GROUP,
            summary="A project's service accounts by name, without their secrets.",
            answer=dict[str, shapes.ServiceAccountShape],
        ),
    ),
    operation(
        STATE,
        f"POST {ACCOUNTS}/{{name}}/",
        read=words.read_new_account,
        verb=add_service_account,
        show=words.show_new_account,
        permission=PROJECT_OWNER,
        about=About(
            group=GROUP,
            summary="Let a machine act in a project; its secret token is shown once.",
            body=shapes.ServiceAccountBody,
            answer=shapes.NewServiceAccountShape,
        ),
        flags=frozenset({Flag.SECRET_ANSWER}),
    ),
    operation(
        STATE,
        f"DELETE {ACCOUNTS}/{{name}}/",
        read=words.read_account,
        verb=remove_service_account,
        show=show_nothing,
        permission=PROJECT_OWNER,
        about=About(group=GROUP, summary="Forget a service account; its sessions hold no more."),
    ),
)
