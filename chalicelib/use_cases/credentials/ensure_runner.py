"""The token of the runner that a single-machine installation starts along with itself."""

from datetime import datetime, timedelta

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import RUNNER, scope_of_pool
from chalicelib.kernel.access.token import Token, id_of, is_well_formed, owner_key, text_of
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.credentials.mint_token import Draft, written
from chalicelib.use_cases.credentials.token_checks import LONGEST_LIFETIME
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

LEAST_LEFT = timedelta(days=90)
"""A token with a shorter remaining life is replaced at start, as the platform is not restarted every day."""


@frozen
class EnsureRunner:
    """Ensure that a runner can lease from these pools alone. text: its previous token."""

    now: datetime
    runner: str
    pools: tuple[str, ...]
    text: str | None = None


def ensure_runner(ports: Ports, command: EnsureRunner) -> str:
    """Return the text of a valid token: the runner's previous one, or a new one."""
    known = (
        ports.access.find_token(id_of(command.text))
        if command.text is not None and is_well_formed(command.text)
        else None
    )
    if known is not None and command.text is not None and _is_reusable(known, command):
        return command.text
    text = text_of(ports.ids.secret())
    token = written(_draft(command), text).token
    start = Origin(
        by=Principal(name=command.runner, kind=PrincipalKind.ADMIN), at=command.now, seed=ports.ids.identifier()
    )
    details = {"owner": owner_key(token.kind, token.owner), "scopes": " ".join(token.scopes), "label": token.label}
    ports.access.create_token(
        token, entry_of(start, AuditAction(act="issued-token", subject=token.id, details=details))
    )
    return text


def _is_reusable(known: Token, command: EnsureRunner) -> bool:
    is_its_own = (known.kind, known.owner, known.scopes) == (PrincipalKind.RUNNER, command.runner, _scopes(command))
    return is_its_own and known.expires_at is not None and known.expires_at - command.now > LEAST_LEFT


def _draft(command: EnsureRunner) -> Draft:
    return Draft(
        kind=PrincipalKind.RUNNER,
        owner=command.runner,
        roles=(RUNNER,),
        scopes=_scopes(command),
        label="of this machine",
        at=command.now,
        by=command.runner,
        until=command.now + LONGEST_LIFETIME,
    )


def _scopes(command: EnsureRunner) -> tuple[str, ...]:
    return tuple(map(scope_of_pool, command.pools))
