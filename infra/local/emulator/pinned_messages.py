"""The messages and queues of the pinned ministack: which changes were made, what is there, and how it is made again.

That a message was received is no change: who received it is gone when it is read back, and it comes again at once.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from infra.local.emulator.journal.file import Change

Note = Callable[[Change], None]
Queue = dict[str, Any]
Message = dict[str, Any]
Arguments = Mapping[str, Any]
Act = Callable[[Arguments, str], Any]

ENDING = ("DeleteMessage", "DeleteMessageBatch", "PurgeQueue")
HIDING = ("ChangeMessageVisibility", "ChangeMessageVisibilityBatch")


def _nowhere(_: Change) -> None:
    """Note nothing."""


@dataclass(slots=True, kw_only=True)
class Messages:
    """The queues of a ministack. sqs: its module. note: takes each change, once `follow` was called."""

    sqs: ModuleType
    note: Note = _nowhere
    definitions: bytes = b""

    def follow(self, note: Note) -> None:
        """From now on, note every change."""
        self.note = note
        self.definitions = self._definitions(without_memory=True)

    def note_definitions(self) -> None:
        """Note how queues are defined, if that has changed."""
        found = self._definitions(without_memory=True)
        if found != self.definitions:
            self.definitions = found
            self.note(Change(("queues",), found))

    def whole(self) -> Iterator[Sequence[Change]]:
        """Yield all that is there, by the batch."""
        yield (Change(("queues",), self._definitions(without_memory=False)),)
        for queue in self.sqs._queues.all_values():
            yield tuple(_as_change(queue, message) for message in queue["messages"])

    def apply(self, change: Change) -> bool:
        """Make a change again; return False if it is none of these."""
        kind, *rest = change.head
        match kind:
            case "queues":
                self._define(change.body)
            case "message":
                self._put(json.loads(change.body), *rest)
            case "settled":
                self._settle(*rest)
            case "hidden":
                self._hide(*rest)
            case _:
                return False
        return True

    def sent(self, act: Act, arguments: Arguments, address: str) -> Any:  # noqa: ANN401 - ministack's answer
        """Send a message as ministack does, and note it."""
        answer = act(arguments, address)
        queue = self.sqs._get_q(arguments.get("QueueUrl", address))
        # A duplicate within five minutes is answered alike, but it is not there.
        for message in queue["messages"][-1:]:
            if message["id"] == answer["MessageId"]:
                self.note(_as_change(queue, message))
        return answer

    def ended(self, act: Act, arguments: Arguments, address: str) -> Any:  # noqa: ANN401 - ministack's answer
        """Remove messages as ministack does, and note which."""
        queue = self.sqs._get_q(arguments.get("QueueUrl", address))
        before = _identifiers(queue)
        try:
            return act(arguments, address)
        finally:
            self._note_settled(queue, before)

    def hidden(self, act: Act, arguments: Arguments, address: str) -> Any:  # noqa: ANN401 - ministack's answer
        """Hide messages as ministack does, and note until when."""
        queue = self.sqs._get_q(arguments.get("QueueUrl", address))
        before = {message["id"]: message["visible_at"] for message in queue["messages"]}
        answer = act(arguments, address)
        for message in queue["messages"]:
            if message["visible_at"] != before.get(message["id"]):
                self.note(Change(("hidden", _arn(queue), message["id"], message["visible_at"])))
        return answer

    def swept(self, sweep: Callable[[Queue], None], queue: Queue) -> None:
        """Move messages to the dead-letter queue as ministack does, and note which."""
        before = queue["messages"]
        sweep(queue)
        left = {message["id"] for message in queue["messages"]}
        moved = {message["id"] for message in before if message["id"] not in left}
        if moved:
            self.note(Change(("settled", _arn(queue), [*moved])))
            policy = json.loads(queue["attributes"]["RedrivePolicy"])
            dead = self.sqs._queue_by_arn(policy["deadLetterTargetArn"])
            for message in dead["messages"]:
                if message["id"] in moved:
                    self.note(_as_change(dead, message))

    def _note_settled(self, queue: Queue, before: set[str]) -> None:
        settled = before - _identifiers(queue)
        if settled:
            self.note(Change(("settled", _arn(queue), [*settled])))

    def _definitions(self, *, without_memory: bool) -> bytes:
        from ministack.core import persistence
        from ministack.core.responses import AccountRegionScopedDict

        left_out = {"messages", *(("dedup_cache", "fifo_seq") if without_memory else ())}
        queues = AccountRegionScopedDict()
        for (account, region, address), queue in self.sqs._queues.all_items():
            definition = {k: v for k, v in queue.items() if k not in left_out}
            definition["attributes"] = {k: v for k, v in queue["attributes"].items() if not k.startswith("Approximate")}
            queues.set_scoped(account, region, address, definition)
        return json.dumps(queues, default=persistence._json_default).encode()

    def _define(self, body: bytes) -> None:
        from ministack.core import persistence

        queues = json.loads(body, object_hook=persistence._json_object_hook)
        held = dict(self.sqs._queues._data)
        self.sqs._queues._data.clear()
        for key, queue in queues._data.items():
            memory = {name: held[key][name] for name in ("messages", "dedup_cache", "fifo_seq")} if key in held else {}
            self.sqs._queues._data[key] = {"messages": [], "dedup_cache": {}, "fifo_seq": 0, **memory, **queue}
        self.sqs._queue_name_to_url.clear()
        self.sqs._rebuild_queue_name_index()

    def _put(self, message: Message, arn: str) -> None:
        queue = self.sqs._queue_by_arn(arn)
        if queue is None or message["id"] in _identifiers(queue):
            return
        queue["messages"].append(message)
        key, until = message.get("dedup_cache_key"), message["sent_at"] + self.sqs._DEDUP_WINDOW_S
        if key and until > time.time():
            known = {"expire": until, "id": message["id"], "md5": message["md5_body"], "md5a": message["md5_attrs"]}
            queue["dedup_cache"][key] = {**known, "seq": message["seq"]}
        queue["fifo_seq"] = max(queue["fifo_seq"], int(message.get("seq") or 0))

    def _settle(self, arn: str, identifiers: Sequence[str]) -> None:
        queue = self.sqs._queue_by_arn(arn)
        if queue is not None:
            queue["messages"] = [message for message in queue["messages"] if message["id"] not in identifiers]

    def _hide(self, arn: str, identifier: str, until: float) -> None:
        queue = self.sqs._queue_by_arn(arn)
        for message in queue["messages"] if queue is not None else ():
            if message["id"] == identifier:
                message["visible_at"] = until


def observe(sqs: ModuleType) -> Messages:
    """Return the queues of this ministack, whose changes can be followed from now on."""
    messages = Messages(sqs=sqs)
    send, sweep = sqs._act_send_message, sqs._dlq_sweep

    def send_message(arguments: Arguments, address: str) -> Any:  # noqa: ANN401 - ministack's answer
        return messages.sent(send, arguments, address)

    # A batch calls it by its name, a single message comes through the table.
    vars(sqs).update(_act_send_message=send_message, _dlq_sweep=lambda queue: messages.swept(sweep, queue))
    sqs._HANDLERS["SendMessage"] = send_message
    for names, follow in ((ENDING, messages.ended), (HIDING, messages.hidden)):
        for name in names:
            sqs._HANDLERS[name] = _followed(follow, sqs._HANDLERS[name])
    return messages


def _followed(follow: Callable[[Act, Arguments, str], Any], act: Act) -> Act:
    return lambda arguments, address: follow(act, arguments, address)


def _as_change(queue: Queue, message: Message) -> Change:
    return Change(("message", _arn(queue)), json.dumps(message).encode())


def _arn(queue: Queue) -> str:
    return str(queue["attributes"]["QueueArn"])


def _identifiers(queue: Queue) -> set[str]:
    return {message["id"] for message in queue["messages"]}
