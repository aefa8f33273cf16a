"""Offers of jobs that are held back for a moment: who ends a job and wants the next one comes before who waits."""

from collections.abc import Collection, Mapping
from dataclasses import field

from chalicelib.use_cases.ports.clock import Live
from slipway_formats.frozen import frozen
from slipway_formats.override import override


@frozen
class HeldOffers(Live):
    """Holds back what is pushed to a topic, by job, and passes on everything else."""

    live: Live
    topic: str
    held: list[Mapping[str, object]] = field(default_factory=list)

    def release(self, leased: Collection[str]) -> None:
        """Push what was held back, but for jobs that are leased by now: whoever is woken for those finds nothing."""
        for message in self.held:
            if message.get("job") not in leased:
                self.live.push(self.topic, message)
        self.held.clear()

    @override
    def push(self, topic: str, message: Mapping[str, object]) -> None:
        if topic == self.topic:
            self.held.append(message)
        else:
            self.live.push(topic, message)

    @override
    def mark(self, topic: str) -> int:
        return self.live.mark(topic)

    @override
    def await_change(self, topic: str, mark: int, longest: float) -> bool:
        return self.live.await_change(topic, mark, longest)

    @override
    def wakes_by_socket(self) -> bool:
        return self.live.wakes_by_socket()

    @override
    def has_viewers(self) -> bool:
        return self.live.has_viewers()

    @override
    def send(self, connection: str, text: str) -> bool:
        return self.live.send(connection, text)

    @override
    def close(self, connection: str) -> None:
        self.live.close(connection)
