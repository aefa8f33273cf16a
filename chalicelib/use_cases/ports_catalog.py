"""What the use cases need from outside about catalog."""

from typing import Protocol


class Definitions(Protocol):
    """Not named yet."""


class Deployments(Protocol):
    """Not named yet."""


class Projects(Protocol):
    """Not named yet."""
