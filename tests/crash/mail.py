"""Queues in memory in place of SQS: what is sent is recorded as any call, and delivered when its time has come.

So that a message delayed by minutes costs a test none. The real queues are held to tests/gateways/test_queues.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.aws.calls import Answer, AwsRequest, Send
from tests.crash.world import CrashWorld

AGAIN = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message in a queue. at: not delivered before."""

    id: str
    queue: str
    body: str
    group: str
    at: datetime


@dataclass
class Mail:
    """All queues."""

    world: CrashWorld
    letters: list[Letter] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    count: int = 0

    def copied(self, world: CrashWorld) -> "Mail":
        """The same letters in queues of another world."""
        return Mail(world, list(self.letters), set(self.known), self.count)

    def interceptor(self, ask: AwsRequest, send: Send) -> Answer:
        """Answer for SQS; hand all else on."""
        if ask.service != "sqs":
            return send(ask)
        if ask.operation == "GetQueueUrl":
            return {"QueueUrl": ask.arguments["QueueName"]}
        if ask.operation == "ChangeMessageVisibility":
            return {}  # settle knows when it comes again
        assert ask.operation in {"SendMessage", "SendMessageBatch"}, ask.operation
        for one in ask.arguments.get("Entries", ({},)):
            self._take({**ask.arguments, **one})
        return {"MessageId": str(self.count)}

    def _take(self, sent: Mapping[str, Any]) -> None:
        key = sent.get("MessageDeduplicationId")
        if key is not None and key in self.known:
            return
        self.known.add(key or "")
        self.count += 1
        at = self.world.now() + timedelta(seconds=sent.get("DelaySeconds", 0))
        name = sent["QueueUrl"].removesuffix(".fifo").rpartition("-")[2]
        queue = name if name in ("effects", "checks", "live") else "events"
        # In a queue without order a group is in whose turn it comes, not what it stands behind.
        group = sent.get("MessageGroupId", "") if sent["QueueUrl"].endswith(".fifo") else ""
        self.letters.append(Letter(id=str(self.count), queue=queue, body=sent["MessageBody"], group=group, at=at))

    def due(self, queue: str) -> list[Letter]:
        """What may be delivered now, in order: of a group nothing that stands behind what may not."""
        found: list[Letter] = []
        held: set[str] = set()
        for letter in self.letters:
            if letter.queue != queue:
                continue
            if letter.at > self.world.now() or (letter.group and letter.group in held):
                held.add(letter.group)
                continue
            found.append(letter)
        return found

    def settle(self, delivered: list[Letter], answer: dict[str, Any]) -> None:
        """Forget what was worked off; what failed comes again after a while."""
        failed = {one["itemIdentifier"] for one in answer["batchItemFailures"]}
        again = [replace(one, at=self.world.now() + AGAIN) for one in delivered if one.id in failed]
        rest = [one for one in self.letters if one not in delivered]
        self.letters = sorted((*rest, *again), key=lambda one: int(one.id))


def as_event(letters: list[Letter]) -> dict[str, Any]:
    """The batch as Lambda hands it over."""
    return {"Records": [_record(one) for one in letters]}


def _record(letter: Letter) -> dict[str, Any]:
    return {
        "messageId": letter.id,
        "body": letter.body,
        "attributes": {"MessageGroupId": letter.group},
        "eventSourceARN": f"arn:aws:sqs:eu-central-1:1:{letter.queue}",
        "receiptHandle": letter.id,
    }
