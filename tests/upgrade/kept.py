"""What 0.1 wrote, loaded into the stand-in once, to be had again as often as one likes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.crash.mail import Mail
from tests.crash.near import Near, State
from tests.upgrade.place import LaterWorld, Place, Post, empty_place, load

FOLDER = Path(__file__).parents[1] / "data" / "written-by-0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A platform as it was. held: what clients hold besides the headers by which they are known."""

    near: Near
    state: State
    world: LaterWorld
    mail: Mail
    held: Mapping[str, Any]
    callers: Mapping[str, Mapping[str, str]]

    def place(self, outside: Post) -> Place:
        """The platform of today on all this, at the instant at which it was."""
        self.near.restore(self.state)
        world = self.world.later()
        return Place(self.near, world, self.mail.copied(world), outside, self.callers)

    def worked_off(self, outside: Post) -> "Kept":
        """The platform once its queues were worked off."""
        place = self.place(outside)
        place.deliver()
        return replace(self, state=self.near.state(), world=place.world, mail=place.mail)


def loaded(near: Near, outside: Post) -> Kept:
    """What 0.1 wrote, and nothing else, in the stand-in."""
    near.clear()
    held = json.loads((FOLDER / "held.json").read_text())
    callers = json.loads((FOLDER / "callers.json").read_text())
    world = LaterWorld(at=datetime.fromisoformat(held["now"]), salt="later")
    place = empty_place(near, world, outside)
    load(place, FOLDER)
    return Kept(near=near, state=near.state(), world=world, mail=place.mail, held=held, callers=callers)
