"""Read what the forms of access change, and show what follows: secrets are shown once, in the answer alone."""

from datetime import timedelta
from urllib.parse import quote, urlencode

from chalicelib.dialects.console.access.secrets_shown import Invite, MakeAccount, MakeToken, Revoke, Shown
from chalicelib.dialects.console.frame.frame import own_place
from chalicelib.dialects.console.frame.headers import leave_for, page_reply
from chalicelib.dialects.console.frame.templates import render
from chalicelib.dialects.console.frame.words import read_frame
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request
from chalicelib.kernel.access.role import ADMIN, GRANTABLE, Level, role_in
from chalicelib.kernel.faults import Invalid
from chalicelib.use_cases.access.amend_user import AmendUser
from chalicelib.use_cases.access.users import CreateUser, UserSettings
from chalicelib.use_cases.credentials.invitations import InviteUser
from chalicelib.use_cases.credentials.person_tokens import IssuePersonToken
from chalicelib.use_cases.credentials.service_accounts import CreateServiceAccount, ServiceAccountNamed
from chalicelib.use_cases.credentials.tokens import IssueToken, RevokeToken
from chalicelib.use_cases.ports.access import User

MOST_DAYS = 4_000
"""Days that are read; how many a secret may live, its use case says."""


def read_new_person(request: Request) -> CreateUser:
    """Read whom to make known. Faults: Invalid, TooLarge."""
    form = dict(request.form())
    settings = UserSettings(mail=form.get("mail", ""), password=form.get("password") or None)
    return CreateUser(origin=request.origin, name=form.get("name", ""), standing=settings)


def show_new_person(user: User) -> Reply:
    """Lead to the page of who is known now."""
    return leave_for(f"./people/{quote(user.name, safe='')}")


def read_change(request: Request) -> AmendUser:
    """Read what changes about a person; each form of their page says one thing. Faults: Invalid, TooLarge."""
    form = dict(request.form())
    roles, no_roles = _roles(form)
    return AmendUser(
        origin=request.origin,
        name=request.parameters["name"],
        mail=form.get("mail"),
        password=form.get("password"),
        disabled=form["disabled"] == "yes" if "disabled" in form else None,
        roles=roles,
        no_roles=no_roles,
        groups=_named(form, "group"),
        no_groups=_named(form, "no_group"),
    )


def _roles(form: dict[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the roles that are given and those that are taken: one holds one level in a project. Faults: Invalid."""
    level, project = form.get("level", ""), form.get("project", "")
    if not level:
        return (), _named(form, "no_role")
    if level == ADMIN:
        return (ADMIN,), ()
    if level not in GRANTABLE:
        raise Invalid.single("level", f"should be one of {', '.join((*GRANTABLE, ADMIN))}")
    if not project:
        raise Invalid.single("project", "name the project")
    return (role_in(project, Level(level)),), tuple(role_in(project, one) for one in GRANTABLE)


def _named(form: dict[str, str], name: str) -> tuple[str, ...]:
    return (form[name],) if form.get(name) else ()


def show_change(user: User) -> Reply:
    """Lead back to the page of the person."""
    return leave_for(f"../{quote(user.name, safe='')}")


def read_invite(request: Request) -> Invite:
    """Read whom to invite, and for how long. Faults: Invalid, TooLarge."""
    name = request.parameters["name"]
    command = InviteUser(origin=request.origin, name=name, lifetime=_days(dict(request.form()), 7))
    return Invite(frame=read_frame(request), command=command, back=_page_of(name))


def read_own_token(request: Request) -> MakeToken:
    """Read which token the reader wants. Faults: Invalid, TooLarge."""
    form = dict(request.form())
    command = IssueToken(
        origin=request.origin, label=form.get("label", ""), scopes=_scopes(form), lifetime=_days(form, 90)
    )
    return MakeToken(frame=read_frame(request), command=command, back="/access")


def read_token(request: Request) -> MakeToken:
    """Read which token a person is to have. Faults: Invalid, TooLarge."""
    form, name = dict(request.form()), request.parameters["name"]
    command = IssuePersonToken(
        origin=request.origin, user=name, label=form.get("label", ""), scopes=_scopes(form), lifetime=_days(form, 90)
    )
    return MakeToken(frame=read_frame(request), command=command, back=_page_of(name))


def read_account(request: Request) -> MakeAccount:
    """Read which machine may act in a project. Faults: Invalid, TooLarge."""
    form, project = dict(request.form()), request.parameters["project"]
    role = form.get("role", Level.READ)
    if role not in GRANTABLE:
        raise Invalid.single("role", f"should be one of {', '.join(GRANTABLE)}")
    name, team = form.get("name", ""), form.get("team", "")
    command = CreateServiceAccount(origin=request.origin, project=project, name=name, role=Level(role), team=team)
    return MakeAccount(frame=read_frame(request), command=command, back=f"/access?{urlencode({'project': project})}")


def read_removal(request: Request) -> ServiceAccountNamed:
    """Read which account is removed, by who has typed its name. Faults: Invalid, TooLarge."""
    project, name = request.parameters["project"], request.parameters["name"]
    if dict(request.form()).get("confirm") != name:
        raise Invalid.single("confirm", "type the name of what is removed")
    return ServiceAccountNamed(origin=request.origin, project=project, name=name)


def show_removed(_: object) -> Reply:
    """Lead back to the page of access."""
    return leave_for("../../../../access")


def show_secret(shown: Shown) -> Reply:
    """Show a secret, once."""
    return page_reply(render("access/shown.html", shown.frame, shown=shown))


def read_revoke(request: Request) -> Revoke:
    """Read which token ends, and where the form stands. Faults: Invalid, TooLarge."""
    place = own_place(dict(request.form()).get("next", "access"))
    return Revoke(command=RevokeToken(origin=request.origin, id=request.parameters["id"]), back=place)


def show_revoked(place: str) -> Reply:
    """Lead back to the page of the form."""
    return leave_for(f"../../../{place}")


def _page_of(name: str) -> str:
    return f"/access/people/{quote(name, safe='')}"


def _scopes(form: dict[str, str]) -> tuple[str, ...]:
    return tuple(form.get("scopes", "").split())


def _days(form: dict[str, str], usual: int) -> timedelta:
    given = form.get("days") or str(usual)
    if not (given.isascii() and given.isdigit() and int(given) <= MOST_DAYS):
        raise Invalid.single("days", f"should be a number of days, to {MOST_DAYS}")
    return timedelta(days=int(given))
