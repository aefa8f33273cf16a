"""Shapes of projects, repositories and namespaces."""

from typing import Literal

from pydantic import Field, JsonValue

from chalicelib.dialects.state.environments.shapes import EnvironmentSummary
from chalicelib.http.shape import LenientShape, Shape

Level = Literal["read", "write", "owner"]


class ProjectBody(Shape):
    """Settings of a project. permission, environments, environment_order, title: read-only.

    max_jobs: how many of its jobs may run at once; 0 for no limit; unchanged if left out.
    """

    name: str | None = None
    description: str = ""
    org_url: str = ""
    logo: str = ""
    groups: list[str] | None = Field(default=None, max_length=200)
    max_jobs: int | None = Field(default=None, ge=0, le=10_000)
    permission: JsonValue = None
    environments: JsonValue = None
    environment_order: JsonValue = None
    title: JsonValue = None


class ProjectShape(Shape):
    """A project. environments: absent in lists. max_jobs: absent if there is no limit.

    title: its name in other systems, if it differs.
    """

    name: str
    description: str
    org_url: str
    logo: str
    permission: Level | None
    groups: list[str]
    environment_order: list[str]
    max_jobs: int | None = None
    title: str = ""
    environments: dict[str, EnvironmentSummary] = {}


class RepositoryBody(Shape):
    """A repository. url: may contain user and password. private_key, password: never shown; unchanged if left out."""

    name: str = ""
    url: str = ""
    branch: str = ""
    private_key: str | None = None
    username: str = ""
    password: str | None = None


class RepositoryShape(Shape):
    """A repository without its secrets."""

    name: str
    url: str
    branch: str
    username: str


class NamespaceBody(Shape):
    """A new namespace. project: as in the path."""

    name: str
    description: str = ""
    org_url: str = ""
    logo: str = ""
    project: str | None = None


class NamespaceEntry(Shape):
    """A namespace, its owner, and the caller's permission in it."""

    name: str
    description: str
    org_url: str
    logo: str
    project: str
    permission: Level | None


class NamespacesShape(Shape):
    """Namespaces by name."""

    namespaces: dict[str, NamespaceEntry]


class GroupQuery(LenientShape):
    """group: of this one alone."""

    group: str = ""
