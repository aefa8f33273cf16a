"""What the use cases need from outside about access: who is known, what was done by whom, keyed asks and secrets."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.kernel.access.audit_entry import AuditEntry, Head, Seal
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.access.token import Token
from chalicelib.kernel.frozen import frozen
from chalicelib.use_cases.ports.runs import Page


@frozen
class User:
    """A person. mail: in lower case, unique, may be empty. password: what is kept of it, empty when there is none."""

    name: str
    mail: str = ""
    password: str = ""
    roles: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    disabled: bool = False
    created_at: datetime
    version: int = 0


@frozen
class Group:
    """Roles that several people have. version: 0 before it is stored."""

    name: str
    roles: tuple[str, ...] = ()
    created_at: datetime
    version: int = 0


@frozen
class ServiceAccount:
    """A machine that acts in a project. team: whom it belongs to. token: id of its secret token.

    created_by: who made it and so knows its secret, as `owner_key` writes it.
    """

    project: str
    name: str
    role: Level
    team: str = ""
    token: str
    created_at: datetime
    created_by: str = ""


class Access(Protocol):
    """Tokens, users, groups and service accounts.

    Single reads may be 5 s old, so that a request costs none: a revoked token is refused everywhere within 5 s. What
    the same process changed, or found stale, it reads anew. Entries of the audit log are taken as in projects.py.
    """

    def create_token(self, token: Token, entry: AuditEntry | None) -> None:
        """Store a new token. entry: none for what the platform gives itself.

        Faults: Conflict when the id is taken, and when this ask stored one before, whose text nobody can show again.
        """

    def token(self, token_id: str) -> Token | None:
        """The token of that id."""

    def remove_token(self, token_id: str, entry: AuditEntry) -> None:
        """Forget a token; one that is not there is no fault."""

    def tokens_of(self, owner: str, page: Page) -> Sequence[Token]:
        """The tokens of an owner, newest first. owner: as `owner_key` writes it; after: as `place_of` does."""

    def wrong_secrets(self, name: str, now: datetime) -> int:
        """How many wrong secrets were shown for a name in the window of an instant (a consistent read)."""

    def add_wrong_secret(self, name: str, now: datetime) -> None:
        """Count one more, whether there is anybody of that name or not."""

    def create_user(self, user: User, entry: AuditEntry) -> User:
        """Store a new user. Faults: Conflict when name or mail is taken."""

    def user(self, name: str) -> User | None:
        """The user of that name."""

    def user_of_mail(self, mail: str) -> User | None:
        """The user of that mail. mail: in lower case."""

    def save_user(self, user: User, before: User, entry: AuditEntry) -> User:
        """Save on the version of the one before; the saved user has the next. Faults: Stale, Conflict (mail)."""

    def remove_user(self, user: User, entry: AuditEntry) -> None:
        """Forget a user. Faults: Stale."""

    def users(self, page: Page) -> Sequence[User]:
        """All users by name."""

    def group(self, name: str) -> Group | None:
        """The group of that name."""

    def save_group(self, group: Group, entry: AuditEntry) -> Group:
        """Save on its version, 0 when it is new; the saved group has the next. Faults: Stale."""

    def remove_group(self, name: str, entry: AuditEntry) -> None:
        """Forget a group; one that is not there is no fault."""

    def groups(self, page: Page) -> Sequence[Group]:
        """All groups by name."""

    def create_service_account(self, account: ServiceAccount, secret: Token, entry: AuditEntry) -> None:
        """Store a new service account and its token at once.

        Faults: Conflict when the project has one of that name, also when this ask stored it before.
        """

    def service_account(self, project: str, name: str) -> ServiceAccount | None:
        """The service account of a project."""

    def remove_service_account(self, account: ServiceAccount, entry: AuditEntry) -> None:
        """Forget a service account and its token; one that is not there is no fault."""

    def service_accounts(self, project: str) -> Sequence[ServiceAccount]:
        """The service accounts of a project, by name."""


class Audits(Protocol):
    """The audit log. Entries are written by whoever acts, seals by the sealer alone."""

    def write(self, entry: AuditEntry) -> None:
        """Keep an entry; one of that id that is there stays as it is."""

    def of_project(self, project: str, page: Page) -> Sequence[AuditEntry]:
        """The entries of a project, newest first. after: as `place_of` writes it."""

    def entries(self, ids: Sequence[str]) -> Mapping[str, AuditEntry]:
        """Those of the entries that are there, by id."""

    def unsealed(self, limit: int) -> Sequence[AuditEntry]:
        """Entries that no seal has taken in, older ones first as far as may be."""

    def head(self) -> Head:
        """How far the chain goes (a consistent read)."""

    def seals(self, after: int, limit: int) -> Sequence[Seal]:
        """Seals with a number over `after`, in order."""

    def add_seal(self, seal: Seal) -> bool:
        """Store a seal and make it the head; false when the head is not the seal before it."""

    def mark_sealed(self, seal: Seal) -> None:
        """Let the entries of a stored seal be unsealed no more; doing it again changes nothing."""


def place_of(made: AuditEntry | Token) -> str:
    """The place of an entry or token in lists: sorts by time, then id."""
    at = made.at if isinstance(made, AuditEntry) else made.created_at
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z#{made.id}"


class Idempotency(Protocol):
    """Texts under keys, each until an instant."""

    def claim(self, key: str, record: str, *, now: datetime, until: datetime) -> str | None:
        """Put the record, unless one that has not run out stands there: then that one is the answer."""

    def finish(self, key: str, claimed: str, record: str, *, until: datetime) -> None:
        """Replace the record, if it is still the claimed one; nothing happens when it is not."""

    def release(self, key: str, claimed: str) -> None:
        """Remove the record, if it is still the claimed one; nothing happens when it is not."""


class Secrets(Protocol):
    """Texts that only those who use them may see: private keys, secret variables. Tables hold references."""

    def put(self, name: str, value: str) -> str:
        """Keep a value under a name, over the one before; the answer is its reference."""

    def get(self, reference: str) -> str:
        """The value. Faults: NotFound."""

    def delete(self, reference: str) -> None:
        """Forget the value; one that is not there is no fault."""
