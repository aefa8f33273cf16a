"""The contract of access, held by the fake and by the store."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.aws.calls import Answer, AwsRequest, Send
from chalicelib.kernel.access.lockout import WINDOW
from chalicelib.kernel.access.principal import PrincipalKind
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.access.token import Token, digest_of, id_of, text_of
from chalicelib.kernel.faults import Conflict, Stale
from chalicelib.store.access.access import StoredAccess
from chalicelib.store.dynamo.tables import Tables
from chalicelib.use_cases.ports.access import TOKEN_USE_NOTED, Access, Group, ServiceAccount, User, place_of
from chalicelib.use_cases.ports.runs import Page
from tests.builders import an_entry
from tests.fakes.access import FakeAccess
from tests.use_cases.access.access_ports import NOON, a_world, after


@pytest.fixture(params=["fake", pytest.param("store", marks=pytest.mark.cloud)])
def access(request: pytest.FixtureRequest) -> Access:
    if request.param == "fake":
        return FakeAccess()
    tables = request.getfixturevalue("tables")
    return StoredAccess(tables, a_world(), a_world().identifier)


def a_token(number: int, owner: str = "ann", **changes: object) -> Token:
    text = text_of(f"secret of {owner} with the number {number}")
    token = Token(
        id=id_of(text),
        digest=digest_of(text),
        kind=PrincipalKind.USER,
        owner=owner,
        scopes=("read", "runner:gpu"),
        label=str(number),
        created_at=after(number),
        created_by=owner,
        expires_at=NOON + timedelta(days=1),
    )
    return replace(token, **changes)  # type: ignore[arg-type]  # a test's own fields


def a_user(name: str, mail: str = "") -> User:
    return User(name=name, mail=mail, roles=("admin",), groups=("team",), created_at=NOON)


def test_a_token_is_read_as_it_was_added(access: Access) -> None:
    lasting = a_token(2, expires_at=None, is_session=True, roles=("admin",))
    access.create_token(a_token(1), an_entry())
    access.create_token(lasting, None)

    assert access.find_token(a_token(1).id) == a_token(1)
    assert access.find_token(lasting.id) == lasting
    assert access.find_token("none") is None


def test_a_token_with_a_taken_id_is_refused(access: Access) -> None:
    access.create_token(a_token(1), an_entry())

    with pytest.raises(Conflict):
        access.create_token(a_token(1, label="another"), an_entry())


def test_that_a_token_is_used_is_noted_once_an_hour(access: Access) -> None:
    token = a_token(1, minted_by="user:root")
    access.create_token(token, an_entry())

    access.note_use(token, NOON)
    noted = access.find_token(token.id)
    assert noted == replace(token, used_at=NOON)
    access.note_use(noted, NOON + TOKEN_USE_NOTED - timedelta(seconds=1))
    assert access.find_token(token.id) == noted
    access.note_use(noted, NOON + TOKEN_USE_NOTED)

    later = replace(token, used_at=NOON + TOKEN_USE_NOTED)
    assert access.find_token(token.id) == later
    assert access.tokens_of("user:ann", Page()) == access.tokens_minted_by("user:root", Page()) == [later]


def test_a_revoked_token_does_not_come_back_by_its_use(access: Access) -> None:
    access.create_token(a_token(1), an_entry())
    access.remove_token(a_token(1).id, an_entry())

    access.note_use(a_token(1), NOON)

    assert access.find_token(a_token(1).id) is None


def test_a_token_that_is_used_all_the_time_is_written_once_an_hour(tables: Tables) -> None:
    writes = list[AwsRequest]()

    def counted(request: AwsRequest, send: Send) -> Answer:
        writes.extend([request] if request.operation == "PutItem" else ())
        return send(request)

    seen = Tables(aws=replace(tables.aws, interceptor=counted), prefix=tables.prefix)
    access = StoredAccess(seen, world := a_world(), world.identifier)
    access.create_token(a_token(1), None)
    for minute in range(119):
        world.at = after(60 * minute)
        token = access.find_token(a_token(1).id)
        assert token is not None
        access.note_use(token, after(60 * minute))

    assert len(writes) == 1 + 2


def test_a_removed_token_is_gone_at_once_for_whoever_removed_it(access: Access) -> None:
    access.create_token(a_token(1), an_entry())
    assert access.find_token(a_token(1).id) is not None

    access.remove_token(a_token(1).id, an_entry())
    access.remove_token(a_token(1).id, an_entry())

    assert access.find_token(a_token(1).id) is None


def test_the_tokens_of_an_owner_come_page_by_page_newest_first(access: Access) -> None:
    for number in range(5):
        access.create_token(a_token(number), an_entry())
    access.create_token(a_token(9, owner="bob"), an_entry())

    first = access.tokens_of("user:ann", Page(size=3))
    second = access.tokens_of("user:ann", Page(size=3, after=place_of(first[-1])))

    assert [token.label for token in (*first, *second)] == ["4", "3", "2", "1", "0"]
    assert access.tokens_of("runner:ann", Page()) == []


def test_a_user_is_found_by_name_and_by_mail(access: Access) -> None:
    added = access.create_user(a_user("ann", "ann@example.org"), an_entry())

    assert added.version == 1
    assert access.find_user("ann") == access.find_user_by_mail("ann@example.org") == added
    assert access.find_user("bob") is None
    assert access.find_user_by_mail("bob@example.org") is None
    assert access.find_user_by_mail("") is None


def test_a_name_and_a_mail_belong_to_one_user(access: Access) -> None:
    access.create_user(a_user("ann", "ann@example.org"), an_entry())
    bob = access.create_user(a_user("bob"), an_entry())

    with pytest.raises(Conflict, match="there is a user ann already"):
        access.create_user(a_user("ann"), an_entry())
    with pytest.raises(Conflict, match="belongs to another user"):
        access.create_user(a_user("eve", "ann@example.org"), an_entry())
    with pytest.raises(Conflict, match="belongs to another user"):
        access.save_user(replace(bob, mail="ann@example.org"), bob, an_entry())
    assert access.find_user("eve") is None


def test_a_mail_that_a_user_gave_up_is_free(access: Access) -> None:
    ann = access.create_user(a_user("ann", "ann@example.org"), an_entry())

    moved = access.save_user(replace(ann, mail="other@example.org"), ann, an_entry())
    access.create_user(a_user("bob", "ann@example.org"), an_entry())
    access.remove_user(moved, an_entry())
    access.create_user(a_user("eve", "other@example.org"), an_entry())

    assert access.find_user("ann") is None


def test_a_user_that_has_changed_is_neither_saved_nor_removed(access: Access) -> None:
    ann = access.create_user(a_user("ann"), an_entry())
    changed = access.save_user(replace(ann, disabled=True), ann, an_entry())

    with pytest.raises(Stale):
        access.save_user(replace(ann, groups=()), ann, an_entry())
    with pytest.raises(Stale):
        access.remove_user(ann, an_entry())
    assert access.find_user("ann") == changed
    assert changed.version == 2


def test_users_and_groups_come_page_by_page_by_name(access: Access) -> None:
    for name in ("eve", "ann", "bob"):
        access.create_user(a_user(name), an_entry())
        access.save_group(Group(name=name, created_at=NOON), an_entry())

    assert [user.name for user in access.users(Page(size=2))] == ["ann", "bob"]
    assert [user.name for user in access.users(Page(size=2, after="bob"))] == ["eve"]
    assert [group.name for group in access.groups(Page(size=2))] == ["ann", "bob"]
    assert [group.name for group in access.groups(Page(size=2, after="bob"))] == ["eve"]


def test_a_group_is_saved_on_its_version(access: Access) -> None:
    first = access.save_group(Group(name="web", roles=("admin",), created_at=NOON), an_entry())
    second = access.save_group(replace(first, roles=()), an_entry())

    with pytest.raises(Stale):
        access.save_group(replace(first, roles=("runner",)), an_entry())
    with pytest.raises(Stale):
        access.save_group(Group(name="web", created_at=NOON), an_entry())
    assert access.find_group("web") == second
    access.remove_group("web", an_entry())
    access.remove_group("web", an_entry())
    assert access.find_group("web") is None


def test_a_service_account_comes_and_goes_with_its_token(access: Access) -> None:
    secret = a_token(1, owner="web/ci", kind=PrincipalKind.SERVICE_ACCOUNT)
    account = ServiceAccount(project="web", name="ci", role=Level.WRITE, team="t", token=secret.id, created_at=NOON)

    access.create_service_account(account, secret, an_entry())

    assert access.find_service_account("web", "ci") == account
    assert access.service_accounts("web") == [account]
    assert access.service_accounts("we") == []
    assert access.find_token(secret.id) == secret
    with pytest.raises(Conflict):
        access.create_service_account(account, a_token(2), an_entry())
    assert access.find_token(a_token(2).id) is None
    access.remove_service_account(account, an_entry())
    access.remove_service_account(account, an_entry())
    assert access.find_service_account("web", "ci") is None
    assert access.find_token(secret.id) is None


@pytest.mark.cloud
def test_what_another_process_revoked_holds_for_five_seconds_at_most(tables: Tables) -> None:
    world = a_world()
    here, elsewhere = (
        StoredAccess(tables, world, world.identifier),
        StoredAccess(tables, a_world(), a_world().identifier),
    )
    here.create_token(a_token(1), an_entry())
    assert here.find_token(a_token(1).id) is not None

    elsewhere.remove_token(a_token(1).id, an_entry())

    world.at = after(4.9)
    assert here.find_token(a_token(1).id) is not None
    world.at = after(5)
    assert here.find_token(a_token(1).id) is None


@pytest.mark.cloud
def test_what_was_found_stale_is_read_anew(tables: Tables) -> None:
    here, elsewhere = (
        StoredAccess(tables, a_world(), a_world().identifier),
        StoredAccess(tables, a_world(), a_world().identifier),
    )
    ann = here.create_user(a_user("ann"), an_entry())
    assert here.find_user("ann") == ann
    newer = elsewhere.save_user(replace(ann, disabled=True), ann, an_entry())

    with pytest.raises(Stale):
        here.save_user(replace(ann, groups=()), ann, an_entry())

    assert here.find_user("ann") == newer


def test_wrong_secrets_are_counted_by_name_and_window(access: Access) -> None:
    for name in ("ann", "Ann", "n" * 5000):
        access.add_wrong_secret(name, NOON)
    access.add_wrong_secret("ann", NOON + WINDOW)

    seen = [access.wrong_secrets(name, NOON) for name in ("ann", "ANN", "n" * 5000, "bob")]
    assert seen == [2, 2, 1, 0]
    assert access.wrong_secrets("ann", NOON + WINDOW) == 1
