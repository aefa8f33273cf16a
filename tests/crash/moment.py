"""All that was there at some time, by value, so that a story goes on from it as often as one likes."""

from dataclasses import dataclass, replace

from tests.crash.held import Held, Likeness
from tests.crash.mail import Mail
from tests.crash.world import CrashWorld
from tests.fakes.live import FakeOutside
from tests.fakes.mail import FakeMail


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What there is besides the stand-in of AWS: the clock, what was given out, what waits and who was told of it."""

    world: CrashWorld
    mail: Mail
    outside: FakeOutside
    posted: FakeMail

    def copied(self) -> "Surroundings":
        """The same, of its own."""
        world = self.world.copied()
        outside = FakeOutside(answers=[*self.outside.answers], posted=[*self.outside.posted])
        posted = replace(self.posted, sent=dict(self.posted.sent), answers=[*self.posted.answers])
        return Surroundings(world=world, mail=self.mail.copied(world), outside=outside, posted=posted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """All that was there. notes: what a story's beginning had to tell its act."""

    held: Held
    around: Surroundings
    notes: str

    def likeness(self) -> Likeness:
        """The same for moments at which all was the same."""
        return likeness_of(self.held.likeness, self.around, self.notes)


def likeness_of(held: Likeness, around: Surroundings, notes: str) -> Likeness:
    """The same whenever all of it is as it was. Of an id or secret that is kept nowhere nobody can tell."""
    world, mail = around.world, around.mail
    letters = (tuple(mail.letters), frozenset(mail.known), mail.count)
    others = repr((around.outside.posted, around.outside.answers, around.posted.sent))
    return held, world.at, letters, others, notes
