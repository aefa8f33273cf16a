"""An attempt that is told from memory up to its fault leaves what one leaves that does everything by itself."""

from collections.abc import Iterator

import pytest

from tests.crash.held import Likeness
from tests.crash.house import CrashHouse
from tests.crash.near import Near
from tests.crash.spoils import FOR_GOOD, Spoil, Struck
from tests.crash.stories.every_story import STORIES
from tests.crash.tape import Recalled
from tests.crash.tell import Teller, teller_of
from tests.store.faulted import dies_after, dies_before, sent_twice

TOLD = (
    "begin",  # a write, a transaction and messages
    "put a large state over another",  # objects
    "call a hook",  # others hear of it
    "change a build",  # secrets
)


@pytest.fixture(params=TOLD)
def teller(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[Teller]:
    """Who tells one of them, in a house of its own."""
    caplog.set_level("CRITICAL", logger="slipway")
    near = Near()
    before = near.state()
    house = CrashHouse.built(near)
    yield teller_of(house, house.moment(), STORIES[request.param])
    near.restore(before)


def left_by(teller: Teller, number: int, spoil: Spoil, *, is_recalled: bool) -> tuple[bool, Likeness]:
    """Whether the act was done, and what an attempt left."""
    teller.house.back_to(teller.before)
    teller.house.near.remembers = is_recalled
    struck = Struck(number=number, spoil=spoil)
    if is_recalled:
        struck.earlier = Recalled(house=teller.house, heard=teller.tape.heard).answer
    return teller.house.attempt(lambda ports: teller.story.act(teller.house, ports), struck), teller.house.likeness()


def test_what_is_recalled_leaves_what_is_done(teller: Teller) -> None:
    assert len(teller.tape.heard) > 1
    for number in range(1, len(teller.tape.heard) + 1):
        for spoil in (sent_twice, *FOR_GOOD):
            recalled = left_by(teller, number, spoil, is_recalled=True)
            assert recalled == left_by(teller, number, spoil, is_recalled=False), f"{spoil.__name__} at call {number}"


def test_who_dies_leaves_what_is_kept_of_that_moment(teller: Teller) -> None:
    for number, heard in enumerate(teller.tape.heard, start=1):
        if heard.outcome.refused is not None:
            continue  # a call that is refused says so, dead or alive
        assert left_by(teller, number, dies_before, is_recalled=False) == (False, heard.before.likeness())
        assert left_by(teller, number, dies_after, is_recalled=False) == (False, heard.after.likeness())


def test_what_is_held_again_is_all_that_was_held(teller: Teller) -> None:
    near = teller.house.near
    there = [held for heard in teller.tape.heard for held in (heard.before.held, heard.after.held)]
    assert len({held.likeness for held in there}) > 1
    for held in (*there, *reversed(there)):
        near.hold(held)
        assert near.told().likeness == held.likeness


def test_once_something_else_is_asked_all_is_done(teller: Teller) -> None:
    count = len(teller.tape.heard)
    recalled = Recalled(house=teller.house, heard=[teller.tape.heard[0]] * count)
    struck = Struck(number=count + 1, earlier=recalled.answer)
    teller.house.back_to(teller.before)

    assert teller.house.attempt(lambda ports: teller.story.act(teller.house, ports), struck)
    assert recalled.is_lost
    assert teller.house.likeness() == teller.tape.end.likeness()
