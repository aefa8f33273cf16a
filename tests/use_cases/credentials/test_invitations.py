"""Invitations: by one a person who has no password chooses one, once and in time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, Limited, NotFound, Unauthenticated
from chalicelib.use_cases.access.authenticate import by_password, by_token
from chalicelib.use_cases.access.users import CreateUser, ReplaceUser, UserSettings, create_user, replace_user
from chalicelib.use_cases.credentials.invitations import (
    AcceptInvitation,
    Invited,
    InviteUser,
    accept_invitation,
    invite_user,
)
from chalicelib.use_cases.credentials.person_tokens import IssuePersonToken
from chalicelib.use_cases.credentials.tokens import issue_token
from chalicelib.use_cases.ports.access import AuditSearch
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from tests.use_cases.access.access_ports import NOON, ROOT, access_ports, after, an_origin

PASSWORD = "correct horse battery"


@pytest.fixture
def ports() -> Ports:
    made = access_ports()
    create_user(made, CreateUser(origin=an_origin(), name="ann", standing=UserSettings(mail="ann@example.org")))
    return made


def invited(ports: Ports, lifetime: timedelta = timedelta(days=1)) -> Invited:
    return invite_user(ports, InviteUser(origin=an_origin(), name="ann", lifetime=lifetime))


def accepting(text: str, seconds: float = 0, seed: str = "accepting") -> AcceptInvitation:
    return AcceptInvitation(text=text, password=PASSWORD, now=after(seconds), seed=seed)


def test_by_an_invitation_a_person_chooses_a_password_once(ports: Ports) -> None:
    invitation = invited(ports)

    accept_invitation(ports, accepting(invitation.text))

    assert by_password(ports, "ann", PASSWORD, NOON).name == "ann"
    with pytest.raises(Unauthenticated):
        accept_invitation(ports, accepting(invitation.text, seed="again"))
    assert accept_invitation(ports, accepting(invitation.text)).name == "ann", "the same request is repeated"


def test_of_an_invitation_a_hash_alone_is_kept(ports: Ports) -> None:
    invitation = invited(ports)

    user = ports.access.find_user("ann")

    assert invitation.text.startswith("ann.slp_")
    assert user is not None
    assert user.invitation is not None
    secret = invitation.text.rpartition(".")[2]
    assert secret not in repr(user) + repr(invitation) + repr(accepting(invitation.text))


def test_an_invitation_ends_by_time_by_the_next_one_and_with_the_account(ports: Ports) -> None:
    late, replaced = invited(ports, timedelta(hours=1)), invited(ports, timedelta(hours=1))
    refused = [accepting(replaced.text, 3600, "late"), accepting(late.text, seed="replaced")]
    settings = UserSettings(mail="ann@example.org", disabled=True)
    replace_user(ports, ReplaceUser(origin=an_origin(), name="ann", standing=settings))
    replace_user(ports, ReplaceUser(origin=an_origin(), name="ann", standing=replace(settings, disabled=False)))
    refused += [accepting(replaced.text), accepting("ann"), accepting("nobody.x"), accepting(f"{replaced.text}x")]

    for one in refused:
        with pytest.raises(Unauthenticated, match="missing, wrong or expired"):
            accept_invitation(ports, one)


def test_guesses_are_counted(ports: Ports) -> None:
    text = invited(ports).text
    wrong = f"ann.{invited(ports).text.rpartition('.')[2]}"
    text = invited(ports).text
    for number in range(10):
        with pytest.raises(Unauthenticated):
            accept_invitation(ports, accepting(wrong, seed=f"guess {number}"))

    with pytest.raises(Limited):
        accept_invitation(ports, accepting(text))


def test_who_has_a_password_or_is_not_there_is_not_invited(ports: Ports) -> None:
    accept_invitation(ports, accepting(invited(ports).text))

    with pytest.raises(Conflict, match="ann has a password"):
        invited(ports)
    with pytest.raises(NotFound):
        invite_user(ports, InviteUser(origin=an_origin(), name="nobody"))
    with pytest.raises(Forbidden):
        invite_user(ports, InviteUser(origin=an_origin(replace(ROOT, roles=frozenset())), name="ann"))
    with pytest.raises(Invalid, match="expires_in"):
        invited(ports, timedelta(days=31))
    with pytest.raises(Invalid, match="password"):
        accept_invitation(ports, replace(accepting("ann.x"), password="short"))


def test_an_invitation_is_not_shown_again(ports: Ports) -> None:
    command = InviteUser(origin=an_origin(), name="ann")
    invite_user(ports, command)

    with pytest.raises(Conflict, match="shown once"):
        invite_user(ports, command)


def test_tokens_that_an_admin_had_of_the_person_end_with_their_password(ports: Ports) -> None:
    token = issue_token(ports, IssuePersonToken(origin=an_origin(), user="ann"))
    assert by_token(ports, token.text, NOON).name == "ann"

    accept_invitation(ports, accepting(invited(ports).text, 1))

    with pytest.raises(Unauthenticated):
        by_token(ports, token.text, after(2))


def test_who_invited_and_who_accepted_is_in_the_log(ports: Ports) -> None:
    accept_invitation(ports, accepting(invited(ports).text, 1))

    found = {(one.act, one.by) for one in ports.audits.find(AuditSearch(subject="ann"), Page()).entries}

    assert found == {("created-user", "admin"), ("invited-user", "admin"), ("accepted-invitation", "ann")}
