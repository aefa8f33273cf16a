"""News for whoever waits in this process. Viewers connected elsewhere read what they missed; losing news is no harm."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Condition

Viewer = Callable[[str, Mapping[str, object]], None]


@dataclass(slots=True, kw_only=True)
class ProcessLive:
    """News by topic within one process. viewer: is given all of it, to show it to people."""

    viewer: Viewer | None = None
    _changed: Condition = field(default_factory=Condition)
    _count: Counter[str] = field(default_factory=Counter)

    def push(self, topic: str, message: Mapping[str, object]) -> None:
        """Wake those that await news of the topic."""
        with self._changed:
            self._count[topic] += 1
            self._changed.notify_all()
        if self.viewer is not None:
            self.viewer(topic, message)

    def mark(self, topic: str) -> int:
        """How much news of the topic there has been."""
        with self._changed:
            return self._count[topic]

    def await_news(self, topic: str, mark: int, longest: float) -> bool:
        """Whether news of the topic came since the mark, or comes within so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._count[topic] != mark, timeout=longest)


class NoLive:
    """Where nobody in this process can wait, as on Lambda."""

    def push(self, topic: str, message: Mapping[str, object]) -> None:
        """Nobody is here."""

    def mark(self, topic: str) -> int:  # noqa: ARG002 - the port's shape
        """There is no news."""
        return 0

    def await_news(self, topic: str, mark: int, longest: float) -> bool:  # noqa: ARG002 - the port's shape
        """No news will come."""
        return False
