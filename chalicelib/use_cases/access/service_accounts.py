"""Service accounts of a project: machines that act in it, each with a secret token that is shown once."""

from collections.abc import Sequence
from datetime import timedelta

from chalicelib.kernel import names
from chalicelib.kernel.access.principal import PrincipalKind, is_admin
from chalicelib.kernel.access.role import ALL, Level
from chalicelib.kernel.access.token import owner_key, text_of
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, NotFound
from chalicelib.kernel.frozen import frozen
from chalicelib.use_cases.access.mint_token import Draft, Issued, written
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.access import ServiceAccount
from chalicelib.use_cases.ports.bundle import Ports

LIFETIME = timedelta(days=3660)
"""Of a secret token: it goes with its account."""


@frozen
class CreateServiceAccount:
    """Let a machine act in a project. team: whom it belongs to; approvals of that team are open to it."""

    origin: Origin
    project: str
    name: str
    role: Level
    team: str = ""


@frozen
class ServiceAccountNamed:
    """A service account of a project, to be removed."""

    origin: Origin
    project: str
    name: str


def create_service_account(ports: Ports, ask: CreateServiceAccount) -> tuple[ServiceAccount, Issued]:
    """The new account and its secret token.

    Faults: Invalid, NotFound, Conflict when there is one of that name; Forbidden when the asker is not of its team.
    """
    ports.projects.project(ask.project)
    _check_team(ask)
    if defects := names.service_account(ask.name):
        raise Invalid(defects)
    if ports.access.service_account(ask.project, ask.name) is not None:
        raise Conflict(f"project {ask.project} has a service account {ask.name} already")
    issued = written(_secret(ask), text_of(ports.ids.secret()))
    account = ServiceAccount(
        project=ask.project,
        name=ask.name,
        role=ask.role,
        team=ask.team,
        token=issued.token.id,
        created_at=ask.origin.at,
        created_by=owner_key(ask.origin.by.kind, ask.origin.by.name),
    )
    action = _deed("added-service-account", account, {"role": ask.role, "team": ask.team})
    ports.access.create_service_account(account, issued.token, entry_of(ask.origin, action))
    return account, issued


def remove_service_account(ports: Ports, ask: ServiceAccountNamed) -> None:
    """The account is gone, and with it whatever it showed. Faults: NotFound."""
    account = ports.access.service_account(ask.project, ask.name)
    if account is None:
        raise NotFound(f"no service account {ask.name} in project {ask.project}")
    entry = entry_of(ask.origin, _deed("removed-service-account", account, {}))
    ports.access.remove_service_account(account, entry)


def list_service_accounts(ports: Ports, project: str) -> Sequence[ServiceAccount]:
    """The service accounts of a project, by name. Faults: NotFound."""
    ports.projects.project(project)
    return ports.access.service_accounts(project)


def _check_team(ask: CreateServiceAccount) -> None:
    """Refuse a team that the asker does not speak for: its approvals would be open to an account of theirs."""
    by = ask.origin.by
    if ask.team and not (is_admin(by) or ask.team in by.groups):
        raise Forbidden(f"{by.name} is not in the team {ask.team[:100]}: only its members and admins add to it")


def _secret(ask: CreateServiceAccount) -> Draft:
    return Draft(
        kind=PrincipalKind.SERVICE_ACCOUNT,
        owner=f"{ask.project}/{ask.name}",
        scopes=(ALL,),
        label="secret token",
        at=ask.origin.at,
        by=ask.origin.by.name,
        until=ask.origin.at + LIFETIME,
    )


def _deed(act: str, account: ServiceAccount, details: dict[str, str]) -> AuditAction:
    return AuditAction(act=act, subject=account.name, project=account.project, details=details)
