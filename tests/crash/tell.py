"""Telling a story: what there was, the act with or without a fault, and time that heals."""

from dataclasses import dataclass, field
from datetime import timedelta

from chalicelib.use_cases.ports.bundle import Ports
from tests.crash.house import CrashHouse, Likeness, Moment
from tests.crash.living_runner import LivingRunner
from tests.crash.picture import Picture, picture
from tests.crash.spoils import Struck
from tests.crash.stories.story import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Tells one story again and again. before: when its act begins.

    What follows an attempt depends on what it left alone, so of attempts that left the very same one is followed.
    """

    house: CrashHouse
    story: Story
    before: Moment
    known: dict[tuple[bool, Likeness], Picture] = field(default_factory=dict)

    def told(self, struck: Struck | None = None, *, is_told_twice: bool = False) -> Picture:
        """What is left of it. is_told_twice: whether the act is done once more."""
        self.house.back_to(self.before)
        is_done = self.house.attempt(self._act, struck or Struck())
        return self._followed(is_asked_again=is_told_twice or not is_done)

    def _followed(self, *, is_asked_again: bool) -> Picture:
        """What is left once whoever asked has asked again, as a client or a queue does, and time has healed."""
        left = (is_asked_again, self.house.likeness())
        if left not in self.known:
            self.known[left] = self._asked_again() if is_asked_again else self._healed()
        return self.known[left]

    def _asked_again(self) -> Picture:
        self.house.again(self._act, self.story.refusals)
        return self._followed(is_asked_again=False)

    def _healed(self) -> Picture:
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
