"""Service accounts of a project: machine users, each with a secret token that is shown once."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from chalicelib.kernel import names
from chalicelib.kernel.access.principal import PrincipalKind, is_admin
from chalicelib.kernel.access.role import ALL, Level
from chalicelib.kernel.access.token import owner_key, text_of
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, NotFound
from chalicelib.use_cases.access.mint_token import Draft, Issued, bounded, latest_end, written
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
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


def create_service_account(ports: Ports, ask: CreateServiceAccount) -> tuple[ServiceAccount, Issued]:
    """Create an account and return it with its secret token.

    Faults: Invalid, NotFound, Conflict if the name is taken; Forbidden if the caller is not in its team.
    """
    ports.projects.project(ask.project)
    _check_team(ask)
    if defects := (*names.service_account(ask.name), *_team_defects(ports, ask.team)):
        raise Invalid(defects)
    if ports.access.find_service_account(ask.project, ask.name) is not None:
        raise Conflict(f"project {ask.project} has a service account {ask.name} already")
    latest = latest_end(ports, ask.origin.by, ask.origin.at)
    issued = written(_secret(ask, latest), text_of(ports.ids.secret()))
    account = ServiceAccount(
        project=ask.project,
        name=ask.name,
        role=ask.role,
        team=ask.team,
        token=issued.token.id,
        created_at=ask.origin.at,
        created_by=owner_key(ask.origin.by.kind, ask.origin.by.name),
    )
    action = _action("added-service-account", account, {"role": ask.role, "team": ask.team})
    ports.access.create_service_account(account, issued.token, entry_of(ask.origin, action))
    return account, issued


def remove_service_account(ports: Ports, ask: ServiceAccountNamed) -> None:
    """Remove an account and revoke its token. Faults: NotFound."""
    account = ports.access.find_service_account(ask.project, ask.name)
    if account is None:
        raise NotFound(f"no service account {ask.name} in project {ask.project}")
    entry = entry_of(ask.origin, _action("removed-service-account", account, {}))
    ports.access.remove_service_account(account, entry)


def list_service_accounts(ports: Ports, project: str) -> Sequence[ServiceAccount]:
    """List the service accounts of a project, by name. Faults: NotFound."""
    ports.projects.project(project)
    return ports.access.service_accounts(project)


def _team_defects(ports: Ports, team: str) -> Iterator[Defect]:
    if team and ports.access.find_group(team) is None:
        yield Defect("team", f"no group {team[:100]}: make it first")


def _check_team(ask: CreateServiceAccount) -> None:
    """Refuse a team that the caller is not in: the account could decide that team's approvals."""
    by = ask.origin.by
    if ask.team and not (is_admin(by) or ask.team in by.groups):
        raise Forbidden(f"{by.name} is not in the team {ask.team[:100]}: only its members and admins add to it")


def _secret(ask: CreateServiceAccount, latest: datetime | None) -> Draft:
    by = ask.origin.by
    return Draft(
        kind=PrincipalKind.SERVICE_ACCOUNT,
        owner=f"{ask.project}/{ask.name}",
        scopes=(ALL,),
        label="secret token",
        at=ask.origin.at,
        by=by.name,
        until=bounded(ask.origin.at + LIFETIME, latest),
        minted_by=owner_key(by.kind, by.name),
    )


def _action(act: str, account: ServiceAccount, details: dict[str, str]) -> AuditAction:
    return AuditAction(act=act, subject=account.name, project=account.project, details=details)
