"""Whoever shows nothing of worth is refused, always alike; anybody else is found with what their scopes leave."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.kernel.access.principal import PrincipalKind, Proof, is_admin, may, may_lease
from chalicelib.kernel.access.role import ADMIN, Level, role_in
from chalicelib.kernel.access.token import text_of
from chalicelib.kernel.faults import Unauthenticated
from chalicelib.use_cases.access.authenticate import REFUSAL, by_mail, by_password, by_session, by_token
from chalicelib.use_cases.access.groups import UpdateGroup, update_group
from chalicelib.use_cases.access.users import (
    CreateUser,
    ReplaceUser,
    UserNamed,
    UserSettings,
    create_user,
    remove_user,
    replace_user,
)
from chalicelib.use_cases.credentials.ensure_admin import EnsureAdmin, ensure_admin
from chalicelib.use_cases.credentials.mint_token import Issued
from chalicelib.use_cases.credentials.service_accounts import (
    CreateServiceAccount,
    ServiceAccountNamed,
    create_service_account,
    remove_service_account,
)
from chalicelib.use_cases.credentials.tokens import IssueRunnerToken, IssueToken, RevokeToken, issue_token, revoke_token
from chalicelib.use_cases.ports.bundle import Ports, Settings
from chalicelib.use_cases.ports.issuer import Claims
from tests.fakes.issuer import FakeIssuer
from tests.use_cases.access.access_ports import NOON, access_ports, after, an_origin

PASSWORD = "correct horse battery"
WRITER = role_in("web", Level.WRITE)


def with_ann(ports: Ports, **standing: object) -> None:
    full = replace(UserSettings(mail="Ann@Example.org", password=PASSWORD, roles=(WRITER,)), **standing)  # type: ignore[arg-type]  # a test's own fields
    create_user(ports, CreateUser(origin=an_origin(), name="ann", standing=full))


def anns_token(ports: Ports, *scopes: str) -> Issued:
    ann = by_password(ports, "ann", PASSWORD, NOON)
    return issue_token(ports, IssueToken(origin=an_origin(ann), scopes=scopes or ("all",)))


def test_a_user_is_found_by_name_or_mail_and_password() -> None:
    ports = access_ports()
    with_ann(ports)

    assert by_password(ports, "ann", PASSWORD, NOON).roles == {WRITER}
    assert by_password(ports, "ANN@example.org", PASSWORD, NOON).name == "ann"


def test_a_token_stands_for_its_owner_narrowed_by_its_scopes() -> None:
    ports = access_ports()
    with_ann(ports)

    found = by_token(ports, anns_token(ports, "read").text, NOON)

    assert (found.name, found.kind) == ("ann", PrincipalKind.USER)
    assert may(found, Level.READ, "web")
    assert not may(found, Level.WRITE, "web")


def test_a_token_stands_in_place_of_a_password() -> None:
    ports = access_ports()
    with_ann(ports)

    assert by_password(ports, "whoever", anns_token(ports).text, NOON).name == "ann"


def test_the_roles_of_groups_are_their_members_own() -> None:
    ports = access_ports()
    update_group(ports, UpdateGroup(origin=an_origin(), name="admins", roles=(ADMIN,)))
    with_ann(ports, groups=("admins",))

    found = by_password(ports, "ann", PASSWORD, NOON)

    assert is_admin(found)
    assert found.groups == {"admins"}


@pytest.mark.parametrize(
    ("user", "password"),
    [("ann", "wrong horse battery"), ("bob", PASSWORD), ("", ""), ("ann", ""), ("ann", text_of("u" * 32))],
)
def test_every_wrong_pair_is_refused_alike(user: str, password: str) -> None:
    ports = access_ports()
    with_ann(ports)

    with pytest.raises(Unauthenticated, match=REFUSAL):
        by_password(ports, user, password, NOON)


def test_a_user_without_a_password_is_found_by_no_password() -> None:
    ports = access_ports()
    with_ann(ports, password=None)

    with pytest.raises(Unauthenticated, match=REFUSAL):
        by_password(ports, "ann", "", NOON)


def test_unknown_malformed_expired_and_revoked_tokens_are_refused_alike() -> None:
    ports = access_ports()
    with_ann(ports)
    revoked, expired = anns_token(ports), anns_token(ports)
    revoke_token(ports, RevokeToken(origin=an_origin(), id=revoked.token.id))
    late = NOON + timedelta(days=91)

    for text, at in ((text_of("x" * 32), NOON), ("nonsense", NOON), (revoked.text, NOON), (expired.text, late)):
        with pytest.raises(Unauthenticated, match=REFUSAL):
            by_token(ports, text, at)


def test_the_tokens_of_a_disabled_or_removed_user_hold_no_more() -> None:
    ports = access_ports()
    with_ann(ports)
    text = anns_token(ports).text
    replace_user(ports, ReplaceUser(origin=an_origin(), name="ann", standing=UserSettings(disabled=True)))

    with pytest.raises(Unauthenticated, match=REFUSAL):
        by_token(ports, text, NOON)
    with pytest.raises(Unauthenticated, match=REFUSAL):
        by_password(ports, "ann", PASSWORD, NOON)

    remove_user(ports, UserNamed(origin=an_origin(), name="ann"))
    with pytest.raises(Unauthenticated, match=REFUSAL):
        by_token(ports, text, NOON)


def test_a_token_does_not_stand_for_a_later_user_of_the_same_name() -> None:
    ports = access_ports()
    with_ann(ports)
    text = anns_token(ports).text
    remove_user(ports, UserNamed(origin=an_origin(), name="ann"))
    create_user(ports, CreateUser(origin=an_origin(at=after(1)), name="ann", standing=UserSettings(roles=(ADMIN,))))

    with pytest.raises(Unauthenticated, match=REFUSAL):
        by_token(ports, text, after(2))


def test_a_service_account_acts_in_its_project_until_it_is_removed() -> None:
    ports = access_ports()
    update_group(ports, UpdateGroup(origin=an_origin(), name="builders", roles=()))
    account, secret = create_service_account(
        ports, CreateServiceAccount(origin=an_origin(), project="web", name="ci", role=Level.WRITE, team="builders")
    )

    found = by_token(ports, secret.text, NOON)

    assert (found.name, found.kind) == ("web/ci", PrincipalKind.SERVICE_ACCOUNT)
    assert found.groups == {"builders"}
    assert may(found, Level.WRITE, "web")
    assert not may(found, Level.READ, "api")

    remove_service_account(ports, ServiceAccountNamed(origin=an_origin(), project="web", name=account.name))
    with pytest.raises(Unauthenticated, match=REFUSAL):
        by_token(ports, secret.text, NOON)


def test_a_runner_leases_from_the_pools_of_its_token_and_may_nothing_else() -> None:
    ports = access_ports()
    issued = issue_token(ports, IssueRunnerToken(origin=an_origin(), runner="r1", pools=("gpu",)))

    found = by_token(ports, issued.text, NOON)

    assert found.kind is PrincipalKind.RUNNER
    assert may_lease(found, "gpu")
    assert not may_lease(found, "default")
    assert not may(found, Level.READ, "web")


def test_the_first_admin_token_is_made_once() -> None:
    ports = access_ports()

    text = ensure_admin(ports, EnsureAdmin(now=NOON))

    assert text is not None
    assert is_admin(by_token(ports, text, NOON + timedelta(days=4000)))
    assert ensure_admin(ports, EnsureAdmin(now=NOON)) is None


def test_a_given_admin_token_holds_after_every_start() -> None:
    ports = access_ports()
    text = text_of("made by the local cloud, and kept there")

    assert ensure_admin(ports, EnsureAdmin(now=NOON, text=text)) == text
    assert ensure_admin(ports, EnsureAdmin(now=after(9), text=text)) is None
    assert is_admin(by_token(ports, text, NOON))


def test_a_mail_alone_finds_nobody_unless_that_is_switched_on() -> None:
    ports = access_ports()
    with_ann(ports)
    trusting = replace(ports, settings=Settings(trusts_identity_header=True))

    assert by_mail(trusting, "Ann@example.org").name == "ann"
    for refused, mail in ((ports, "ann@example.org"), (trusting, "bob@example.org"), (trusting, "")):
        with pytest.raises(Unauthenticated, match=REFUSAL):
            by_mail(refused, mail)


def test_who_sends_the_secret_of_the_installation_is_believed_a_mail() -> None:
    ports = access_ports()
    with_ann(ports)
    inside = replace(ports, settings=Settings(identity_secret="known inside alone"))

    found = by_mail(inside, "ann@example.org", "known inside alone")

    assert (found.name, found.proof) == ("ann", Proof.IDENTITY_HEADER)
    for refused, secret in ((inside, ""), (inside, "known outside"), (ports, ""), (ports, "known inside alone")):
        with pytest.raises(Unauthenticated, match=REFUSAL):
            by_mail(refused, "ann@example.org", secret)


def test_a_mail_makes_nobody_an_admin_nor_anybody_who_is_disabled() -> None:
    ports = replace(access_ports(), settings=Settings(trusts_identity_header=True))
    update_group(ports, UpdateGroup(origin=an_origin(), name="admins", roles=(ADMIN,)))
    people = {"root": {"roles": (ADMIN,)}, "member": {"groups": ("admins",)}, "gone": {"disabled": True}}
    for name, standing in people.items():
        made = replace(UserSettings(mail=f"{name}@example.org"), **standing)  # type: ignore[arg-type]  # a test's own
        create_user(ports, CreateUser(origin=an_origin(), name=name, standing=made))

        with pytest.raises(Unauthenticated, match=REFUSAL):
            by_mail(ports, f"{name}@example.org")


def test_the_outside_issuer_says_who_somebody_is_and_the_roles_are_those_of_here() -> None:
    ports = issued_at(after(1))
    with_ann(ports)

    found = by_session(ports, JWT, after(2))

    assert (found.name, found.proof) == ("ann", Proof.ISSUER)
    assert found.roles == {WRITER}
    for worthless in ("x.y.z", "x.y", JWT + "z", ""):
        with pytest.raises(Unauthenticated, match=REFUSAL):
            by_session(ports, worthless, after(2))


@pytest.mark.parametrize("standing", [{"mail": "bob@example.org"}, {"disabled": True}])
def test_the_outside_issuer_opens_no_account_that_is_not_open(standing: dict[str, object]) -> None:
    ports = issued_at(after(1))
    with_ann(ports, **standing)

    with pytest.raises(Unauthenticated, match=REFUSAL):
        by_session(ports, JWT, after(2))


def test_a_jwt_from_outside_is_of_no_later_account() -> None:
    ports = issued_at(after(-1))
    with_ann(ports)

    with pytest.raises(Unauthenticated, match=REFUSAL):
        by_session(ports, JWT, after(2))


def test_a_jwt_from_outside_ends_with_a_new_password() -> None:
    ports = issued_at(after(1))
    with_ann(ports)
    standing = UserSettings(mail="ann@example.org", password="another horse battery")
    replace_user(ports, ReplaceUser(origin=an_origin(at=after(5)), name="ann", standing=standing))

    with pytest.raises(Unauthenticated, match=REFUSAL):
        by_session(ports, JWT, after(6))


def issued_at(at: datetime) -> Ports:
    return access_ports(issuer=FakeIssuer({JWT: Claims(subject="Ann@Example.org", issued_at=at)}))


JWT = "a.jwt.from-outside"


def test_a_password_that_was_changed_is_not_remembered() -> None:
    ports = access_ports()
    create_user(ports, CreateUser(origin=an_origin(), name="ann", standing=UserSettings(password="correct horse one")))
    assert by_password(ports, "ann", "correct horse one", NOON).name == "ann"

    replace_user(
        ports, ReplaceUser(origin=an_origin(), name="ann", standing=UserSettings(password="correct horse two"))
    )

    with pytest.raises(Unauthenticated):
        by_password(ports, "ann", "correct horse one", NOON)
    assert by_password(ports, "ann", "correct horse two", NOON).name == "ann"
