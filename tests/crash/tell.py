"""Telling a story: what there was, the act with or without a fault, and time that heals."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from chalicelib.use_cases.ports.bundle import Ports
from tests.crash.held import Likeness
from tests.crash.house import CrashHouse
from tests.crash.living_runner import LivingRunner
from tests.crash.moment import Moment
from tests.crash.outcome import outcome
from tests.crash.picture import Picture, picture
from tests.crash.spoils import Spoil, Struck
from tests.crash.stories.story import Story
from tests.crash.tape import Heard, Recalled, Tape, taped
from tests.store.faulted import dies_after, dies_before, sent_twice


@dataclass(kw_only=True)
class Teller:
    """Tells one story again and again. before: when its act begins.

    What follows an attempt depends on what it left alone, so of attempts that left the very same one is followed.
    """

    house: CrashHouse
    story: Story
    before: Moment
    _known: dict[tuple[bool, Likeness], Picture] = field(default_factory=dict)

    @cached_property
    def tape(self) -> Tape:
        """Its act as it goes without a fault."""
        self.house.back_to(self.before)
        return taped(self.house, self._act)

    def told(self, *, is_told_twice: bool = False) -> Picture:
        """What is left of it. is_told_twice: whether the act is done once more."""
        self.house.back_to(self.tape.end)
        return self._followed(is_asked_again=is_told_twice)

    def spoilt(self, number: int, spoil: Spoil) -> Picture:
        """What is left of it once the call of a number was spoilt."""
        heard = self.tape.heard[number - 1]
        if spoil in (dies_before, dies_after):
            # Nothing follows that the process could do.
            self.house.back_to(heard.before if spoil is dies_before else heard.after)
            return self._followed(is_asked_again=True)
        if spoil is sent_twice and self._is_nothing_to_come_twice(heard):
            return self.told()
        self.house.back_to(self.before)
        earlier = Recalled(house=self.house, heard=self.tape.heard).answer
        is_done = self.house.attempt(self._act, Struck(number=number, spoil=spoil, earlier=earlier))
        return self._followed(is_asked_again=not is_done)

    def _is_nothing_to_come_twice(self, heard: Heard) -> bool:
        """Whether the second time the call is answered alike and leaves all as it is: as if it had come once."""
        self.house.back_to(heard.after)
        aws = self.house.aws()
        again = outcome(heard.ask, lambda ask: aws.call(ask.service, ask.operation, ask.arguments))
        return again.is_like(heard.outcome) and self.house.likeness() == heard.after.likeness()

    def _followed(self, *, is_asked_again: bool) -> Picture:
        """What is left once whoever asked has asked again, as a client or a queue does, and time has healed."""
        left = (is_asked_again, self.house.likeness())
        if left not in self._known:
            self._known[left] = self._asked_again() if is_asked_again else self._healed()
        return self._known[left]

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
    house.near.forget()
    story.before(house, house.ports())
    house.nobody_was_told()
    return Teller(house=house, story=story, before=house.moment())
