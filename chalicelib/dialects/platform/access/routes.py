"""Rows about logging in, tokens, people and groups. The audit log: audit/routes.py."""

from chalicelib.dialects.platform.access import shapes, words
from chalicelib.dialects.platform.dialect import PLATFORM
from chalicelib.http.operation import About, Flag, operation
from chalicelib.http.permission import ADMIN, AUTHENTICATED, PUBLIC
from chalicelib.kernel.access.principal import Principal
from chalicelib.use_cases.access.groups import list_groups, remove_group, save_group
from chalicelib.use_cases.access.login import LoginMethod, log_in, log_out, login_methods
from chalicelib.use_cases.access.tokens import issue_token, list_tokens, revoke_token
from chalicelib.use_cases.access.users import create_user, list_users, remove_user, replace_user, show_user
from chalicelib.use_cases.ports.bundle import Ports

LOGIN = "Login"
TOKENS = "Tokens"
PEOPLE = "People"


def _login_methods(ports: Ports, _: None) -> tuple[LoginMethod, ...]:
    return login_methods(ports)


def _asker(_: Ports, asker: Principal) -> Principal:
    return asker


_LOGIN = (
    operation(
        PLATFORM,
        "GET /api/v1/auth/login-methods",
        read=words.read_nothing,
        verb=_login_methods,
        show=words.show_login_methods,
        permission=PUBLIC,
        about=About(group=LOGIN, summary="The ways to log in, by name.", answer=dict[str, shapes.LoginMethodShape]),
    ),
    operation(
        PLATFORM,
        "POST /api/v1/auth/service-account/login",
        read=words.read_secret_login,
        verb=log_in,
        show=words.show_session,
        permission=PUBLIC,
        about=About(
            group=LOGIN,
            summary="Trade a name and its secret token for a session; its token is in the header `X-Escape-Token`.",
            body=shapes.SecretLoginBody,
        ),
        flags=frozenset({Flag.SECRET_ANSWER}),
    ),
    operation(
        PLATFORM,
        "POST /api/v1/auth/email/login",
        read=words.read_email_login,
        verb=log_in,
        show=words.show_session,
        permission=PUBLIC,
        about=About(
            group=LOGIN,
            summary="Trade a mail address and a password for a session, in header and cookie.",
            body=shapes.EmailLoginBody,
        ),
        flags=frozenset({Flag.SECRET_ANSWER}),
    ),
    operation(
        PLATFORM,
        "GET|POST /api/v1/auth/logout",
        read=words.origin_of,
        verb=log_out,
        show=words.show_logged_out,
        permission=AUTHENTICATED,
        about=About(group=LOGIN, summary="End the session by which the caller came."),
        flags=frozenset({Flag.CHANGES}),
    ),
    operation(
        PLATFORM,
        "GET /api/v1/auth/whoami",
        read=words.read_asker,
        verb=_asker,
        show=words.show_asker,
        permission=AUTHENTICATED,
        about=About(group=LOGIN, summary="Who asks, and what they may do.", answer=shapes.WhoShape),
    ),
)

_TOKENS = (
    operation(
        PLATFORM,
        "POST /api/v1/tokens",
        read=words.read_issue,
        verb=issue_token,
        show=words.show_issued,
        permission=AUTHENTICATED,
        about=About(
            group=TOKENS,
            summary="Make a token of one's own or, as an admin, of a runner; its text is shown once.",
            body=shapes.TokenBody,
            answer=shapes.IssuedShape,
        ),
        flags=frozenset({Flag.SECRET_ANSWER}),
    ),
    operation(
        PLATFORM,
        "GET /api/v1/tokens",
        read=words.read_tokens,
        verb=list_tokens,
        show=words.show_tokens,
        permission=AUTHENTICATED,
        about=About(
            group=TOKENS,
            summary="One's own tokens or, as an admin, those of `?owner=` (`user:ann`), newest first.",
            answer=shapes.TokensShape,
        ),
    ),
    operation(
        PLATFORM,
        "DELETE /api/v1/tokens/{id}",
        read=words.read_revoke,
        verb=revoke_token,
        show=words.show_done,
        permission=AUTHENTICATED,
        about=About(group=TOKENS, summary="Let a token hold no more; everywhere within 5 seconds."),
    ),
)

_PEOPLE = (
    operation(
        PLATFORM,
        "POST /api/v1/users",
        read=words.read_new_user,
        verb=create_user,
        show=words.show_user,
        permission=ADMIN,
        about=About(group=PEOPLE, summary="Make a user known.", body=shapes.NewUserBody, answer=shapes.UserShape),
    ),
    operation(
        PLATFORM,
        "GET /api/v1/users",
        read=words.read_page,
        verb=list_users,
        show=words.show_users,
        permission=ADMIN,
        about=About(group=PEOPLE, summary="All users by name.", answer=shapes.UsersShape),
    ),
    operation(
        PLATFORM,
        "GET /api/v1/users/{name}",
        read=words.read_user,
        verb=show_user,
        show=words.show_user,
        permission=AUTHENTICATED,
        about=About(group=PEOPLE, summary="A user, to admins and to themselves.", answer=shapes.UserShape),
    ),
    operation(
        PLATFORM,
        "PUT /api/v1/users/{name}",
        read=words.read_changed_user,
        verb=replace_user,
        show=words.show_user,
        permission=ADMIN,
        about=About(
            group=PEOPLE,
            summary="Say anew what a user is and may; a password that is left out stays.",
            body=shapes.UserBody,
            answer=shapes.UserShape,
        ),
    ),
    operation(
        PLATFORM,
        "DELETE /api/v1/users/{name}",
        read=words.read_user,
        verb=remove_user,
        show=words.show_done,
        permission=ADMIN,
        about=About(group=PEOPLE, summary="Forget a user; their tokens hold no more."),
    ),
    operation(
        PLATFORM,
        "GET /api/v1/groups",
        read=words.read_groups,
        verb=list_groups,
        show=words.show_groups,
        permission=AUTHENTICATED,
        about=About(
            group=PEOPLE,
            summary="All groups by name, each with those of its roles that concern what the caller may read.",
            answer=shapes.GroupsShape,
        ),
    ),
    operation(
        PLATFORM,
        "PUT /api/v1/groups/{name}",
        read=words.read_group,
        verb=save_group,
        show=words.show_group,
        permission=ADMIN,
        about=About(
            group=PEOPLE,
            summary="Make a group, or say anew which roles it gives.",
            body=shapes.GroupBody,
            answer=shapes.GroupShape,
        ),
    ),
    operation(
        PLATFORM,
        "DELETE /api/v1/groups/{name}",
        read=words.read_gone_group,
        verb=remove_group,
        show=words.show_done,
        permission=ADMIN,
        about=About(group=PEOPLE, summary="Forget a group."),
    ),
)

OPERATIONS = (*_LOGIN, *_TOKENS, *_PEOPLE)
