"""Rows of logins, tokens, users and groups. The audit log: audit/routes.py."""

from chalicelib.dialects.platform.access import shapes, words, words_invitations
from chalicelib.dialects.platform.dialect import PLATFORM
from chalicelib.http.operation import Flag, Group, Handling, Schema
from chalicelib.http.permission import ADMIN, AUTHENTICATED, PROJECT_OWNER, PUBLIC
from chalicelib.http.query import PagedQuery
from chalicelib.kernel.access.principal import Principal
from chalicelib.use_cases.access.explain_access import explain_access
from chalicelib.use_cases.access.groups import list_groups, remove_group, update_group
from chalicelib.use_cases.access.own_account import end_sessions, update_password
from chalicelib.use_cases.access.users import create_user, get_user, list_users, remove_user, replace_user
from chalicelib.use_cases.credentials.invitations import accept_invitation, invite_user
from chalicelib.use_cases.credentials.login import LoginMethod, log_in, log_out, login_methods
from chalicelib.use_cases.credentials.tokens import issue_token, list_tokens, revoke_token
from chalicelib.use_cases.ports.bundle import Ports

LOGIN = Group(PLATFORM, "Login")
TOKENS = Group(PLATFORM, "Tokens")
PEOPLE = Group(PLATFORM, "People")


def _login_methods(ports: Ports, _: None) -> tuple[LoginMethod, ...]:
    return login_methods(ports)


def _caller(_: Ports, caller: Principal) -> Principal:
    return caller


_LOGIN = (
    LOGIN.operation(
        "GET /api/v1/auth/login-methods",
        "The ways to log in, by name.",
        PUBLIC,
        Handling(words.read_nothing, _login_methods, words.show_login_methods),
        schema=Schema(answer=dict[str, shapes.LoginMethodShape]),
    ),
    LOGIN.operation(
        "POST /api/v1/auth/service-account/login",
        "Trade a name and its secret token for a session; its token is in the header `X-Escape-Token`.",
        PUBLIC,
        Handling(words.read_secret_login, log_in, words.show_session),
        schema=Schema(body=shapes.SecretLoginBody),
        flags=frozenset({Flag.SECRET_ANSWER}),
    ),
    LOGIN.operation(
        "POST /api/v1/auth/email/login",
        "Trade a mail address and a password for a session, in header and cookie.",
        PUBLIC,
        Handling(words.read_email_login, log_in, words.show_session),
        schema=Schema(body=shapes.EmailLoginBody),
        flags=frozenset({Flag.SECRET_ANSWER}),
    ),
    LOGIN.operation(
        "POST /api/v1/auth/invitation",
        "Choose a password by an invitation, which then holds no more.",
        PUBLIC,
        Handling(words_invitations.read_accept, accept_invitation, words_invitations.show_accepted),
        schema=Schema(body=shapes.AcceptBody, answer=shapes.AcceptedShape),
    ),
    LOGIN.operation(
        "POST /api/v1/auth/end-sessions",
        "End all of one's own sessions, as a person; tokens stay.",
        AUTHENTICATED,
        Handling(words.read_origin, end_sessions, words.show_logged_out),
    ),
    LOGIN.operation(
        "POST /api/v1/auth/password",
        "Take another password: one's own sessions and tokens end. The answer says which tokens of others stay.",
        AUTHENTICATED,
        Handling(words.read_password, update_password, words.show_kept),
        schema=Schema(body=shapes.PasswordBody, answer=shapes.TokensShape),
    ),
    LOGIN.operation(
        "GET|POST /api/v1/auth/logout",
        "End the session by which the caller came.",
        AUTHENTICATED,
        Handling(words.read_origin, log_out, words.show_logged_out),
        flags=frozenset({Flag.CHANGES, Flag.FOR_JOBS}),
    ),
    LOGIN.operation(
        "GET /api/v1/auth/whoami",
        "Who asks, and what they may do.",
        AUTHENTICATED,
        Handling(words.read_asker, _caller, words.show_asker),
        schema=Schema(answer=shapes.WhoShape),
    ),
)

