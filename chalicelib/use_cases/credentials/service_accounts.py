"""Service accounts of a project: machine users, each with a secret token that is shown once."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from chalicelib.kernel import names
from chalicelib.kernel.access.principal import PrincipalKind, is_admin
from chalicelib.kernel.access.role import ALL, Level
from chalicelib.kernel.access.token import owner_key, text_of
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, NotFound
from chalicelib.use_cases.access.persons import begun_by
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.credentials.mint_token import Draft, Issued, bounded, latest_end, written
from chalicelib.use_cases.ports.access import ServiceAccount
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

LIFETIME = timedelta(days=3660)
"""Of a secret token, unless the token that requested it expires earlier. It is removed with its account."""


@frozen
class CreateServiceAccount:
    """Create a service account in a project. team: the team it belongs to, whose approvals it may decide."""

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


def create_service_account(ports: Ports, command: CreateServiceAccount) -> tuple[ServiceAccount, Issued]:
    """Create an account and return it with its secret token.

    Faults: Invalid, NotFound, Conflict if the name is taken; Forbidden if the caller is not in its team.
    """
    ports.projects.project(command.project)
    _check_team(command)
    if defects := (*names.service_account(command.name), *_team_defects(ports, command.team)):
        raise Invalid(defects)
    if ports.access.find_service_account(command.project, command.name) is not None:
        raise Conflict(f"project {command.project} has a service account {command.name} already")
    latest = latest_end(ports, command.origin.by, command.origin.at)
    issued = written(_secret(command, latest), text_of(ports.ids.secret()))
    account = ServiceAccount(
        project=command.project,
        name=command.name,
        role=command.role,
        team=command.team,
        token=issued.token.id,
        created_at=command.origin.at,
        created_by=owner_key(command.origin.by.kind, command.origin.by.name),
        behind=begun_by(ports, command.origin.by),
    )
    action = _action("added-service-account", account, {"role": command.role, "team": command.team})
    ports.access.create_service_account(account, issued.token, entry_of(command.origin, action))
    return account, issued


def remove_service_account(ports: Ports, command: ServiceAccountNamed) -> None:
    """Remove an account and revoke its token. Faults: NotFound."""
    account = ports.access.find_service_account(command.project, command.name)
    if account is None:
        raise NotFound(f"no service account {command.name} in project {command.project}")
    entry = entry_of(command.origin, _action("removed-service-account", account, {}))
    ports.access.remove_service_account(account, entry)


def list_service_accounts(ports: Ports, project: str) -> Sequence[ServiceAccount]:
    """List the service accounts of a project, by name. Faults: NotFound."""
    ports.projects.project(project)
    return ports.access.service_accounts(project)


def _team_defects(ports: Ports, team: str) -> Iterator[Defect]:
    if team and ports.access.find_group(team) is None:
        yield Defect("team", f"no group {team[:100]}: make it first")


def _check_team(command: CreateServiceAccount) -> None:
    """Refuse a team that the caller is not in: the account could decide that team's approvals."""
    by = command.origin.by
    if command.team and not (is_admin(by) or command.team in by.groups):
        raise Forbidden(f"{by.name} is not in the team {command.team[:100]}: only its members and admins add to it")


def _secret(command: CreateServiceAccount, latest: datetime | None) -> Draft:
    by = command.origin.by
    return Draft(
        kind=PrincipalKind.SERVICE_ACCOUNT,
        owner=f"{command.project}/{command.name}",
        scopes=(ALL,),
        label="secret token",
        at=command.origin.at,
        by=by.name,
        until=bounded(command.origin.at + LIFETIME, latest),
        minted_by=owner_key(by.kind, by.name),
    )


def _action(act: str, account: ServiceAccount, details: dict[str, str]) -> AuditAction:
    return AuditAction(act=act, subject=account.name, project=account.project, details=details)
