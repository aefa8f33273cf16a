"""What people do about who may do what."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import ALL, Level, role_in
from chalicelib.kernel.faults import Unauthenticated
from chalicelib.use_cases.access.amend_user import AmendUser, amend_user
from chalicelib.use_cases.access.groups import RemoveGroup, UpdateGroup, remove_group, update_group
from chalicelib.use_cases.access.own_account import UpdatePassword, end_sessions, update_password
from chalicelib.use_cases.access.users import (
    CreateUser,
    ReplaceUser,
    UserNamed,
    UserSettings,
    create_user,
    remove_user,
    replace_user,
)
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.credentials.ensure_admin import EnsureAdmin, ensure_admin
from chalicelib.use_cases.credentials.invitations import (
    AcceptInvitation,
    InviteUser,
    accept_invitation,
    invite_user,
)
from chalicelib.use_cases.credentials.login import LogIn, log_in, log_out
from chalicelib.use_cases.credentials.service_accounts import (
    CreateServiceAccount,
    ServiceAccountNamed,
    create_service_account,
    remove_service_account,
)
from chalicelib.use_cases.credentials.tokens import IssueRunnerToken, IssueToken, RevokeToken, issue_token, revoke_token
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from tests.builders import NOON
from tests.crash.catalog import GIVEN, a_project
from tests.crash.house import CrashHouse
from tests.crash.stories.story import DONE, GONE, Story, an_origin, asking, both

ASKED = an_origin()
WEB = role_in("web", Level.WRITE)
ADA = CreateUser(
    origin=ASKED, name="ada", standing=UserSettings(mail="ada@example.test", roles=(WEB,), groups=("ops",))
)
LADY = UserSettings(mail="lady@example.test", roles=())
PASSWORD = "correct horse battery"
OPS = UpdateGroup(origin=ASKED, name="ops", roles=(WEB,))
GROUPED = both(a_project, asking(update_group, replace(OPS, origin=GIVEN, roles=())))
KNOWN = both(
    GROUPED,
    asking(create_user, replace(ADA, origin=GIVEN, standing=replace(ADA.standing, password=PASSWORD))),
)
MACHINE = CreateServiceAccount(origin=ASKED, project="web", name="robot", role=Level.WRITE)
WITH_MACHINE = both(a_project, asking(create_service_account, replace(MACHINE, origin=GIVEN)))
HAS_TOKEN = asking(issue_token, IssueToken(origin=GIVEN, label="of old"))
NAMELESS = both(GROUPED, asking(create_user, replace(ADA, origin=GIVEN)))
INVITATIONS = [""]
"""The text of the invitation that was made last: nobody can read it again."""

LOGIN = LogIn(name="ada", secret=PASSWORD, now=NOON, seed=ASKED.seed)
LOGGED_IN = both(KNOWN, asking(log_in, replace(LOGIN, seed=GIVEN.seed)))


def revoke(_house: CrashHouse, ports: Ports) -> None:
    """The token that there is, is revoked."""
    owned = ports.access.tokens_of("admin:root", Page())
    revoke_token(ports, RevokeToken(origin=ASKED, id=owned[0].id if owned else "gone"))


def leave(_house: CrashHouse, ports: Ports) -> None:
    """The session that there is, is over."""
    owned = ports.access.tokens_of("user:ada", Page())
    log_out(ports, replace(ASKED, by=Principal(name="ada", token=owned[0].id if owned else "gone")))


def mistaken(_house: CrashHouse, ports: Ports) -> None:
    """Somebody shows a wrong password, and is told so."""
    with suppress(Unauthenticated):
        log_in(ports, replace(LOGIN, secret="wrong horse battery"))


def invited(house: CrashHouse, ports: Ports) -> None:
    """Ada, who has no password, is invited to choose one."""
    NAMELESS(house, ports)
    INVITATIONS[:] = [invite_user(ports, InviteUser(origin=GIVEN, name="ada")).text]


def accept(_house: CrashHouse, ports: Ports) -> None:
    """She chooses one."""
    accept_invitation(ports, AcceptInvitation(text=INVITATIONS[0], password=PASSWORD, now=NOON, seed=ASKED.seed))


def by_ada(seed: str) -> Origin:
    """Ada asks, by her password."""
    return replace(an_origin(seed), by=Principal(name="ada", scopes=frozenset({ALL})))


STORIES = {
    "create a user": Story(before=GROUPED, act=asking(create_user, ADA), of=(create_user,)),
    "change a user": Story(
        before=KNOWN,
        act=asking(
            replace_user,
            ReplaceUser(origin=ASKED, name="ada", standing=UserSettings(mail="lady@example.test", roles=())),
        ),
        of=(replace_user,),
    ),
    "change a part of a user": Story(
        before=KNOWN,
        act=asking(amend_user, AmendUser(origin=ASKED, name="ada", mail="lady@example.test", no_roles=(WEB,))),
        of=(amend_user,),
    ),
    "remove a user": Story(
        refusals=GONE, before=KNOWN, act=asking(remove_user, UserNamed(origin=ASKED, name="ada")), of=(remove_user,)
    ),
    "make a group": Story(before=a_project, act=asking(update_group, OPS), of=(update_group,)),
    "change a group": Story(before=GROUPED, act=asking(update_group, OPS), of=(update_group,)),
    "remove a group": Story(
        refusals=GONE,
        before=GROUPED,
        act=asking(remove_group, RemoveGroup(origin=ASKED, name="ops")),
        of=(remove_group,),
    ),
    "invite a user": Story(
        refusals=DONE,
        before=NAMELESS,
        act=asking(invite_user, InviteUser(origin=ASKED, name="ada")),
        of=(invite_user,),
    ),
    "accept an invitation": Story(before=invited, act=accept, of=(accept_invitation,)),
    "issue a token": Story(
        refusals=DONE,
        act=asking(issue_token, IssueToken(origin=ASKED, label="mine", lifetime=timedelta(days=1))),
        of=(issue_token,),
    ),
    "issue a runner's token": Story(
        refusals=DONE,
        act=asking(issue_token, IssueRunnerToken(origin=ASKED, runner="r1", pools=("default",))),
        of=(issue_token,),
    ),
    "revoke a token": Story(refusals=GONE, before=HAS_TOKEN, act=revoke, of=(revoke_token,)),
    "log in": Story(refusals=DONE, before=KNOWN, act=asking(log_in, LOGIN), of=(log_in,)),
    "fail to log in": Story(before=KNOWN, act=mistaken, of=(log_in,)),
    "log out": Story(before=LOGGED_IN, act=leave, of=(log_out,)),
    "end all sessions": Story(before=LOGGED_IN, act=asking(end_sessions, by_ada("asked")), of=(end_sessions,)),
    "take another password": Story(
        before=LOGGED_IN,
        act=asking(update_password, UpdatePassword(origin=by_ada("asked"), current=PASSWORD, new=f"new {PASSWORD}")),
        of=(update_password,),
    ),
    "add a service account": Story(
        refusals=DONE, before=a_project, act=asking(create_service_account, MACHINE), of=(create_service_account,)
    ),
    "remove a service account": Story(
        refusals=GONE,
        before=WITH_MACHINE,
        act=asking(remove_service_account, ServiceAccountNamed(origin=ASKED, project="web", name="robot")),
        of=(remove_service_account,),
    ),
    "make the first token": Story(act=asking(ensure_admin, EnsureAdmin(now=NOON)), of=()),
}
