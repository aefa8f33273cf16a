"""Read requests about users, tokens, groups and logins, and show the answers. The audit log: audit/words.py."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from chalicelib.dialects.platform.access import shapes
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.access.principal import Principal, is_admin
from chalicelib.kernel.access.token import Token
from chalicelib.kernel.faults import Invalid
from chalicelib.use_cases.access.explain_access import AccessOf, ExplainedAccess
from chalicelib.use_cases.access.groups import ListGroups, RemoveGroup, UpdateGroup
from chalicelib.use_cases.access.own_account import UpdatePassword
from chalicelib.use_cases.access.users import CreateUser, ReplaceUser, UserNamed, UserSettings
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.credentials.api_keys import IssueKey
from chalicelib.use_cases.credentials.login import LogIn, LoginMethod, Session
from chalicelib.use_cases.credentials.mint_token import Issued
from chalicelib.use_cases.credentials.person_tokens import IssuePersonToken
from chalicelib.use_cases.credentials.tokens import IssueRunnerToken, IssueToken, Issuing, ListTokens, RevokeToken
from chalicelib.use_cases.ports.access import Group, User, place_of
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.defect import Defect

TOKEN_HEADER = "X-Escape-Token"  # noqa: S105 - a header's name
COOKIE = "{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}"
SESSION_JWT_COOKIE = "authtoken"
PRIVATE = {"Cache-Control": "no-store"}


def read_origin(request: Request) -> Origin:
    """Return the origin of the request. Faults: Unauthenticated."""
    return request.origin


def read_page(request: Request) -> Page:
    """Read which page of a list is requested. Faults: Invalid."""
    size = request.query.whole("page_size", default=50, least=1, most=200)
    return Page(size=size, after=request.query.text("page_from") or None)


def read_groups(request: Request) -> ListGroups:
    """Read which page of the groups is requested. Faults: Invalid."""
    return ListGroups(by=request.asker, page=read_page(request))


def read_nothing(_: Request) -> None:
    """Read a request without parameters."""


def read_asker(request: Request) -> Principal:
    """Return the caller."""
    return request.asker


def read_email_login(request: Request) -> LogIn:
    """Read a user's login by mail address and password."""
    body = request.body(shapes.EmailLoginBody)
    return LogIn(name=body.email, secret=body.password, now=request.now, seed=request.seed)


def read_password(request: Request) -> UpdatePassword:
    """Another password of whoever asks."""
    body = request.body(shapes.PasswordBody)
    return UpdatePassword(origin=request.origin, current=body.current_password, new=body.new_password)


def read_secret_login(request: Request) -> LogIn:
    """Read a service account's login."""
    body = request.body(shapes.SecretLoginBody)
    return LogIn(name=body.username, secret=body.secret_token, now=request.now, seed=request.seed)


def read_issue(request: Request) -> Issuing:
    """Read which token to issue. Faults: Invalid."""
    body = request.body(shapes.TokenBody)
    if defects := tuple(_misplaced(body)):
        raise Invalid(defects)
    origin, lifetime, scopes = request.origin, timedelta(seconds=body.expires_in), tuple(body.scopes)
    if body.grants is not None:
        grants, user = tuple(body.grants), body.user or ""
        return IssueKey(origin=origin, grants=grants, user=user, label=body.label, scopes=scopes, lifetime=lifetime)
    if body.user is not None:
        return IssuePersonToken(origin=origin, user=body.user, label=body.label, scopes=scopes, lifetime=lifetime)
    if body.runner is None:
        return IssueToken(origin=origin, label=body.label, scopes=scopes, lifetime=lifetime)
    pools = tuple(body.pools)
    return IssueRunnerToken(origin=origin, runner=body.runner, pools=pools, label=body.label, lifetime=lifetime)


def _misplaced(body: shapes.TokenBody) -> Iterator[Defect]:
    """Yield a defect for each field that is not of the kind of token that is asked for."""
    if body.runner is None and body.pools:
        yield Defect("pools", "are of runners: name the runner")
    if body.user is not None and body.runner is not None:
        yield Defect("user", "is of no runner: ask for a token of the one or of the other")
    if body.grants is not None and body.runner is not None:
        yield Defect("runner", "has no grants: ask for a key or for a runner's token")


def read_tokens(request: Request) -> ListTokens:
    """Read whose tokens to list."""
    owner, minted = request.query.text("owner") or "", request.query.flag("minted")
    return ListTokens(by=request.asker, owner=owner, minted=minted, page=read_page(request))


def read_revoke(request: Request) -> RevokeToken:
    """Read which token to revoke."""
    return RevokeToken(origin=request.origin, id=request.parameters["id"])


def read_new_user(request: Request) -> CreateUser:
    """Read a user to create."""
    body = request.body(shapes.NewUserBody)
    return CreateUser(origin=request.origin, name=body.name, standing=_settings(body))


def read_changed_user(request: Request) -> ReplaceUser:
    """Read the new settings of a user."""
    body = request.body(shapes.UserBody)
    return ReplaceUser(origin=request.origin, name=request.parameters["name"], standing=_settings(body))


def read_user(request: Request) -> UserNamed:
    """Read which user is requested."""
    return UserNamed(origin=request.origin, name=request.parameters["name"])


