"""Queues in memory at the interceptor to AWS: what is sent waits until its time has come, and is delivered one by one.

So that a message delayed by a second costs the bench none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.aws.calls import Answer, AwsRequest, Send
from tests.fakes.world import FakeWorld


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message. group: of a FIFO queue, else empty. at: not delivered before."""

    number: int
    body: str
    group: str
    at: datetime

    @property
    def event(self) -> dict[str, Any]:
        """The message as Lambda hands it over, alone."""
        record = {"messageId": str(self.number), "body": self.body, "attributes": {"MessageGroupId": self.group}}
        return {"Records": [record]}


@dataclass(slots=True)
class Post:
    """All queues, whose functions are one and the same."""

    world: FakeWorld
    letters: list[Letter] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    count: int = 0

    def interceptor(self, ask: AwsRequest, send: Send) -> Answer:
        """Answer for SQS; hand all else on."""
        if ask.service != "sqs":
            return send(ask)
        if ask.operation == "GetQueueUrl":
            return {"QueueUrl": ask.arguments["QueueName"]}
        if ask.operation not in {"SendMessage", "SendMessageBatch"}:
            raise LookupError(f"the bench's queues know no {ask.operation}")
        for one in ask.arguments.get("Entries", ({},)):
            self._take({**ask.arguments, **one})
        return {"MessageId": str(self.count)}

    def next(self) -> Letter | None:
        """The message whose time comes first, taken out, at its time."""
        if not self.letters:
            return None
        letter = min(self.letters, key=lambda one: (one.at, one.number))
        self.letters.remove(letter)
        self.world.at = max(self.world.at, letter.at)
        return letter

    def _take(self, sent: Mapping[str, Any]) -> None:
        key = sent.get("MessageDeduplicationId", "")
        if key and key in self.known:
            return
        self.known.add(key)
        self.count += 1
        at = self.world.now() + timedelta(seconds=sent.get("DelaySeconds", 0))
        body, group = sent["MessageBody"], sent.get("MessageGroupId", "")
        self.letters.append(Letter(number=self.count, body=body, group=group, at=at))
