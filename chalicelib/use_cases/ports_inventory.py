"""What the use cases need from outside about inventory."""

from typing import Protocol


class Inventory(Protocol):
    """Not named yet."""


class Packages(Protocol):
    """Not named yet."""
