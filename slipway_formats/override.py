"""The mark of a method that a port, or a base class, describes."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import override
else:
    # Python 3.11 has none, and importing typing_extensions takes 55 ms of a cold start.
    def override(method: Callable[..., Any]) -> Callable[..., Any]:
        """Mark a method whose base describes it. The type checker refuses one that no base has."""
        return method


__all__ = ["override"]
