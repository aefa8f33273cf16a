"""Shapes of service accounts and permissions in a project."""

from typing import Literal

from pydantic import Field

from chalicelib.http.shape import Shape

Role = Literal["read", "write", "owner"]


class ServiceAccountBody(Shape):
    """A new service account. team: the group it belongs to."""

    role: Role = "read"
    team: str = Field(default="", max_length=200)


class ServiceAccountShape(Shape):
    """A service account without its secret."""

    role: Role
    team: str
    created_at: str


class NewServiceAccountShape(Shape):
    """A new service account. secret_token: shown only once."""

    name: str
    secret_token: str


class SubscriptionsShape(Shape):
    """Whether the caller may manage subscriptions to the project."""

    can_manage_subscriptions: bool
