"""Worlds that many tests of pages only look at."""

from collections.abc import Callable
from functools import cache

import pytest

from tests.dialects.console.scenes import WORLDS
from tests.dialects.matrix.world import World, people


@pytest.fixture(scope="session")
def world_of() -> Callable[[str], World]:
    """Return the world of a scene, which is made once."""

    @cache
    def made(name: str) -> World:
        world = World()
        people(world)
        WORLDS[name](world)
        return world

    return made