_TOKENS = (
    TOKENS.operation(
        "POST /api/v1/tokens",
        "Make a token of one's own or, as an admin, of a runner, or an API key; its text is shown once.",
        AUTHENTICATED,
        Handling(words.read_issue, issue_token, words.show_issued),
        schema=Schema(body=shapes.TokenBody, answer=shapes.IssuedShape),
        flags=frozenset({Flag.SECRET_ANSWER}),
    ),
    TOKENS.operation(
        "GET /api/v1/tokens",
        "One's own tokens or, as an admin, those of `?owner=` (`user:ann`), newest first; `?minted=true`: of others.",
        AUTHENTICATED,
        Handling(words.read_tokens, list_tokens, words.show_tokens),
        schema=Schema(query=shapes.TokensQuery, answer=shapes.TokensShape),
    ),
    TOKENS.operation(
        "DELETE /api/v1/tokens/{id}",
        "Let a token hold no more; everywhere within 5 seconds.",
        AUTHENTICATED,
        Handling(words.read_revoke, revoke_token, words.show_done),
    ),
)

_PEOPLE = (
    PEOPLE.operation(
        "POST /api/v1/users",
        "Make a user known.",
        ADMIN,
        Handling(words.read_new_user, create_user, words.show_user),
        schema=Schema(body=shapes.NewUserBody, answer=shapes.UserShape),
    ),
    PEOPLE.operation(
        "POST /api/v1/users/{name}/invitation",
        "Invite a user who has no password to choose one; the invitation is shown once, and used once.",
        ADMIN,
        Handling(words_invitations.read_invite, invite_user, words_invitations.show_invited),
        schema=Schema(body=shapes.InviteBody, answer=shapes.InvitationShape),
        flags=frozenset({Flag.SECRET_ANSWER, Flag.OPTIONAL_BODY}),
    ),
    PEOPLE.operation(
        "GET /api/v1/users",
        "All users by name.",
        ADMIN,
        Handling(words.read_page, list_users, words.show_users),
        schema=Schema(query=PagedQuery, answer=shapes.UsersShape),
    ),
    PEOPLE.operation(
        "GET /api/v1/users/{name}",
        "A user, to admins and to themselves.",
        AUTHENTICATED,
        Handling(words.read_user, get_user, words.show_user),
        schema=Schema(answer=shapes.UserShape),
    ),
    PEOPLE.operation(
        "PUT /api/v1/users/{name}",
        "Say anew what a user is and may; a password that is left out stays.",
        ADMIN,
        Handling(words.read_changed_user, replace_user, words.show_user),
        schema=Schema(body=shapes.UserBody, answer=shapes.UserShape),
    ),
    PEOPLE.operation(
        "DELETE /api/v1/users/{name}",
        "Forget a user; their tokens hold no more.",
        ADMIN,
        Handling(words.read_user, remove_user, words.show_done),
    ),
    PEOPLE.operation(
        "GET /api/v1/projects/{project}/access/{name}",
        "Why a user may do what in a project: each role that counts there, and the group that gives it.",
        PROJECT_OWNER,
        Handling(words.read_access, explain_access, words.show_access),
        schema=Schema(answer=shapes.AccessShape),
    ),
    PEOPLE.operation(
        "GET /api/v1/groups",
        "All groups by name, each with those of its roles that concern what the caller may read.",
        AUTHENTICATED,
        Handling(words.read_groups, list_groups, words.show_groups),
        schema=Schema(query=PagedQuery, answer=shapes.GroupsShape),
    ),
    PEOPLE.operation(
        "PUT /api/v1/groups/{name}",
        "Make a group, or say anew which roles it gives.",
        ADMIN,
        Handling(words.read_group, update_group, words.show_group),
        schema=Schema(body=shapes.GroupBody, answer=shapes.GroupShape),
    ),
    PEOPLE.operation(
        "DELETE /api/v1/groups/{name}",
        "Forget a group.",
        ADMIN,
        Handling(words.read_gone_group, remove_group, words.show_done),
    ),
)

OPERATIONS = (*_LOGIN, *_TOKENS, *_PEOPLE)
