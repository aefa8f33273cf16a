"""Whatever single call to AWS fails in whatever way: once time has healed it, the state is as if it had not.

For each call that a story's act makes, the act is done again with the process dying before the call, after it took
effect, with a throttle that outlasts our patience, a reply that is always lost, a call that arrives twice; and with the
act itself done twice. What is asked again at once, as after a single throttle: tests/aws/test_calls.py. What comes to
the same as another failure is not told again: `spoils`.
"""

from collections.abc import Iterator

import pytest

from tests.crash.house import CrashHouse
from tests.crash.moment import Moment
from tests.crash.near import Near
from tests.crash.spoils import spoils_of, worth_spoiling
from tests.crash.stories.every_story import STORIES
from tests.crash.tell import Teller, teller_of

Empty = tuple[CrashHouse, Moment]


@pytest.fixture(scope="module")
def empty() -> Iterator[Empty]:
    """The house in which all stories are told, and how it was before."""
    near = Near()
    before = near.state()
    house = CrashHouse.built(near)
    yield house, house.moment()
    near.restore(before)


@pytest.fixture(autouse=True)
def _in_silence(caplog: pytest.LogCaptureFixture) -> None:
    """Faults are what this is about: thousands of lines about them help nobody."""
    caplog.set_level("CRITICAL", logger="slipway")


@pytest.fixture(scope="module", params=STORIES)
def teller(empty: Empty, request: pytest.FixtureRequest) -> Teller:
    """Who tells a story, and knows of both tests how its attempts went on."""
    return teller_of(*empty, STORIES[request.param])


def test_any_failed_call_ends_in_the_same_state(teller: Teller) -> None:
    expected, asked = teller.told(), teller.tape.asked
    tells_others = bool(teller.house.outside.posted)
    assert asked, "it makes no call"
    for number, ask in worth_spoiling(asked):
        for spoil in spoils_of(number, ask, tells_others=tells_others):
            left = teller.spoilt(number, spoil)
            assert left == expected, f"{spoil.__name__} at call {number}, {ask.service} {ask.operation}"


def test_an_act_done_twice_ends_in_the_same_state(teller: Teller) -> None:
    assert teller.told(is_told_twice=True) == teller.told()
