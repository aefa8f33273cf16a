"""Read requests about users, groups and cron expressions, and show what they ask for."""

from collections.abc import Sequence
from datetime import UTC, datetime

from chalicelib.dialects.flexdeploy.administration import shapes
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.use_cases.access.groups import UpdateGroup
from chalicelib.use_cases.access.numbered_users import NumberedGroup, NumberedUser
from chalicelib.use_cases.access.users import CreateUser, UserSettings
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.cron_fires import FiresQuery


def read_all(request: Request) -> Origin:
    """Read who asks for a list."""
    return request.origin


def read_new_user(request: Request) -> CreateUser:
    """Read a user to create. Faults: Invalid."""
    body = request.body(shapes.SecurityUserBody)
    settings = UserSettings(mail=body.email, password=body.password, groups=tuple(body.groups))
    return CreateUser(origin=request.origin, name=body.user_name, standing=settings)


def read_new_group(request: Request) -> UpdateGroup:
    """Read a group to create. Faults: Invalid."""
    body = request.body(shapes.SecurityGroupBody)
    return UpdateGroup(origin=request.origin, name=body.group_name, roles=())


def read_cron(request: Request) -> FiresQuery:
    """Read an expression to try. Faults: Invalid."""
    body = request.body(shapes.CronTestBody)
    return FiresQuery(expression=body.expression, timezone=body.timezone, after=body.after, count=body.count)


def shown_user(one: NumberedUser) -> dict[str, Json]:
    """Show a user."""
    return {
        "userId": one.id,
        "userName": one.user.name,
        "email": one.user.mail or None,
        "groups": list(one.user.groups),
        "isActive": not one.user.disabled,
    }


def shown_group(one: NumberedGroup) -> dict[str, Json]:
    """Show a group."""
    return {"groupId": one.id, "groupName": one.group.name}


def show_fires(fires: Sequence[datetime]) -> Reply:
    """Show the next fires of an expression."""
    return json_reply({"next": [f"{fire.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for fire in fires]})
