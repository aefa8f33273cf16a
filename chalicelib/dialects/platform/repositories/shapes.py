"""Shapes of registered repositories."""

from pydantic import Field

from chalicelib.http.shape import Shape


class GitRepositoryBody(Shape):
    """A repository to register. url: may contain user and password. private_key, password: unchanged if left out.

    projects: those that may use it; `*` for all.
    """

    url: str
    branch: str = ""
    username: str = ""
    private_key: str | None = None
    password: str | None = None
    projects: list[str] = Field(default=[], max_length=1000)


class GitRepositoryShape(Shape):
    """A registered repository without its secrets. projects: those that the caller may read."""

    name: str
    url: str
    branch: str
    username: str
    has_private_key: bool
    has_password: bool
    projects: list[str]


class GitRepositoriesShape(Shape):
    """Registered repositories, by name."""

    repositories: list[GitRepositoryShape]
