"""What the use cases need from outside about access."""

from typing import Protocol


class Access(Protocol):
    """Not named yet."""


class Audits(Protocol):
    """Not named yet."""


class Idempotency(Protocol):
    """Not named yet."""


class Secrets(Protocol):
    """Not named yet."""
