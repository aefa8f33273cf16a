"""How long what gives access holds: no longer than what it was made with, nor than who made it may."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.kernel.access import password as passwords
from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.access.lockout import MOST_WRONG
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import ADMIN, Level, role_in
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, Limited, Unauthenticated
from chalicelib.use_cases.access.authenticate import by_password, by_token
from chalicelib.use_cases.access.groups import RemoveGroup, UpdateGroup, remove_group, update_group
from chalicelib.use_cases.access.own_account import UpdatePassword, end_sessions, update_password
from chalicelib.use_cases.access.users import (
    CreateUser,
    ReplaceUser,
    UserNamed,
    UserSettings,
    create_user,
    get_user,
    list_users,
    replace_user,
)
from chalicelib.use_cases.credentials.login import LogIn, log_in
from chalicelib.use_cases.credentials.mint_token import Issued
from chalicelib.use_cases.credentials.service_accounts import CreateServiceAccount, create_service_account
from chalicelib.use_cases.credentials.token_checks import LONGEST_LIFETIME
from chalicelib.use_cases.credentials.tokens import (
    IssueRunnerToken,
    IssueToken,
    ListTokens,
    RevokeToken,
    issue_token,
    list_tokens,
    revoke_token,
)
from chalicelib.use_cases.ports.access import Group, User
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from tests.builders import an_entry
from tests.fakes.audits import FakeAudits
from tests.use_cases.access.access_ports import NOON, SEEDS, access_ports, after, an_origin

PASSWORD = "correct horse battery"
ANN = UserSettings(mail="ann@example.org", password=PASSWORD, roles=(ADMIN, role_in("web", Level.OWNER)))
LONG = timedelta(days=366)


@pytest.fixture
def ports() -> Ports:
    """Ports that know a user ann, an admin."""
    made = access_ports()
    create_user(made, CreateUser(origin=an_origin(), name="ann", standing=ANN))
    return made


def session(ports: Ports, at: datetime = NOON, secret: str = PASSWORD) -> Issued:
    return log_in(ports, LogIn(name="ann", secret=secret, now=at, seed=SEEDS.next())).issued


def minted(ports: Ports, by: Issued, at: datetime, lifetime: timedelta = LONG) -> Issued:
    origin = an_origin(by_token(ports, by.text, at), at)
    return issue_token(ports, IssueToken(origin=origin, lifetime=lifetime))


def test_a_token_minted_by_a_token_lasts_no_longer_than_that(ports: Ports) -> None:
    short = minted(ports, session(ports), NOON, timedelta(minutes=1))

    own = minted(ports, short, after(1))
    origin = an_origin(by_token(ports, short.text, after(1)), after(1))
    runner = issue_token(ports, IssueRunnerToken(origin=origin, runner="r1", pools=("default",), lifetime=LONG))
    robot = CreateServiceAccount(origin=origin, project="web", name="robot", role=Level.OWNER)
    _, secret = create_service_account(ports, robot)
    later = session(ports, after(2), short.text)

    ends = {one.token.expires_at for one in (own, runner, secret, later)}
    assert ends == {after(60)}


def test_a_session_that_a_token_began_mints_nothing_that_outlives_the_token(ports: Ports) -> None:
    short = minted(ports, session(ports), NOON, timedelta(minutes=1))

    by_short = session(ports, after(1), short.text)

    assert minted(ports, by_short, after(2)).token.expires_at == after(60)


def test_a_session_mints_long_ones_shortly_after_the_password_and_not_later(ports: Ports) -> None:
    fresh = session(ports)

    assert minted(ports, fresh, after(60)).token.expires_at == after(60) + LONGEST_LIFETIME
    assert minted(ports, fresh, after(7200)).token.expires_at == fresh.token.expires_at


def test_what_somebody_minted_ends_when_they_are_disabled(ports: Ports) -> None:
    origin = an_origin(by_password(ports, "ann", PASSWORD, NOON), after(1))
    runner = issue_token(ports, IssueRunnerToken(origin=origin, runner="r1", pools=("default",)))
    robot = CreateServiceAccount(origin=origin, project="web", name="robot", role=Level.OWNER)
    _, secret = create_service_account(ports, robot)
    by_robot = log_in(ports, LogIn(name="robot", secret=secret.text, now=after(2), seed=SEEDS.next())).issued
    child = CreateServiceAccount(
        origin=an_origin(by_token(ports, by_robot.text, after(3)), after(3)),
        project="web",
        name="child",
        role=Level.READ,
    )
    _, of_child = create_service_account(ports, child)
    made = (runner, secret, by_robot, of_child)
    assert all(by_token(ports, one.text, after(4)) for one in made)

    replace_user(ports, ReplaceUser(origin=an_origin(), name="ann", standing=replace(ANN, disabled=True)))

    for one in made:
        with pytest.raises(Unauthenticated):
            by_token(ports, one.text, after(5))


def test_what_an_account_minted_ends_with_its_creator_also_when_its_own_secret_is_gone(ports: Ports) -> None:
    origin = an_origin(by_password(ports, "ann", PASSWORD, NOON), after(1))
    for number in range(8):
        command = CreateServiceAccount(origin=origin, project="web", name=f"robot{number}", role=Level.OWNER)
        _, secret = create_service_account(ports, command)
        origin = an_origin(by_token(ports, secret.text, after(2 + number)), after(2 + number))
    kept = issue_token(ports, IssueToken(origin=origin))
    revoke_token(ports, RevokeToken(origin=replace(origin, seed=SEEDS.next()), id=origin.by.token))
    assert by_token(ports, kept.text, after(20)).name == "web/robot7"

    replace_user(ports, ReplaceUser(origin=an_origin(), name="ann", standing=replace(ANN, disabled=True)))

    with pytest.raises(Unauthenticated):
        by_token(ports, kept.text, after(20))


def test_what_was_theirs_stays_ended_when_somebody_is_let_in_again(ports: Ports) -> None:
    began = session(ports)
    own = minted(ports, began, after(1))
    for disabled in (True, False):
        settings = replace(ANN, password=None, disabled=disabled)
        replace_user(ports, ReplaceUser(origin=an_origin(at=after(2)), name="ann", standing=settings))

    for one in (began, own):
        with pytest.raises(Unauthenticated):
            by_token(ports, one.text, after(3))
    assert by_token(ports, session(ports, after(3)).text, after(3)).name == "ann"


def test_a_new_password_ends_sessions_and_own_tokens_and_leaves_those_of_machines(ports: Ports) -> None:
    began = session(ports)
    own = minted(ports, began, after(1))
    origin = an_origin(by_token(ports, began.text, after(1)), after(1))
    runner = issue_token(ports, IssueRunnerToken(origin=origin, runner="r1", pools=("default",)))

    standing = replace(ANN, password="another horse battery")
    replace_user(ports, ReplaceUser(origin=an_origin(at=after(2)), name="ann", standing=standing))

    for one in (began, own):
        with pytest.raises(Unauthenticated):
            by_token(ports, one.text, after(3))
    ann = by_password(ports, "ann", "another horse battery", after(3))
    assert by_token(ports, runner.text, after(3)).name == "r1"
    assert [one.id for one in list_tokens(ports, ListTokens(by=ann, minted=True, page=Page()))] == [runner.token.id]


def test_a_change_that_says_no_password_ends_nothing(ports: Ports) -> None:
    began = session(ports)

    standing = replace(ANN, password=None)
    replace_user(ports, ReplaceUser(origin=an_origin(at=after(2)), name="ann", standing=standing))

    assert by_token(ports, began.text, after(3)).name == "ann"


def test_a_person_takes_another_password_by_the_one_of_today(ports: Ports) -> None:
    ann = by_password(ports, "ann", PASSWORD, NOON)
    change = UpdatePassword(origin=an_origin(ann, after(1)), current="wrong", new="another horse battery")

    with pytest.raises(Forbidden, match="current password"):
        update_password(ports, change)
    with pytest.raises(Invalid, match="new_password"):
        update_password(ports, replace(change, current=PASSWORD, new="short"))
    update_password(ports, replace(change, current=PASSWORD))

    assert by_password(ports, "ann", "another horse battery", after(2)).name == "ann"


def test_a_narrow_token_changes_no_password_and_ends_no_session(ports: Ports) -> None:
    narrow = Principal(name="ann", token="t", scopes=frozenset({"read"}))
    with pytest.raises(Forbidden, match="narrower scopes"):
        update_password(ports, UpdatePassword(origin=an_origin(narrow), current=PASSWORD, new="another horse battery"))
    with pytest.raises(Forbidden, match="narrower scopes"):
        end_sessions(ports, an_origin(narrow))


def test_all_sessions_end_at_once_and_tokens_stay(ports: Ports) -> None:
    first, second = session(ports), session(ports, after(1))
    token = minted(ports, second, after(1))

    end_sessions(ports, an_origin(by_token(ports, second.text, after(2)), after(2)))

    for one in (first, second):
        with pytest.raises(Unauthenticated):
            by_token(ports, one.text, after(3))
    assert by_token(ports, token.text, after(3)).name == "ann"


def test_a_group_that_is_made_anew_has_no_members(ports: Ports) -> None:
    ops = UpdateGroup(origin=an_origin(), name="ops", roles=(role_in("api", Level.WRITE),))
    update_group(ports, ops)
    bob = UserSettings(password=PASSWORD, groups=("ops",))
    create_user(ports, CreateUser(origin=an_origin(at=after(1)), name="bob", standing=bob))
    account = CreateServiceAccount(
        origin=an_origin(at=after(1)), project="web", name="robot", role=Level.READ, team="ops"
    )
    _, secret = create_service_account(ports, account)
    assert by_password(ports, "bob", PASSWORD, after(2)).groups == {"ops"}

    remove_group(ports, RemoveGroup(origin=an_origin(at=after(3)), name="ops"))
    gone = by_password(ports, "bob", PASSWORD, after(3))
    update_group(ports, replace(ops, origin=an_origin(at=after(4)), roles=(ADMIN,)))
    anew = by_password(ports, "bob", PASSWORD, after(5))

    assert [(one.groups, one.roles) for one in (gone, anew)] == [(frozenset(), frozenset())] * 2
    assert by_token(ports, secret.text, after(5)).groups == frozenset()
    replace_user(ports, ReplaceUser(origin=an_origin(at=after(6)), name="bob", standing=bob))
    assert by_password(ports, "bob", PASSWORD, after(7)).roles == {ADMIN}


def test_who_is_read_and_written_back_is_not_in_a_group_that_is_made_anew(ports: Ports) -> None:
    update_group(ports, UpdateGroup(origin=an_origin(at=NOON), name="ops", roles=()))
    named = UserNamed(origin=an_origin(), name="ann")
    replace_user(ports, ReplaceUser(origin=an_origin(), name="ann", standing=replace(ANN, groups=("ops",))))
    assert (get_user(ports, named).groups, list_users(ports, Page(size=9))[0].groups) == (("ops",), ("ops",))
    remove_group(ports, RemoveGroup(origin=an_origin(), name="ops"))
    update_group(ports, UpdateGroup(origin=an_origin(at=after(2)), name="ops", roles=(ADMIN,)))

    shown = get_user(ports, named)
    back = replace(ANN, password=None, groups=shown.groups)
    replace_user(ports, ReplaceUser(origin=an_origin(at=after(3)), name="ann", standing=back))

    assert (shown.groups, list_users(ports, Page(size=9))[0].groups) == ((), ())
    assert by_password(ports, "ann", PASSWORD, after(4)).groups == frozenset()


def test_nobody_is_given_a_group_that_is_not_there(ports: Ports) -> None:
    with pytest.raises(Invalid) as refused:
        create_user(ports, CreateUser(origin=an_origin(), name="bob", standing=UserSettings(groups=("ops",))))
    assert [one.path for one in refused.value.defects] == ["groups[0]"]


def test_members_from_before_it_was_kept_since_when_stay_members() -> None:
    ports = access_ports()
    ports.access.save_group(Group(name="ops", roles=(ADMIN,), created_at=NOON), an_entry())
    kept = passwords.hash_password(PASSWORD, "salt")
    ports.access.create_user(User(name="old", password=kept, groups=("ops", "cab"), created_at=NOON), an_entry())

    assert by_password(ports, "old", PASSWORD, NOON).groups == {"ops", "cab"}


def test_failed_logins_and_the_lockout_are_audited(ports: Ports) -> None:
    for _ in range(MOST_WRONG):
        with pytest.raises(Unauthenticated):
            by_password(ports, "ann", "wrong", NOON)
    with pytest.raises(Limited):
        by_password(ports, "ann", PASSWORD, NOON)

    told = [(entry.act, entry.subject) for entry in _written(ports) if entry.act in ("failed-login", "locked-out")]
    assert told == [*[("failed-login", "ann")] * MOST_WRONG, ("locked-out", "ann")]


def test_wrong_passwords_for_a_name_and_for_its_mail_count_together(ports: Ports) -> None:
    for name in ("ann", "Ann@Example.org") * (MOST_WRONG // 2):
        with pytest.raises(Unauthenticated):
            by_password(ports, name, "wrong", NOON)

    for name in ("ann", "ann@example.org"):
        with pytest.raises(Limited):
            by_password(ports, name, PASSWORD, NOON)


def test_a_name_is_never_another_s_mail(ports: Ports) -> None:
    with pytest.raises(Conflict):
        create_user(ports, CreateUser(origin=an_origin(), name="ann@example.org", standing=UserSettings()))
    create_user(ports, CreateUser(origin=an_origin(), name="bob@example.org", standing=UserSettings()))
    with pytest.raises(Conflict):
        replace_user(ports, ReplaceUser(origin=an_origin(), name="ann", standing=replace(ANN, mail="bob@example.org")))


def test_a_wrong_password_costs_a_hash_each_time_whoever_has_the_name(
    ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[bytes] = []
    plain = passwords._hash

    def counted(digest: bytes, salt: bytes, effort: tuple[int, int, int]) -> bytes:
        hashed.append(digest)
        return plain(digest, salt, effort)

    monkeypatch.setattr(passwords, "_hash", counted)
    replace_user(ports, ReplaceUser(origin=an_origin(), name="ann", standing=replace(ANN, disabled=True)))
    create_user(ports, CreateUser(origin=an_origin(), name="bob", standing=UserSettings(password=PASSWORD)))
    hashed.clear()

    for name, secret in (("ann", PASSWORD), ("bob", "wrong"), ("nobody", "wrong")):
        counts = []
        for _ in range(2):
            hashed.clear()
            with pytest.raises(Unauthenticated):
                by_password(ports, name, secret, NOON)
            counts.append(len(hashed))
        assert counts == [1, 1], name


def _written(ports: Ports) -> list[AuditEntry]:
    audits = ports.audits
    assert isinstance(audits, FakeAudits)
    return list(audits.kept.values())
