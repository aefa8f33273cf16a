"""Every way in which a port changes something is gone in the act of some story, and so fails there in every manner."""

import logging
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import pytest

from chalicelib.use_cases.ports.bundle import Ports
from tests.crash.handlers import READING, changing_methods, methods_of
from tests.crash.house import CrashHouse
from tests.crash.near import Near
from tests.crash.stories.every_story import STORIES

ELSEWHERE = {
    "access.note_use",  # by whoever comes with a token: tests/store/access/test_access.py
    "idempotency.finish",  # asked by the door of HTTP, around a verb: tests/http/test_idempotency.py
    "queue.enqueue_dispatch",  # by the writer of the feed: the story of what tells of what occurs to who is called
    "workloads.forget_reports",  # of what is gone: tests/use_cases/workloads
}


class Watched:
    """A port that notes which of its methods are used."""

    def __init__(self, name: str, port: object, used: set[str]) -> None:
        self._name, self._port, self._used = name, port, used

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the port has
        if name in methods_of(self._name):
            self._used.add(f"{self._name}.{name}")
        return getattr(self._port, name)


@pytest.fixture
def house() -> Iterator[CrashHouse]:
    """An empty house, in which all that fails is silent."""
    near = Near()
    before = near.state()
    logging.disable(logging.CRITICAL)
    yield CrashHouse.built(near)
    logging.disable(logging.NOTSET)
    near.restore(before)


def test_every_change_is_made_in_the_act_of_a_story(house: CrashHouse) -> None:
    empty, used = house.moment(), set[str]()
    for story in STORIES.values():
        house.back_to(empty)
        story.before(house, house.ports())
        story.act(house, watched(house.ports(), used))
    assert changing_methods() - used == ELSEWHERE


def watched(ports: Ports, used: set[str]) -> Ports:
    """The ports, each of which notes what is used of it."""
    ours: dict[str, Any] = {
        one.name: Watched(one.name, getattr(ports, one.name), used) for one in fields(ports) if one.name in READING
    }
    return replace(ports, **ours)
