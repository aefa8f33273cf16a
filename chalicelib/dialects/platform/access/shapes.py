"""Shapes of users, tokens and groups. A password is never shown; a token is shown once."""

from pydantic import Field

from chalicelib.http.query import PagedQuery
from chalicelib.http.shape import LenientShape, Shape
from chalicelib.kernel.access.grant import Grant

Text = Field(max_length=1100)
DAY_SECONDS = 86_400


class EmailLoginBody(Shape):
    """A login by mail and password."""

    email: str = Text
    password: str = Text


class SecretLoginBody(LenientShape):
    """A login through Escape's CLI, of a service account or a user."""

    username: str = Text
    secret_token: str = Text


class PasswordBody(Shape):
    """A change of one's own password."""

    current_password: str = Text
    new_password: str = Text


class LoginMethodShape(Shape):
    """A way to log in. url: absolute."""

    type: str
    url: str


class WhoShape(Shape):
    """The caller."""

    name: str
    kind: str
    is_admin: bool
    roles: list[str]
    groups: list[str]
    scopes: list[str]


class TokenBody(Shape):
    """A new token of one's own; with `runner`, of a runner, which leases from `pools` alone; with `grants`, an API key.

    expires_in: seconds. user: as whom the key acts; without one, as an owner of every project. Without grants, for
    admins: a person without a password whose token it is.
    """

    label: str = ""
    scopes: list[str] = ["all"]
    expires_in: int = Field(default=90 * DAY_SECONDS, ge=0, le=10_000 * DAY_SECONDS)
    runner: str | None = None
    pools: list[str] = Field(default=[], max_length=50)
    grants: list[Grant] | None = Field(default=None, max_length=20)
    user: str | None = None


class TokenShape(Shape):
    """A token, without its text. minted_by: who issued it, as `user:ann`; it ends when they are disabled.

    grants: of an API key. used_at: when it was last shown, up to an hour ago; null of one that was not.
    """

    id: str
    kind: str
    owner: str
    label: str
    scopes: list[str]
    is_session: bool
    created_at: str
    created_by: str
    expires_at: str | None
    minted_by: str = ""
    grants: list[str] = []
    used_at: str | None = None


class IssuedShape(TokenShape):
    """A new token, with its text."""

    token: str


class TokensShape(Shape):
    """Tokens, newest first. next: `page_from` of the page after this one."""

    items: list[TokenShape]
    next: str | None


class UserBody(Shape):
    """Settings of a user. password: unchanged if left out."""

    email: str = ""
    password: str | None = Field(default=None)
    roles: list[str] = []
    groups: list[str] = Field(default=[], max_length=100)
    disabled: bool = False


class NewUserBody(UserBody):
    """A new user."""

    name: str


class InviteBody(LenientShape):
    """An invitation to choose a password. expires_in: seconds, to 30 days."""

    expires_in: int = Field(default=7 * DAY_SECONDS, ge=300, le=30 * DAY_SECONDS)


class InvitationShape(Shape):
    """An invitation, whose text is shown once."""

    user: str
    invitation: str
    expires_at: str


class AcceptBody(Shape):
    """By an invitation, a password that one chooses."""

    invitation: str = Text
    password: str = Text


class AcceptedShape(Shape):
    """Who has chosen a password, and now may log in."""

    name: str


class UserShape(Shape):
    """A user. has_password: without one, only tokens are of use. invited_until: to choose one; left out if not."""

    name: str
    email: str
    roles: list[str]
    groups: list[str]
    disabled: bool
    has_password: bool
    invited_until: str | None = None
    created_at: str


class AccessReasonShape(Shape):
    """A role that counts in the project. group: through which the user has it; empty for one of their own."""

    role: str
    group: str


class AccessShape(Shape):
    """What a user may do in a project, and why. level: null for nothing. teams: groups that gates may name."""

    user: str
    project: str
    level: str | None
    admin: bool
    disabled: bool
    teams: list[str]
    reasons: list[AccessReasonShape]


class UsersShape(Shape):
    """Users by name. next: `page_from` of the page after this one."""

    items: list[UserShape]
    next: str | None


class GroupBody(Shape):
    """Settings of a group."""

    roles: list[str] = []


class GroupShape(Shape):
    """A group and the roles that it gives its members."""

    name: str
    roles: list[str]
    created_at: str


class GroupsShape(Shape):
    """Groups by name. next: `page_from` of the page after this one."""

    items: list[GroupShape]
    next: str | None


class TokensQuery(PagedQuery):
    """Whose tokens are listed. owner: as `user:ann`. minted: those that the owner made for others."""

    owner: str = ""
    minted: bool = False
