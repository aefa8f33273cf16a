"""Shapes of service accounts and permissions in a project."""

from pydantic import Field

from chalicelib.http.shape import Shape
from chalicelib.kernel.access.role import Level


class ServiceAccountBody(Shape):
    """A service account to be made. team: whom it belongs to."""

    role: Level
    team: str = Field(default="", max_length=200)


class ServiceAccountShape(Shape):
    """A service account without its secret."""

    role: Level
    team: str
    created_at: str


class NewServiceAccountShape(Shape):
    """A new service account. secret_token: shown this once."""

    name: str
    secret_token: str


class SubscriptionsShape(Shape):
    """Whether the caller may manage who hears of the project."""

    can_manage_subscriptions: bool
