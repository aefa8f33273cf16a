"""The matrix's world on a deployed stack: people and one of everything in it, made and asked for over the API."""

import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.kernel.explanation.runner import Runner
from tests.deployed.stack import Stack
from tests.dialects.matrix.asks import target_of
from tests.dialects.matrix.callers import CALLERS
from tests.dialects.matrix.test_matrix import LINES, Line, Verdict, verdict
from tests.dialects.matrix.things import fill
from tests.dialects.matrix.world import AccessHouse, World, invite
from tests.fakes.world import FakeWorld
from tests.http.house import Answered
from tests.walks.api import Ask, eventually

QUIET = ("events",)
"""Queues that stand still once what was asked for is done; timers wait, and calls of others are tried for long."""

PATIENCE = 150.0
LONG = timedelta(minutes=10)
METRICS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


class TrueTime(FakeWorld):
    """The clock of the machine: who needs another time goes without."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def move(self, by: timedelta) -> None:
        """Moves nothing."""


@dataclass(kw_only=True)
class StackHouse(AccessHouse):
    """The ports of a stack, whose functions work its queues off by themselves."""

    stack: Stack

    def __post_init__(self) -> None:
        super().__post_init__()
        self.world = TrueTime()
        self.ports = replace(self.stack.ports, settings=self.ports.settings)

    def work_off(self) -> None:
        """Wait until the functions have nothing to do."""
        for _ in range(2):
            eventually(self._is_quiet, PATIENCE)
            time.sleep(0.3)

    def _is_quiet(self) -> bool:
        sqs = self.stack.session.client("sqs")
        names = [name for name in sqs.list_queues(QueueNamePrefix=self.stack.prefix)["QueueUrls"] if _is_of(name)]
        counts = [sqs.get_queue_attributes(QueueUrl=url, AttributeNames=METRICS)["Attributes"] for url in names]
        return not any(int(count[metric]) for count in counts for metric in METRICS)


@dataclass
class StackWorld(World):
    """The whole table on a stack."""

    stack: Stack | None = None

    def __post_init__(self) -> None:
        assert self.stack is not None
        self.house = StackHouse(stack=self.stack)

    def ask(self, method: str, target: str, body: object = None, *, by: str, **headers: str) -> Answered:
        assert self.stack is not None
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        content = None if body is None else body if isinstance(body, bytes) else self._encoded(body)
        ask = Ask(method=method, path=self.put(target), raw=content, token=self.tokens.get(by, ""), headers=sent)
        answer = self.stack.asks(ask)
        # API Gateway gives an answer without a type that of JSON, also one without a body.
        headers = {name: value for name, value in answer.headers.items() if answer.text or name != "content-type"}
        return Answered(status=answer.status, headers=_Named(headers), several={}, content=answer.text.encode())

    def admin(self) -> str:
        assert self.stack is not None
        return self.stack.token

    def send_part(self, begun: Mapping[str, Any], content: bytes) -> str:
        request = urllib.request.Request(begun["parts"][0]["url"], content, method="PUT")
        with urllib.request.urlopen(request, timeout=30) as answered:
            return str(answered.headers["ETag"])


class _Named(dict[str, str]):
    """Headers by names in any case."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__({name.lower(): value for name, value in headers.items()})

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - as dict has it
        return super().get(name.lower(), default)


def answers_of_all_rows(stack: Stack) -> Mapping[str, Answered]:
    """What every row of the table answers on a stack on which nothing else is done, by its name."""
    world = StackWorld(stack=stack)
    invite(world)
    fill(world)
    runner = Runner(pool="default", name="tasks", seen_at=datetime.now(UTC) + LONG, slots=1, executor="process")
    world.house.ports.runners.note(runner)
    answers = {line.name: _asked(world, line, caller) for line, caller in _in_order()}
    world.house.work_off()
    return answers


def _in_order() -> Iterator[tuple[Line, str]]:
    """Every row with somebody whom it lets in: those that read first, those that remove last."""
    for line in sorted(LINES, key=_turn):
        allowed = [caller for caller in reversed(CALLERS) if verdict(line, caller) is Verdict.DONE]
        yield line, min(allowed, key=lambda caller: (caller != "admin", caller))


def _asked(world: World, line: Line, caller: str) -> Answered:
    """What the row answers."""
    ask = line.ask
    return world.ask(line.method, target_of(line.row, ask), ask.body, by=caller, **ask.headers)


def _turn(line: Line) -> int:
    if not line.row.changes(line.method):
        return 0
    return 2 if line.method == "DELETE" or "hard-delete" in line.row.path or "end-sessions" in line.row.path else 1


def _is_of(url: str) -> bool:
    return any(f"-{name}" in url and "dead" not in url for name in QUIET)
