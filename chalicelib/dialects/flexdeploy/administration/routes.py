"""Rows of users and groups, and of what an administrator tries cron expressions with."""

from chalicelib.dialects.flexdeploy.administration import shapes, words
from chalicelib.dialects.flexdeploy.dialect import FLEXDEPLOY, PREFIX
from chalicelib.dialects.flexdeploy.lists import alone, items
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import ADMIN, AUTHENTICATED
from chalicelib.use_cases.access.numbered_users import (
    create_numbered_group,
    create_numbered_user,
    list_numbered_groups,
    list_numbered_users,
)
from chalicelib.use_cases.installation.cron_fires import list_fires

GROUP = Group(FLEXDEPLOY, "Administration")
SECURITY = f"{PREFIX}/rest/v2/administration/security"

OPERATIONS = (
    GROUP.operation(
        f"GET {SECURITY}/user",
        "All users, by name.",
        ADMIN,
        Handling(words.read_all, list_numbered_users, items(words.shown_user)),
        schema=Schema(answer=shapes.SecurityUserItems),
    ),
    GROUP.operation(
        f"POST {SECURITY}/user",
        "Create a user, as a member of groups.",
        ADMIN,
        Handling(words.read_new_user, create_numbered_user, alone(words.shown_user)),
        schema=Schema(status=201, body=shapes.SecurityUserBody, answer=shapes.SecurityUserShape),
    ),
    GROUP.operation(
        f"GET {SECURITY}/group",
        "All groups, by name.",
        ADMIN,
        Handling(words.read_all, list_numbered_groups, items(words.shown_group)),
        schema=Schema(answer=shapes.SecurityGroupItems),
    ),
    GROUP.operation(
        f"POST {SECURITY}/group",
        "Create a group.",
        ADMIN,
        Handling(words.read_new_group, create_numbered_group, alone(words.shown_group)),
        schema=Schema(status=201, body=shapes.SecurityGroupBody, answer=shapes.SecurityGroupShape),
    ),
    GROUP.operation(
        f"POST {PREFIX}/rest/v1/admin/cron/test",
        "The next fires of a Quartz cron in a time zone; what is wrong with it, by its position.",
        AUTHENTICATED,
        Handling(words.read_cron, list_fires, words.show_fires),
        schema=Schema(body=shapes.CronTestBody, answer=shapes.CronFiresShape),
    ),
)
