"""A proxy for an adapter that is imported and created on first use."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any, Generic, TypeVar, cast

Port = TypeVar("Port")


class Lazy(Generic[Port]):
    """A proxy of an adapter, which is created on first use."""

    def __init__(self, make: Callable[[], Port]) -> None:
        self._make = make
        self._lock = Lock()
        self._made: Port | None = None

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the adapter has
        with self._lock:
            if self._made is None:
                self._made = self._make()
        found = getattr(self._made, name)
        setattr(self, name, found)  # the next use finds it at once
        return found


def lazy(make: Callable[[], Port]) -> Port:
    """Return a proxy that creates the adapter on first use."""
    return cast("Port", Lazy(make))
