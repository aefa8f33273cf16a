"""What the pages of access show: who may come in, who one person is, and why somebody may do something."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from urllib.parse import quote, urlencode

from chalicelib.dialects.console.frame.crumbs import Crumb
from chalicelib.dialects.console.frame.forms import Button
from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.marks import Mark
from chalicelib.kernel.access.principal import Principal, PrincipalKind, is_admin, may
from chalicelib.kernel.access.role import ADMIN, GRANTABLE, LEVELS, Level, grant_of
from chalicelib.kernel.access.token import Token, holds, owner_key
from chalicelib.use_cases.access.authorise import require
from chalicelib.use_cases.access.explain_access import AccessOf, AccessReason, ExplainedAccess, explain_access
from chalicelib.use_cases.access.groups import ListGroups, list_groups
from chalicelib.use_cases.access.users import UserNamed, get_user, list_users
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.credentials.service_accounts import list_service_accounts
from chalicelib.use_cases.credentials.tokens import BEARERS, ListTokens, list_tokens
from chalicelib.use_cases.ports.access import Group, ServiceAccount, User
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen

MOST_LISTED = 50
"""People, groups, tokens and accounts on a page."""

SOON = timedelta(days=14)
"""So long before a token ends, it is marked."""

REMOVE = Button(value="remove", word="Remove", tone="danger")
COMES_IN = Mark(shape="✓", tone="ok", word="by password")
DISABLED = Mark(shape="⊘", tone="bad", word="disabled")
INVITED = Mark(shape="◷", tone="wait", word="invited")
NO_PASSWORD = Mark(shape="·", tone="off", word="by tokens alone")
YES = Mark(shape="✓", tone="ok", word="yes")
NO = Mark(shape="✗", tone="bad", word="no")
VALID = Mark(shape="✓", tone="ok", word="valid")
ENDS_SOON = Mark(shape="◷", tone="wait", word="ends soon")
ENDED = Mark(shape="⊘", tone="bad", word="ended")
LETS: Mapping[Level, str] = MappingProxyType(
    {
        Level.READ: "read: look at all of it",
        Level.WRITE: "write: start, define, deploy",
        Level.OWNER: "own: override, freeze, let machines in",
    }
)
"""What each level lets one do, in a few words."""


@frozen
class AccessQuery:
    """Query: who may. people_from, groups_from: where a page begins. project: whose service accounts are shown."""

    frame: Frame
    by: Principal
    now: datetime
    people_from: str = ""
    groups_from: str = ""
    project: str = ""


@frozen
class PersonRow:
    """A person of the list."""

    user: User
    look: Mark


@frozen
class TokenRow:
    """A token. is_own: the one by which the reader came, whose end ends their session.

    may_revoke: it is the reader's, or they are an admin.
    """

    token: Token
    look: Mark
    is_own: bool
    may_revoke: bool


@frozen
class AccountRow:
    """A service account. token: its secret token, for who owns the project; None if it was revoked."""

    account: ServiceAccount
    token: TokenRow | None = None


@frozen
class AccessPage:
    """What the page shows. people: for admins alone. issued: tokens that the reader has made for others.

    more_people, more_groups: queries of next pages. own: path of the reader's own page; empty for who has none.
    owns_accounts: whether the reader sees tokens of the accounts. may_ask: whether there is a project about which they
    may ask why. may_make: whether they may have more than one token.
    """

    asked: AccessQuery
    is_admin: bool
    people: Sequence[PersonRow]
    more_people: str
    groups: Sequence[Group]
    more_groups: str
    tokens: Sequence[TokenRow]
    issued: Sequence[TokenRow]
    accounts: Sequence[AccountRow]
    owns_accounts: bool
    own: str
    may_ask: bool
    may_make: bool
    remove: Button = REMOVE
    most: int = MOST_LISTED


@frozen
class PersonQuery:
    """Query: the page of a person."""

    frame: Frame
    origin: Origin
    name: str


@frozen
class PersonPage:
    """What the page of a person shows. is_admin: whether the reader may change anything."""

    asked: PersonQuery
    crumbs: Sequence[Crumb]
    user: User
    look: Mark
    tokens: Sequence[TokenRow]
    is_admin: bool
    levels: Sequence[Level] = GRANTABLE
    most: int = MOST_LISTED


@frozen
class WhyQuery:
    """Query: why a person may do something in a project. level: what they would do. user: empty to ask only."""

    frame: Frame
    by: Principal
    user: str
    project: str
    level: Level


@frozen
class WhyPage:
    """The answer. found: None where nobody is named. enough: the reasons that give the level that is asked about."""

    asked: WhyQuery
    crumbs: Sequence[Crumb]
    found: ExplainedAccess | None = None
    may_it: bool = False
    enough: Sequence[AccessReason] = ()
    yes: Mark = YES
    no: Mark = NO


def access_page(ports: Ports, asked: AccessQuery) -> AccessPage:
    """Return who may, as far as the reader may know of it. Faults: NotFound for a project that they may not read."""
    by = asked.by
    people = list_users(ports, _page(asked.people_from)) if is_admin(by) else ()
    groups = list_groups(ports, ListGroups(by=by, page=_page(asked.groups_from)))
    return AccessPage(
        asked=asked,
        is_admin=is_admin(by),
        people=[PersonRow(user=one, look=_look_of(one, asked.now)) for one in people],
        more_people=_more("people_from", people),
        groups=groups,
        more_groups=_more("groups_from", groups),
        tokens=_tokens(ports, ListTokens(by=by, page=Page(size=MOST_LISTED)), asked.now),
        issued=_tokens(ports, ListTokens(by=by, minted=True, page=Page(size=MOST_LISTED)), asked.now),
        accounts=_accounts(ports, asked) if asked.project else (),
        owns_accounts=may(by, Level.OWNER, asked.project),
        own=f"/access/people/{quote(by.name, safe='')}" if by.kind is PrincipalKind.USER else "",
        may_ask=is_admin(by) or any(_gives(role, Level.OWNER) for role in by.roles),
        may_make=by.kind in BEARERS,
    )


def person_page(ports: Ports, asked: PersonQuery) -> PersonPage:
    """Return who a person is, to admins and to themselves. Faults: NotFound, also for other callers."""
    by, now = asked.origin.by, asked.origin.at
    user = get_user(ports, UserNamed(origin=asked.origin, name=asked.name))
    owner = owner_key(PrincipalKind.USER, user.name)
    return PersonPage(
        asked=asked,
        crumbs=[Crumb(word="Access", path="/access"), Crumb(word=user.name)],
        user=user,
        look=_look_of(user, now),
        tokens=_tokens(ports, ListTokens(by=by, owner=owner, page=Page(size=MOST_LISTED)), now),
        is_admin=is_admin(by),
    )


def why_page(ports: Ports, asked: WhyQuery) -> WhyPage:
    """Return why a person may do something in a project, or may not. Faults: NotFound."""
    crumbs = [Crumb(word="Access", path="/access"), Crumb(word="Why may they?")]
    if not asked.user:
        return WhyPage(asked=asked, crumbs=crumbs)
    found = explain_access(ports, AccessOf(by=asked.by, user=asked.user, project=asked.project))
    enough = [one for one in found.reasons if _gives(one.role, asked.level)]
    return WhyPage(
        asked=asked, crumbs=crumbs, found=found, may_it=bool(enough) and not found.is_disabled, enough=enough
    )


def _page(after: str) -> Page:
    return Page(size=MOST_LISTED, after=after or None)


def _more(name: str, found: Sequence[User] | Sequence[Group]) -> str:
    return urlencode({name: found[-1].name}) if len(found) == MOST_LISTED else ""


def _look_of(user: User, now: datetime) -> Mark:
    if user.disabled:
        return DISABLED
    if user.password:
        return COMES_IN
    return INVITED if user.invitation is not None and now < user.invitation.expires_at else NO_PASSWORD


def _tokens(ports: Ports, query: ListTokens, now: datetime) -> Sequence[TokenRow]:
    return [_token(one, query.by, now) for one in list_tokens(ports, query)]


def _token(token: Token, by: Principal, now: datetime) -> TokenRow:
    ends = token.expires_at
    is_ending = ends is not None and ends < now + SOON and not token.is_session
    look = ENDED if not holds(token, now) else ENDS_SOON if is_ending else VALID
    is_theirs = (token.kind, token.owner) == (by.kind, by.name)
    return TokenRow(token=token, look=look, is_own=token.id == by.token, may_revoke=is_theirs or is_admin(by))


def _accounts(ports: Ports, asked: AccessQuery) -> Sequence[AccountRow]:
    require(asked.by, Level.READ, asked.project, missing=f"no project {asked.project}")
    found = list_service_accounts(ports, asked.project)[:MOST_LISTED]
    if not may(asked.by, Level.OWNER, asked.project):
        return [AccountRow(account=one) for one in found]
    known = [(one, ports.access.find_token(one.token)) for one in found]
    return [
        AccountRow(account=one, token=_token(token, asked.by, asked.now) if token is not None else None)
        for one, token in known
    ]


def _gives(role: str, level: Level) -> bool:
    granted = grant_of(role)
    return role == ADMIN or (granted is not None and LEVELS.index(granted[1]) >= LEVELS.index(level))
