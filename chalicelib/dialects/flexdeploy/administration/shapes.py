"""Shapes of users, groups, and tests of cron expressions."""

from datetime import datetime

from pydantic import Field

from chalicelib.dialects.flexdeploy.shapes import CamelShape, LenientCamelShape
from chalicelib.use_cases.installation.cron_fires import MOST


class SecurityUserBody(LenientCamelShape):
    """A user to create. Names of persons may be given, and are not kept."""

    user_name: str
    password: str
    email: str = ""
    groups: list[str] = Field(default=[], max_length=1000)


class SecurityGroupBody(LenientCamelShape):
    """A group to create."""

    group_name: str


class CronTestBody(CamelShape):
    """A Quartz cron to try. from: an instant with an offset, now where it is left out."""

    expression: str
    timezone: str = "UTC"
    after: datetime | None = Field(default=None, alias="from")
    count: int = Field(default=5, ge=1, le=MOST)


class SecurityUserShape(CamelShape):
    """A user."""

    user_id: int
    user_name: str
    email: str | None
    groups: list[str]
    is_active: bool


class SecurityUserItems(CamelShape):
    """A list of users."""

    items: list[SecurityUserShape]


class SecurityGroupShape(CamelShape):
    """A group."""

    group_id: int
    group_name: str


class SecurityGroupItems(CamelShape):
    """A list of groups."""

    items: list[SecurityGroupShape]


class CronFiresShape(CamelShape):
    """The next fires."""

    next: list[str]
