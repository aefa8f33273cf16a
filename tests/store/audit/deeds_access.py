"""The ways to change who may do what."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.kernel.access.principal import PrincipalKind
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.access.token import Token
from chalicelib.use_cases.ports.access import Group, ServiceAccount, User
from chalicelib.use_cases.ports.runs import Page
from tests.builders import NOON, an_entry
from tests.store.audit.deeds import Kept, Way

TOKEN = Token(
    id="t1",
    digest="d1",
    kind=PrincipalKind.SERVICE_ACCOUNT,
    owner="web/ci",
    scopes=("all",),
    created_at=NOON,
    created_by="ann",
)
ANN = User(name="ann", mail="ann@example.org", created_at=NOON)
ADDED = replace(ANN, version=1)
OPS = Group(name="ops", created_at=NOON)
ACCOUNT = ServiceAccount(project="web", name="ci", role=Level.READ, token="t1", created_at=NOON)


def a_token(kept: Kept) -> None:
    """There was a token."""
    kept.access.create_token(TOKEN, None)


def a_user(kept: Kept) -> None:
    """There was a user."""
    kept.access.create_user(ANN, an_entry())


def a_group(kept: Kept) -> None:
    """There was a group."""
    kept.access.save_group(OPS, an_entry())


def an_account(kept: Kept) -> None:
    """There was a service account."""
    kept.access.create_service_account(ACCOUNT, TOKEN, an_entry())


def all_access(kept: Kept) -> object:
    """Everybody, and every token."""
    mails = [kept.access.find_user_by_mail(mail) for mail in ("ann@example.org", "other@example.org")]
    users, groups = kept.access.users(Page()), kept.access.groups(Page())
    return mails, users, groups, kept.access.service_accounts("web"), kept.access.find_token("t1")


WAYS: Mapping[str, Way] = {
    "add a token": Way(
        act=lambda kept, entry: kept.access.create_token(TOKEN, entry), seen=all_access, is_shown_once=True
    ),
    "remove a token": Way(
        before=a_token,
        act=lambda kept, entry: kept.access.remove_token(TOKEN.id, entry),
        seen=all_access,
        is_refused=False,
    ),
    "add a user": Way(act=lambda kept, entry: kept.access.create_user(ANN, entry), seen=all_access),
    "save a user": Way(
        before=a_user,
        act=lambda kept, entry: kept.access.save_user(replace(ADDED, mail="other@example.org"), ADDED, entry),
        seen=all_access,
    ),
    "remove a user": Way(before=a_user, act=lambda kept, entry: kept.access.remove_user(ADDED, entry), seen=all_access),
    "save a group": Way(act=lambda kept, entry: kept.access.save_group(OPS, entry), seen=all_access),
    "remove a group": Way(
        before=a_group,
        act=lambda kept, entry: kept.access.remove_group("ops", entry),
        seen=all_access,
        is_refused=False,
    ),
    "add a service account": Way(
        act=lambda kept, entry: kept.access.create_service_account(ACCOUNT, TOKEN, entry),
        seen=all_access,
        is_shown_once=True,
    ),
    "remove a service account": Way(
        before=an_account,
        act=lambda kept, entry: kept.access.remove_service_account(ACCOUNT, entry),
        seen=all_access,
        is_refused=False,
    ),
}
