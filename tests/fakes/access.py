"""Access in memory. Reads are never old."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.access.lockout import window_of
from chalicelib.kernel.access.token import Token, owner_key
from chalicelib.kernel.faults import Conflict, Stale
from chalicelib.use_cases.ports.access import TOKEN_USE_NOTED, Access, Group, ServiceAccount, User, place_of
from chalicelib.use_cases.ports.runs import Page
from tests.fakes.audits import FakeAudits

Named = TypeVar("Named", User, Group)


@dataclass
class FakeAccess(Access):
    """Access in memory."""

    audits: FakeAudits = field(default_factory=FakeAudits)
    uses: dict[str, datetime] = field(default_factory=dict)
    _wrong: Counter[tuple[str, int]] = field(default_factory=Counter)
    _tokens: dict[str, Token] = field(default_factory=dict)
    _users: dict[str, User] = field(default_factory=dict)
    _groups: dict[str, Group] = field(default_factory=dict)
    _accounts: dict[tuple[str, str], ServiceAccount] = field(default_factory=dict)

    def create_token(self, token: Token, entry: AuditEntry | None) -> None:
        self._refuse_shown(entry)
        if token.id in self._tokens:
            raise Conflict(f"token {token.id} is there already")
        self._tokens[token.id] = token
        if entry is not None:
            self.audits.write(entry)

    def wrong_secrets(self, name: str, now: datetime) -> int:
        return self._wrong[name.lower(), window_of(now)]

    def add_wrong_secret(self, name: str, now: datetime) -> int:
        self._wrong[name.lower(), window_of(now)] += 1
        return self._wrong[name.lower(), window_of(now)]

    def find_token(self, token_id: str) -> Token | None:
        return self._as_used(self._tokens[token_id]) if token_id in self._tokens else None

    def note_use(self, token: Token, now: datetime) -> None:
        is_noted = token.used_at is not None and now < token.used_at + TOKEN_USE_NOTED
        if token.id in self._tokens and not is_noted:
            self.uses[token.id] = now

    def remove_token(self, token_id: str, entry: AuditEntry) -> None:
        if not self.audits.has(entry):
            self._tokens.pop(token_id, None)
            self.audits.write(entry)

    def tokens_of(self, owner: str, page: Page) -> Sequence[Token]:
        own = [token for token in self._tokens.values() if owner_key(token.kind, token.owner) == owner]
        newest_first = sorted(own, key=place_of, reverse=True)
        found = [token for token in newest_first if page.after is None or place_of(token) < page.after]
        return list(map(self._as_used, found[: page.size]))

    def tokens_minted_by(self, minter: str, page: Page) -> Sequence[Token]:
        minted = [token for token in self._tokens.values() if token.minted_by == minter]
        others = [token for token in minted if owner_key(token.kind, token.owner) != minter]
        newest_first = sorted(others, key=place_of, reverse=True)
        found = [token for token in newest_first if page.after is None or place_of(token) < page.after]
        return list(map(self._as_used, found[: page.size]))

    def create_user(self, user: User, entry: AuditEntry) -> User:
        if self.audits.has(entry):
            return self._users[user.name]
        if user.name in self._users:
            raise Conflict(f"there is a user {user.name} already")
        self._refuse_taken_mail(user)
        return self._kept(user, entry)

    def find_user(self, name: str) -> User | None:
        return self._users.get(name)

    def find_user_by_mail(self, mail: str) -> User | None:
        return next((user for user in self._users.values() if user.mail and user.mail == mail), None)

    def save_user(self, user: User, before: User, entry: AuditEntry) -> User:
        if self.audits.has(entry):
            return self._users[user.name]
        self._refuse_stale(before)
        self._refuse_taken_mail(user)
        return self._kept(replace(user, version=before.version), entry)

    def remove_user(self, user: User, entry: AuditEntry) -> None:
        if not self.audits.has(entry):
            self._refuse_stale(user)
            del self._users[user.name]
            self.audits.write(entry)

    def users(self, page: Page) -> Sequence[User]:
        return _page(self._users.values(), page)

    def find_group(self, name: str) -> Group | None:
        return self._groups.get(name)

    def save_group(self, group: Group, entry: AuditEntry) -> Group:
        if self.audits.has(entry):
            return self._groups[group.name]
        there = self._groups.get(group.name)
        if (there.version if there else 0) != group.version:
            raise Stale(f"group {group.name} has changed")
        self._groups[group.name] = replace(group, version=group.version + 1)
        self.audits.write(entry)
        return self._groups[group.name]

    def remove_group(self, name: str, entry: AuditEntry) -> None:
        if not self.audits.has(entry):
            self._groups.pop(name, None)
            self.audits.write(entry)

    def groups(self, page: Page) -> Sequence[Group]:
        return _page(self._groups.values(), page)

    def create_service_account(self, account: ServiceAccount, secret: Token, entry: AuditEntry) -> None:
        self._refuse_shown(entry)
        if (account.project, account.name) in self._accounts:
            raise Conflict(f"there is a service account {account.name} in project {account.project} already")
        self.create_token(secret, entry)
        self._accounts[account.project, account.name] = account

    def find_service_account(self, project: str, name: str) -> ServiceAccount | None:
        return self._accounts.get((project, name))

    def remove_service_account(self, account: ServiceAccount, entry: AuditEntry) -> None:
        if not self.audits.has(entry):
            self._accounts.pop((account.project, account.name), None)
            self.remove_token(account.token, entry)

    def service_accounts(self, project: str) -> Sequence[ServiceAccount]:
        return [account for (own, _), account in sorted(self._accounts.items()) if own == project]

    def _as_used(self, token: Token) -> Token:
        return replace(token, used_at=self.uses[token.id]) if token.id in self.uses else token

    def _refuse_shown(self, entry: AuditEntry | None) -> None:
        if entry is not None and self.audits.has(entry):
            raise Conflict(f"{entry.act} {entry.subject}: this is done, and a token is shown once")

    def _kept(self, user: User, entry: AuditEntry) -> User:
        self._users[user.name] = replace(user, version=user.version + 1)
        self.audits.write(entry)
        return self._users[user.name]

    def _refuse_stale(self, before: User) -> None:
        there = self._users.get(before.name)
        if there is None or there.version != before.version:
            raise Stale(f"user {before.name} has changed")

    def _refuse_taken_mail(self, user: User) -> None:
        other = self.find_user_by_mail(user.mail)
        if other is not None and other.name != user.name:
            raise Conflict(f"the mail address {user.mail} belongs to another user")


def _page(all_of_them: Iterable[Named], page: Page) -> Sequence[Named]:
    by_name = sorted(all_of_them, key=lambda one: one.name)
    start = 0 if page.after is None else bisect_right([one.name for one in by_name], page.after)
    return by_name[start : start + page.size]
