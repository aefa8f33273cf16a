"""The schedules of the local cloud: which call of a whole each one is told to be."""

import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from infra.local.workers.schedule import Clockwork, Event


class Told:
    """A function that notes its turns, and fails at each."""

    def __init__(self, calls: int) -> None:
        self.left = calls
        self.details: list[Mapping[str, int]] = []
        self.is_done = threading.Event()

    def __call__(self, event: Event, _context: Any) -> None:  # noqa: ANN401 - as Lambda has it
        self.details.append(event["detail"])
        if len(self.details) >= self.left:
            self.is_done.set()
        raise RuntimeError("a failed turn is not made up for")


def told(calls: int, turns: int) -> list[Mapping[str, int]]:
    handler = Told(calls)
    clockwork = Clockwork(function="f", handler=handler, every=timedelta(milliseconds=5), turns=turns)
    clockwork.start()
    assert handler.is_done.wait(20)
    clockwork.stop()
    return handler.details[:calls]


def test_each_turn_comes_as_often_as_the_others() -> None:
    assert [detail["turn"] for detail in told(7, turns=3)] == [0, 1, 2, 0, 1, 2, 0]


def test_a_function_without_turns_is_told_of_none() -> None:
    assert told(2, turns=1) == [{}, {}]
