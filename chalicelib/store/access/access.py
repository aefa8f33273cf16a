"""Store tokens, users, groups and service accounts in the table `access`. Keys: keys.py."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from pynamodb.expressions.operand import Path

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.access.lockout import window_of
from chalicelib.kernel.access.token import Token, owner_key
from chalicelib.kernel.faults import Conflict, Stale, Throttled
from chalicelib.store.access import keys
from chalicelib.store.audit.transaction import transact_audited
from chalicelib.store.dynamo import key_parts as dynamo_key_parts
from chalicelib.store.dynamo.expressions import ConditionFailed, Key
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import Recent, expiry, item_of, record_of
from chalicelib.store.dynamo.saving import NEW, on_version
from chalicelib.store.dynamo.tables import Put, Reading, Remove, Table, Tables, Write
from chalicelib.use_cases.ports.access import TOKEN_USE_NOTED, Access, Group, ServiceAccount, User, place_of
from chalicelib.use_cases.ports.clock import Clock
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.override import override

SEEN = timedelta(seconds=5)
"""Maximum age of a cached read: a revoked token may work in another process for this long."""

KEPT_AFTER_EXPIRY = timedelta(days=1)

Record = TypeVar("Record", Token, User, Group, ServiceAccount)


class StoredAccess(Access):
    """Implement the access port on DynamoDB. Make one per process: it caches single items for the time SEEN."""

    def __init__(self, tables: Tables, clock: Clock, identifier: Callable[[], str]) -> None:
        self._tables = tables
        self._table: Table = tables.of(keys.ACCESS)
        self._identifier = identifier
        self._recent: Recent[Token | User | Group | ServiceAccount] = Recent(clock.now, kept=SEEN)

    @override
    def create_token(self, token: Token, entry: AuditEntry | None) -> None:
        item = _token_item(token)
        try:
            if entry is None:
                self._table.put(item, NEW)
            else:
                self._add_secret([Put(self._table, item, NEW)], entry)
        except ConditionFailed as error:
            if entry is not None or not _is_own(token, error):
                raise Conflict(f"token {token.id} is there already") from error

    @override
    def find_token(self, token_id: str) -> Token | None:
        return self._read(Token, keys.token_key(token_id))

    @override
    def note_use(self, token: Token, now: datetime) -> None:
        if token.used_at is not None and now < token.used_at + TOKEN_USE_NOTED:
            return
        key, used = keys.token_key(token.id), replace(token, used_at=now)
        # Revoked meanwhile, or asked for too often: whoever comes by it is let in, or not, all the same.
        with suppress(ConditionFailed, Throttled):
            self._table.put(_token_item(used), Path("pk").exists())
        self._recent.drop(key)

    @override
    def remove_token(self, token_id: str, entry: AuditEntry) -> None:
        self._remove([keys.token_key(token_id)], entry)

    @override
    def tokens_of(self, owner: str, page: Page) -> Sequence[Token]:
        start = None
        if page.after is not None:
            start = _start(keys.token_key(page.after.rpartition("#")[2]), keys.owner_hash(owner), page.after)
        reading = Reading(index=dynamo_key_parts.BY_FIRST, limit=page.size, backward=True, after=start)
        found = self._table.query(Path("first") == keys.owner_hash(owner), reading)
        return [record_of(Token, item) for item in found.items]

    @override
    def tokens_minted_by(self, minter: str, page: Page) -> Sequence[Token]:
        start, hashed = None, keys.minter_hash(minter)
        if page.after is not None:
            key = keys.token_key(page.after.rpartition("#")[2])
            start = {**key._asdict(), "second": hashed, "second_key": page.after}
        reading = Reading(index=dynamo_key_parts.BY_SECOND, limit=page.size, backward=True, after=start)
        found = self._table.query(Path("second") == hashed, reading)
        return [record_of(Token, item) for item in found.items]

    @override
    def wrong_secrets(self, name: str, now: datetime) -> int:
        item = self._table.get(keys.guesses_key(name, window_of(now)))
        return int(item["wrong"]) if item is not None else 0

    @override
    def add_wrong_secret(self, name: str, now: datetime) -> int:
        counted = (Path("wrong").add(1), Path("expires_at").set(expiry(now + KEPT_AFTER_EXPIRY)))
        return int(self._table.update(keys.guesses_key(name, window_of(now)), counted)["wrong"])

    @override
    def create_user(self, user: User, entry: AuditEntry) -> User:
        added = replace(user, version=1)
        try:
            is_new = self._write([Put(self._table, _user_item(added), NEW), *self._claim(added)], entry)
        except ConditionFailed as error:
            raise Conflict(_taken(user, error)) from error
        return self._current(keys.user_key(user.name), added, is_new=is_new)

    @override
    def find_user(self, name: str) -> User | None:
        return self._read(User, keys.user_key(name))

    @override
    def find_user_by_mail(self, mail: str) -> User | None:
        claim = self._table.get(keys.mail_key(mail)) if mail else None
        return self.find_user(claim["name"]) if claim is not None else None

    @override
    def save_user(self, user: User, before: User, entry: AuditEntry) -> User:
        saved = replace(user, version=before.version + 1)
        moves = [] if user.mail == before.mail else [*self._claim(user), *self._unclaim(before)]
        try:
            put = Put(self._table, _user_item(saved), on_version(before.version))
            is_new = self._write([put, *moves], entry)
        except ConditionFailed as error:
            self._recent.drop(keys.user_key(user.name))
            if 0 in error.places:
                raise Stale(f"user {user.name} has changed") from error
            raise Conflict(_taken(user, error)) from error
        return self._current(keys.user_key(user.name), saved, is_new=is_new)

    @override
    def remove_user(self, user: User, entry: AuditEntry) -> None:
        key = keys.user_key(user.name)
        self._recent.drop(key)
        try:
            self._write([Remove(self._table, key, on_version(user.version)), *self._unclaim(user)], entry)
        except ConditionFailed as error:
            raise Stale(f"user {user.name} has changed") from error
        self._recent.drop(key)

    @override
    def users(self, page: Page) -> Sequence[User]:
        start = None if page.after is None else _start(keys.user_key(page.after), keys.USERS, page.after)
        return [record_of(User, item) for item in self._by_name(keys.USERS, page.size, start)]

    @override
    def find_group(self, name: str) -> Group | None:
        return self._read(Group, keys.group_key(name))

    @override
    def save_group(self, group: Group, entry: AuditEntry) -> Group:
        saved, key = replace(group, version=group.version + 1), keys.group_key(group.name)
        condition = on_version(group.version or None)
        listed = {"first": keys.GROUPS, "first_key": group.name}
        item = item_of(key, Group, saved, f"group {group.name}", version=saved.version, **listed)
        try:
            is_new = self._write([Put(self._table, item, condition)], entry)
        except ConditionFailed as error:
            self._recent.drop(key)
            raise Stale(f"group {group.name} has changed") from error
        return self._current(key, saved, is_new=is_new)

    @override
    def remove_group(self, name: str, entry: AuditEntry) -> None:
        self._remove([keys.group_key(name)], entry)

    @override
    def groups(self, page: Page) -> Sequence[Group]:
        start = None if page.after is None else _start(keys.group_key(page.after), keys.GROUPS, page.after)
        return [record_of(Group, item) for item in self._by_name(keys.GROUPS, page.size, start)]

    @override
    def create_service_account(self, account: ServiceAccount, secret: Token, entry: AuditEntry) -> None:
        key = keys.service_account_key(account.project, account.name)
        item = item_of(key, ServiceAccount, account, f"service account {account.name}")
        puts = [Put(self._table, item, NEW), Put(self._table, _token_item(secret), NEW)]
        try:
            self._add_secret(puts, entry)
        except ConditionFailed as error:
            there = f"there is a service account {account.name} in project {account.project} already"
            raise Conflict(there) from error

    @override
    def find_service_account(self, project: str, name: str) -> ServiceAccount | None:
        return self._read(ServiceAccount, keys.service_account_key(project, name))

    @override
    def remove_service_account(self, account: ServiceAccount, entry: AuditEntry) -> None:
        gone = [keys.service_account_key(account.project, account.name), keys.token_key(account.token)]
        self._remove(gone, entry)

    @override
    def service_accounts(self, project: str) -> Sequence[ServiceAccount]:
        hashed = keys.service_account_key(project, "").pk
        items = self._table.every(Path("pk") == hashed, Reading(consistent=True))
        return [record_of(ServiceAccount, item) for item in items]

    def _read(self, kind: type[Record], key: Key) -> Record | None:
        def fetch() -> Record | None:
            item = self._table.get(key)
            return None if item is None else record_of(kind, item)

        found = self._recent.get(key, fetch)
        return found if isinstance(found, kind) else None

    def _add_secret(self, puts: Sequence[Put], entry: AuditEntry) -> None:
        if not self._write(puts, entry):
            raise Conflict(f"{entry.act} {entry.subject}: this is done, and a token is shown once")

    def _remove(self, gone: Sequence[Key], entry: AuditEntry) -> None:
        self._write([Remove(self._table, key) for key in gone], entry)
        for key in gone:
            self._recent.drop(key)

    def _current(self, key: Key, record: Record, *, is_new: bool) -> Record:
        """Return the current record. is_new: false when an earlier attempt already wrote it, so it is read again."""
        self._recent.drop(key)
        return record if is_new else self._read(type(record), key) or record

    def _write(self, writes: Sequence[Write], entry: AuditEntry) -> bool:
        return transact_audited(self._tables, writes, entry)

    def _claim(self, user: User) -> list[Write]:
        if not user.mail:
            return []
        return [Put(self._table, {**keys.mail_key(user.mail)._asdict(), "name": user.name}, NEW)]

    def _unclaim(self, user: User) -> list[Write]:
        return [Remove(self._table, keys.mail_key(user.mail))] if user.mail else []

    def _by_name(self, first: str, size: int, start: Item | None) -> Sequence[Item]:
        return self._table.query(
            Path("first") == first, Reading(index=dynamo_key_parts.BY_FIRST, limit=size, after=start)
        ).items


def _is_own(token: Token, error: ConditionFailed) -> bool:
    """True when the stored token is the one to write: an earlier attempt succeeded and its reply was lost."""
    there = error.there[0]
    return there is not None and bool(record_of(Token, there) == token)


def _taken(user: User, error: ConditionFailed) -> str:
    if 0 in error.places:
        return f"there is a user {user.name} already"
    return f"the mail address {user.mail} belongs to another user"


def _user_item(user: User) -> Item:
    listed = {"first": keys.USERS, "first_key": user.name}
    return item_of(keys.user_key(user.name), User, user, f"user {user.name}", version=user.version, **listed)


def _token_item(token: Token) -> Item:
    own = owner_key(token.kind, token.owner)
    minted = {} if token.minted_by in ("", own) else _minted(token)
    return item_of(
        keys.token_key(token.id),
        Token,
        token,
        f"token {token.id}",
        first=keys.owner_hash(own),
        first_key=place_of(token),
        **minted,
        expires_at=None if token.expires_at is None else expiry(token.expires_at + KEPT_AFTER_EXPIRY),
    )


def _minted(token: Token) -> dict[str, str]:
    return {"second": keys.minter_hash(token.minted_by), "second_key": place_of(token)}


def _start(key: Key, first: str, first_key: str) -> Item:
    """Return the exclusive start key of a page of the index `by_first`."""
    return {**key._asdict(), "first": first, "first_key": first_key}
