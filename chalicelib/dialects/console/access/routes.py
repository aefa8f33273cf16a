"""Rows of access: who may come in, and what admins and owners of tokens change about it."""

from chalicelib.dialects.console.access import acts, words
from chalicelib.dialects.console.access.page import access_page, person_page, why_page
from chalicelib.dialects.console.access.secrets_shown import invite, make_account, make_token, revoke
from chalicelib.dialects.console.dialect import CONSOLE
from chalicelib.dialects.console.frame.headers import FORM
from chalicelib.http.operation import Flag, Group, Handling, Schema
from chalicelib.http.permission import ADMIN, AUTHENTICATED, PROJECT_OWNER, InProject, project_in_query
from chalicelib.http.reply import HTML_MEDIA
from chalicelib.http.request import FORM as FORM_MEDIA
from chalicelib.kernel.access.role import Level
from chalicelib.use_cases.access.amend_user import amend_user
from chalicelib.use_cases.access.users import create_user
from chalicelib.use_cases.credentials.service_accounts import remove_service_account

GROUP = Group(CONSOLE, "Access")
PAGE = Schema(answer=str, media=HTML_MEDIA)
SECRET = Schema(body=dict[str, str], answer=str, media=HTML_MEDIA, takes=FORM_MEDIA)
"""A form whose answer is a page that shows a secret: never stored, and never led to by an address."""

ONCE_SHOWN = frozenset({Flag.SECRET_ANSWER})

OPERATIONS = (
    GROUP.operation(
        "GET /access",
        "People, for admins; groups, one's own tokens, and service accounts of `?project=`, for who may read it.",
        AUTHENTICATED,
        Handling(words.read_access, access_page, words.show_access),
        schema=PAGE,
    ),
    GROUP.operation(
        "GET /access/why",
        "Why `?user=` may read, write or own (`?level=`) in `?project=`, or may not: for its owners.",
        InProject(Level.OWNER, by=project_in_query),
        Handling(words.read_why, why_page, words.show_why),
        schema=PAGE,
    ),
    GROUP.operation(
        "GET /access/people/{name}",
        "A person with their roles, groups and tokens, to admins and to themselves.",
        AUTHENTICATED,
        Handling(words.read_person, person_page, words.show_person),
        schema=PAGE,
    ),
    GROUP.operation(
        "POST /access/newcomers",
        "Make a person known.",
        ADMIN,
        Handling(acts.read_new_person, create_user, acts.show_new_person),
        schema=FORM,
    ),
    GROUP.operation(
        "POST /access/people/{name}/changes",
        "Change a person's mail, password, roles or groups, or keep them out; what is not said stays.",
        ADMIN,
        Handling(acts.read_change, amend_user, acts.show_change),
        schema=FORM,
    ),
    GROUP.operation(
        "POST /access/people/{name}/invitations",
        "Invite a person who has no password to choose one; the invitation is shown once.",
        ADMIN,
        Handling(acts.read_invite, invite, acts.show_secret),
        schema=SECRET,
        flags=ONCE_SHOWN,
    ),
    GROUP.operation(
        "POST /access/people/{name}/tokens",
        "Make a token for a person who has no password; its text is shown once.",
        ADMIN,
        Handling(acts.read_token, make_token, acts.show_secret),
        schema=SECRET,
        flags=ONCE_SHOWN,
    ),
    GROUP.operation(
        "POST /access/tokens",
        "Make a token of one's own; its text is shown once.",
        AUTHENTICATED,
        Handling(acts.read_own_token, make_token, acts.show_secret),
        schema=SECRET,
        flags=ONCE_SHOWN,
    ),
    GROUP.operation(
        "POST /access/accounts/{project}",
        "Let a machine act in a project; its secret token is shown once.",
        PROJECT_OWNER,
        Handling(acts.read_account, make_account, acts.show_secret),
        schema=SECRET,
        flags=ONCE_SHOWN,
    ),
    GROUP.operation(
        "POST /access/accounts/{project}/{name}/removals",
        "Forget a service account; its tokens and sessions hold no more.",
        PROJECT_OWNER,
        Handling(acts.read_removal, remove_service_account, acts.show_removed),
        schema=FORM,
    ),
    GROUP.operation(
        "POST /access/tokens/{id}/revocations",
        "Let a token hold no more.",
        AUTHENTICATED,
        Handling(acts.read_revoke, revoke, acts.show_revoked),
        schema=FORM,
    ),
)