def read_group(request: Request) -> UpdateGroup:
    """Read a group to create or update."""
    body = request.body(shapes.GroupBody)
    return UpdateGroup(origin=request.origin, name=request.parameters["name"], roles=tuple(body.roles))


def read_gone_group(request: Request) -> RemoveGroup:
    """Read which group to remove."""
    return RemoveGroup(origin=request.origin, name=request.parameters["name"])


def show_login_methods(methods: Sequence[LoginMethod]) -> Reply:
    """Show the login methods by name."""
    return json_reply({method.name: {"type": method.type, "url": method.url} for method in methods})


def show_session(session: Session) -> Reply:
    """Send the session token in a header and a cookie, and the session JWT in another cookie.

    The body is empty, as Escape's.
    """
    token, text = session.issued.token, session.issued.text
    lasts = token.expires_at - token.created_at if token.expires_at is not None else timedelta()
    seconds, secured = lasts // timedelta(seconds=1), "; Secure" if session.is_encrypted else ""
    cookie_values = ((TOKEN_HEADER, text), (SESSION_JWT_COOKIE, session.statement))
    cookies = tuple(COOKIE.format(name=name, value=value, seconds=seconds) + secured for name, value in cookie_values)
    return Reply(headers={**PRIVATE, TOKEN_HEADER: text, "Set-Cookie": cookies})


def show_logged_out(_: object) -> Reply:
    """Clear the session cookies."""
    names = (TOKEN_HEADER, SESSION_JWT_COOKIE)
    return _private({}, {"Set-Cookie": tuple(COOKIE.format(name=name, value="", seconds=0) for name in names)})


def show_asker(principal: Principal) -> Reply:
    """Show the caller."""
    return _private(
        {
            "name": principal.name,
            "kind": principal.kind.value,
            "is_admin": is_admin(principal),
            "roles": sorted(principal.roles),
            "groups": sorted(principal.groups),
            "scopes": sorted(principal.scopes),
        }
    )


def show_issued(issued: Issued) -> Reply:
    """Show a new token with its text."""
    return _private({**_token(issued.token), "token": issued.text})


def show_tokens(tokens: Sequence[Token]) -> Reply:
    """Show tokens, newest first."""
    return json_reply({"items": [_token(token) for token in tokens], "next": place_of(tokens[-1]) if tokens else None})


def show_kept(tokens: Sequence[Token]) -> Reply:
    """Show the tokens that remain, and delete the cookies."""
    return Reply(headers={**show_logged_out(None).headers}, body=show_tokens(tokens).body)


def read_access(request: Request) -> AccessOf:
    """Read which user's rights in which project are to be explained."""
    return AccessOf(by=request.asker, user=request.parameters["name"], project=request.parameters["project"])


def show_access(access: ExplainedAccess) -> Reply:
    """Show what a user may do in a project, and why."""
    reasons: list[Json] = [{"role": one.role, "group": one.group} for one in access.reasons]
    return json_reply(
        {
            "user": access.user,
            "project": access.project,
            "level": access.level.value if access.level is not None else None,
            "admin": access.is_admin,
            "disabled": access.is_disabled,
            "teams": list(access.teams),
            "reasons": reasons,
        }
    )


def show_user(user: User) -> Reply:
    """Show a user."""
    return json_reply(_user(user))


def show_users(users: Sequence[User]) -> Reply:
    """Show users in order of name."""
    return json_reply({"items": [_user(user) for user in users], "next": users[-1].name if users else None})


def show_group(group: Group) -> Reply:
    """Show a group."""
    return json_reply(_group(group))


def show_groups(groups: Sequence[Group]) -> Reply:
    """Show groups by name."""
    return json_reply({"items": [_group(group) for group in groups], "next": groups[-1].name if groups else None})


def show_done(_: object) -> Reply:
    """Return an empty JSON object."""
    return json_reply({})


def _settings(body: shapes.UserBody) -> UserSettings:
    return UserSettings(
        mail=body.email,
        password=body.password,
        roles=tuple(body.roles),
        groups=tuple(body.groups),
        disabled=body.disabled,
    )


def _private(value: Json, headers: Mapping[str, str | tuple[str, ...]] | None = None) -> Reply:
    plain = json_reply(value)
    return Reply(headers={**plain.headers, **PRIVATE, **(headers or {})}, body=plain.body)


def _token(token: Token) -> dict[str, Json]:
    return {
        "id": token.id,
        "kind": token.kind.value,
        "owner": token.owner,
        "label": token.label,
        "scopes": list(token.scopes),
        "is_session": token.is_session,
        "created_at": token.created_at.isoformat(),
        "created_by": token.created_by,
        "expires_at": _instant(token.expires_at),
        **({"minted_by": token.minted_by} if token.minted_by else {}),
        **({"grants": list(token.grants)} if token.grants else {}),
        "used_at": _instant(token.used_at),
    }


def _user(user: User) -> Json:
    return {
        "name": user.name,
        "email": user.mail,
        "roles": list(user.roles),
        "groups": list(user.groups),
        "disabled": user.disabled,
        "has_password": bool(user.password),
        **({"invited_until": _instant(user.invitation.expires_at)} if user.invitation is not None else {}),
        "created_at": user.created_at.isoformat(),
    }


def _group(group: Group) -> Json:
    return {"name": group.name, "roles": list(group.roles), "created_at": group.created_at.isoformat()}


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
