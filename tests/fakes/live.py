"""The fakes of the ports Live and Outside: what was pushed and posted, and answers told beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.use_cases.ports.clock import Called, Live, Outside


@dataclass(slots=True)
class FakeLive(Live):
    """News that nobody waits for, and connections that hear what is sent to them. open: those that stand.

    by_socket: whether topics are heard by WebSockets alone."""

    pushed: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)
    open: set[str] = field(default_factory=set)
    by_socket: bool = False
    heard: dict[str, list[str]] = field(default_factory=dict)

    def push(self, topic: str, message: Mapping[str, object]) -> None:
        self.pushed.append((topic, message))

    def mark(self, topic: str) -> int:
        return sum(known == topic for known, _ in self.pushed)

    def await_change(self, topic: str, mark: int, longest: float) -> bool:  # noqa: ARG002 - a fake does not wait
        return self.mark(topic) > mark

    def wakes_by_socket(self) -> bool:
        return self.by_socket

    def has_viewers(self) -> bool:
        return True

    def send(self, connection: str, text: str) -> bool:
        if connection not in self.open:
            return False
        self.heard.setdefault(connection, []).append(text)
        return True

    def close(self, connection: str) -> None:
        self.open.discard(connection)


@dataclass(slots=True)
class FakeOutside(Outside):
    """Addresses that answer as told, 200 otherwise."""

    answers: list[Called] = field(default_factory=list)
    posted: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Called:
        self.posted.append((url, headers, body))
        return self.answers.pop(0) if self.answers else Called(status=200)
