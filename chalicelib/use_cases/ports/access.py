"""Ports for access: tokens, users and accounts, the audit log, idempotency keys and secrets."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.kernel.access.audit_entry import AuditEntry, Head, Seal
from chalicelib.kernel.access.invitation import Invitation
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.access.token import Token
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen


@frozen
class User:
    """A person. mail: lower case, unique, may be empty. password: its hash, empty if there is none.

    joined: when they joined each group. tokens_from, sessions_from: own tokens, and sessions, created until then are
    invalid. invitation: by which they choose a password, as long as they have none.
    """

    name: str
    mail: str = ""
    password: str = ""
    roles: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    joined: Mapping[str, datetime] = field(default_factory=dict)
    tokens_from: datetime | None = None
    sessions_from: datetime | None = None
    disabled: bool = False
    invitation: Invitation | None = None
    created_at: datetime
    version: int = 0


@frozen
class Group:
    """Roles shared by several users. version: 0 before it is stored.

    members_from: users who joined before were in an earlier group of that name, not in this; None in old records.
    """

    name: str
    roles: tuple[str, ...] = ()
    created_at: datetime
    members_from: datetime | None = None
    version: int = 0


@frozen
class ServiceAccount:
    """A machine user of a project. team: the team it belongs to. token: id of its secret token.

    created_by: who created it and so knows its secret, as `owner_key` writes it. behind: they and all who stood behind
    them then; empty in old records.
    """

    project: str
    name: str
    role: Level
    team: str = ""
    token: str
    created_at: datetime
    created_by: str = ""
    behind: tuple[str, ...] = ()


TOKEN_USE_NOTED = timedelta(hours=1)
"""So seldom it is noted that a token is used: a write an hour for each process at most."""


class Access(Protocol):
    """Tokens, users, groups and service accounts.

    Single reads may be cached for 5 s, so that a request costs none: a revoked token is refused everywhere within 5 s.
    What the same process changed, or found stale, is read again. Audit entries are handled as in projects.py.
    """

    def create_token(self, token: Token, entry: AuditEntry | None) -> None:
        """Store a new token. entry: None for a token that the platform issues itself.

        Faults: Conflict if the id is taken, or if this request stored one before: its text cannot be shown again.
        """

    def find_token(self, token_id: str) -> Token | None:
        """Return the token of that id, if there is one."""

    def note_use(self, token: Token, now: datetime) -> None:
        """Note that a token is used, if that was not noted within TOKEN_USE_NOTED; a missing one stays so."""

    def remove_token(self, token_id: str, entry: AuditEntry) -> None:
        """Delete a token; a missing one is no fault."""

    def tokens_of(self, owner: str, page: Page) -> Sequence[Token]:
        """List the tokens of an owner, newest first. owner: as of `owner_key`. page.after: as of `place_of`."""

    def tokens_minted_by(self, minter: str, page: Page) -> Sequence[Token]:
        """List the tokens that the owner issued to others, newest first. minter: as of `owner_key`."""

    def wrong_secrets(self, name: str, now: datetime) -> int:
        """Return how many wrong secrets were presented for a name in the time window of `now` (a consistent read)."""

    def add_wrong_secret(self, name: str, now: datetime) -> int:
        """Count a failure for a name, whether such an account exists or not; return the count."""

    def create_user(self, user: User, entry: AuditEntry) -> User:
        """Store a new user. Faults: Conflict if name or mail is taken."""

    def find_user(self, name: str) -> User | None:
        """Return the user of that name, if there is one."""

    def find_user_by_mail(self, mail: str) -> User | None:
        """Return the user of that mail, if there is one. mail: in lower case."""

    def save_user(self, user: User, before: User, entry: AuditEntry) -> User:
        """Save on the version of `before`; the saved user has the next. Faults: Stale, Conflict (mail)."""

    def remove_user(self, user: User, entry: AuditEntry) -> None:
        """Delete a user. Faults: Stale."""

    def users(self, page: Page) -> Sequence[User]:
        """List users by name."""

    def find_group(self, name: str) -> Group | None:
        """Return the group of that name, if there is one."""

    def save_group(self, group: Group, entry: AuditEntry) -> Group:
        """Save on its version, 0 for a new one; the saved group has the next. Faults: Stale."""

    def remove_group(self, name: str, entry: AuditEntry) -> None:
        """Delete a group; a missing one is no fault."""

    def groups(self, page: Page) -> Sequence[Group]:
        """List groups by name."""

    def create_service_account(self, account: ServiceAccount, secret: Token, entry: AuditEntry) -> None:
        """Store a new service account and its token in one transaction.

        Faults: Conflict if the name is taken, also if this request stored it before.
        """

    def find_service_account(self, project: str, name: str) -> ServiceAccount | None:
        """Return the service account of a project, if there is one."""

    def remove_service_account(self, account: ServiceAccount, entry: AuditEntry) -> None:
        """Delete a service account and its token; a missing one is no fault."""

    def service_accounts(self, project: str) -> Sequence[ServiceAccount]:
        """List the service accounts of a project, by name."""


@frozen
class AuditSearch:
    """Which entries are looked for. project: empty for the whole log. by, act: exactly.

    subject: a part of it, in any case. machines: those of machines, else those of people. since: from then on.
    until: before then.
    """

    project: str = ""
    machines: bool = False
    by: str = ""
    act: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


@frozen
class FoundEntries:
    """A page of entries. after: where the next page begins; None at the end."""

    entries: Sequence[AuditEntry]
    after: str | None


class Audits(Protocol):
    """The audit log. Entries are written by use cases, seals by the sealer alone."""

    def write(self, entry: AuditEntry) -> None:
        """Store an entry; an existing one of that id stays as it is."""

    def find(self, search: AuditSearch, page: Page) -> FoundEntries:
        """List the entries that are looked for, newest first. page.after: as of `FoundEntries`.

        A page looks at a bounded number of entries, so that it may hold fewer than there are.
        """

    def relist(self, now: datetime) -> None:
        """List some more of the entries that earlier versions wrote, so that `find` finds them; idempotent."""

    def entries(self, ids: Sequence[str]) -> Mapping[str, AuditEntry]:
        """Return the existing entries of these ids, by id."""

    def unsealed(self, limit: int) -> Sequence[AuditEntry]:
        """Return up to `limit` entries that are in no seal, roughly oldest first."""

    def head(self) -> Head:
        """Return the head of the chain (a consistent read)."""

    def seals(self, after: int, limit: int) -> Sequence[Seal]:
        """Return seals with a number over `after`, in order."""

    def add_seal(self, seal: Seal) -> bool:
        """Store a seal and make it the head; return False if the head is not the seal before it."""

    def mark_sealed(self, seal: Seal) -> None:
        """Mark the entries of a stored seal as sealed; it is idempotent."""


def place_of(made: AuditEntry | Token) -> str:
    """Return the sort key of an entry or token in lists: by time, then id."""
    at = made.at if isinstance(made, AuditEntry) else made.created_at
    return f"{moment_of(at)}#{made.id}"


def matches(search: AuditSearch, entry: AuditEntry) -> bool:
    """Whether an entry has the person, act and subject that are looked for."""
    is_one = search.by in ("", entry.by) and search.act in ("", entry.act)
    return is_one and search.subject.lower() in entry.subject.lower()


def moment_of(at: datetime) -> str:
    """Return where the entries of an instant begin in lists: before all with an id."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


class Idempotency(Protocol):
    """Records under keys, each with an expiry."""

    def claim(self, key: str, record: str, *, now: datetime, until: datetime) -> str | None:
        """Store the record and return None, unless an unexpired one exists: then return that one."""

    def find(self, key: str, *, now: datetime) -> str | None:
        """Return the record under the key, unless it has expired."""

    def finish(self, key: str, claimed: str, record: str, *, until: datetime) -> None:
        """Replace the record if it is still the claimed one, else do nothing."""

    def release(self, key: str, claimed: str) -> None:
        """Remove the record if it is still the claimed one, else do nothing."""


class Secrets(Protocol):
    """Secret values: private keys, secret variables. Tables hold only references to them."""

    def put(self, name: str, value: str) -> str:
        """Store a value under a name, replacing the one before, and return its reference."""

    def get(self, reference: str) -> str:
        """Return the value. Faults: NotFound."""

    def delete(self, reference: str) -> None:
        """Delete the value; a missing one is no fault."""
