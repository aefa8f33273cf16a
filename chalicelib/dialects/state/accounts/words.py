"""Read requests about service accounts and roles in a project, and show the answers."""

from collections.abc import Sequence

from chalicelib.dialects.state.accounts import shapes
from chalicelib.dialects.state.words import shown_instant
from chalicelib.http.reply import Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.access.role import Level
from chalicelib.use_cases.credentials.mint_token import Issued
from chalicelib.use_cases.credentials.service_accounts import CreateServiceAccount, ServiceAccountNamed
from chalicelib.use_cases.ports.access import ServiceAccount


def read_new_account(request: Request) -> CreateServiceAccount:
    """Read a service account to create. Faults: Invalid."""
    body = request.body(shapes.ServiceAccountBody)
    return CreateServiceAccount(
        origin=request.origin,
        project=request.parameters["project"],
        name=request.parameters["name"],
        role=Level(body.role),
        team=body.team,
    )


def read_account(request: Request) -> ServiceAccountNamed:
    """Read which service account is requested."""
    return ServiceAccountNamed(
        origin=request.origin, project=request.parameters["project"], name=request.parameters["name"]
    )


def show_new_account(made: tuple[ServiceAccount, Issued]) -> Reply:
    """Show a new service account with its secret."""
    account, issued = made
    return json_reply({"name": account.name, "secret_token": issued.text})


def show_accounts(accounts: Sequence[ServiceAccount]) -> Reply:
    """Show service accounts by name."""
    return json_reply(
        {
            one.name: {"role": one.role.value, "team": one.team, "created_at": shown_instant(one.created_at)}
            for one in accounts
        }
    )


def show_roles(roles: Sequence[Level]) -> Reply:
    """Show roles, the least first."""
    return json_reply([role.value for role in roles])


def show_may_manage(allowed: bool) -> Reply:  # noqa: FBT001 - the answer itself, not a switch
    """Show whether the caller may manage the project's subscriptions."""
    return json_reply({"can_manage_subscriptions": allowed})
