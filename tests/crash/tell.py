"""Telling a story: what there was, the act with or without a fault, and time that heals."""

from dataclasses import dataclass
from datetime import timedelta

from chalicelib.use_cases.ports.bundle import Ports
from tests.crash.house import CrashHouse, Moment
from tests.crash.living_runner import LivingRunner
from tests.crash.picture import Picture, picture
from tests.crash.spoils import Struck
from tests.crash.stories.story import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Tells one story again and again. before: when its act begins."""

    house: CrashHouse
    story: Story
    before: Moment

    def told(self, struck: Struck | None = None, *, is_told_twice: bool = False) -> Picture:
        """What is left of it. is_told_twice: whether the act is done once more."""
        self.house.back_to(self.before)
        self.house.attempt(self._act, struck or Struck(), self.story.refusals)
        if is_told_twice:
            self.house.again(self._act, self.story.refusals)
        self.house.world.move(timedelta(seconds=1))
        self.house.heal(LivingRunner(held=dict(self.story.held)))
        self.story.then(self.house, self.house.ports())
        return picture(self.house)

    def _act(self, ports: Ports) -> None:
        self.story.act(self.house, ports)


def teller_of(house: CrashHouse, empty: Moment, story: Story) -> Teller:
    """Who tells a story, which begins in an empty house."""
    house.back_to(empty)
    story.before(house, house.ports())
    return Teller(house=house, story=story, before=house.moment())
