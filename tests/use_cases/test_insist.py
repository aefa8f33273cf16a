"""Changes that rivals get in the way of are tried again, and given up by tries and by the request's own deadline."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from chalicelib.kernel.faults import Stale
from chalicelib.use_cases.retry import LONGEST_PAUSE, MOST_TRIES, PATIENCE, retry_on_conflict
from tests.builders import NOON, later
from tests.fakes.world import FakeWorld
from tests.use_cases.house import House


@dataclass
class Rivals:
    """So many are faster. seconds: that each try takes."""

    world: FakeWorld
    left: int
    seconds: float = 0
    tries: int = 0

    def __call__(self) -> str:
        self.tries += 1
        self.left -= 1
        self.world.move(timedelta(seconds=self.seconds))
        if self.left >= 0:
            raise Stale("it has changed")
        return "done"


@dataclass
class Watched(FakeWorld):
    """A world that remembers its pauses."""

    pauses: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        FakeWorld.__init__(self)

    def pause(self, longest: float) -> None:
        self.pauses.append(longest)
        super().pause(longest)


@pytest.fixture
def house() -> House:
    return House(world=Watched())


def test_what_went_stale_is_tried_40_times(house: House) -> None:
    rivals = Rivals(house.world, left=39)
    assert retry_on_conflict(house.ports, rivals) == "done"
    assert rivals.tries == MOST_TRIES == 40


def test_too_many_rivals_are_told_of(house: House) -> None:
    rivals = Rivals(house.world, left=1000)
    with pytest.raises(Stale, match="it has changed"):
        retry_on_conflict(house.ports, rivals)
    assert rivals.tries == MOST_TRIES


def test_rivals_part_by_dice_thrown_over_a_while_that_grows_to_a_quarter_of_a_second(house: House) -> None:
    retry_on_conflict(house.ports, Rivals(house.world, left=20))
    assert isinstance(house.world, Watched)
    pauses = house.world.pauses
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (0.05, LONGEST_PAUSE)
    assert LONGEST_PAUSE == 0.25


@pytest.mark.parametrize(("since", "tries"), [(None, 40), (0.0, 40), (-20.0, 23), (-25.0, 1), (-3600.0, 1)])
def test_nothing_is_tried_after_25_seconds_of_the_request_or_of_the_first_try(
    house: House, since: float | None, tries: int
) -> None:
    rivals = Rivals(house.world, left=1000)
    with pytest.raises(Stale):
        retry_on_conflict(house.ports, rivals, since=None if since is None else later(since))
    assert rivals.tries == tries


def test_on_a_slow_machine_rivals_part_over_as_much_more_time_and_still_give_up_in_time(house: House) -> None:
    rivals = Rivals(house.world, left=1000, seconds=0.5)
    with pytest.raises(Stale):
        retry_on_conflict(house.ports, rivals)
    assert isinstance(house.world, Watched)
    assert set(house.world.pauses[:-1]) == {2.0}
    assert (rivals.tries, house.world.now() - NOON) == (11, PATIENCE + timedelta(seconds=0.5))


def test_who_has_less_patience_says_so(house: House) -> None:
    rivals = Rivals(house.world, left=1000, seconds=0.01)
    with pytest.raises(Stale):
        retry_on_conflict(house.ports, rivals, patience=timedelta(seconds=2))
    assert rivals.tries == 11
