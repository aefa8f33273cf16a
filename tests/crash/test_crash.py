"""Whatever single call to AWS fails in whatever way: once time has healed it, the state is as if it had not.

For each call that a story's act makes, the act is done again with the process dying before the call, after it took
effect, with a throttle, a lost asking, a lost reply, a call that arrives twice, AWS unreachable from there on; and with
the act itself done twice.
"""

from datetime import timedelta
from itertools import count

import pytest

from chalicelib.aws.calls import Aws
from chalicelib.store.tables import Tables
from infra import resources
from tests.crash.house import CrashHouse, LivingRunner
from tests.crash.mail import Mail
from tests.crash.picture import Picture, picture
from tests.crash.stories import STORIES, Story
from tests.fakes.world import FakeWorld
from tests.store.faulted import (
    Faulted,
    Spoil,
    dies_after,
    dies_before,
    lost_asking,
    lost_reply,
    sent_twice,
    throttled,
)

SPOILS: dict[str, Spoil] = {
    one.__name__: one for one in (dies_before, dies_after, throttled, lost_asking, lost_reply, sent_twice)
}


@pytest.fixture(autouse=True)
def _in_silence(caplog: pytest.LogCaptureFixture) -> None:
    """Faults are what this is about: thousands of lines about them help nobody."""
    caplog.set_level("CRITICAL", logger="slipway")


PREFIXES = (f"crash{number}-" for number in count(1))


def told(aws: Aws, story: Story, faulted: Faulted, times: int = 1) -> Picture:
    """What is left of the story, in tables of its own. times: how often the act is done."""
    tables = Tables(aws=aws, prefix=next(PREFIXES))
    resources.create_tables(aws, tables.prefix)
    resources.create_bucket(aws, tables.prefix)
    world = FakeWorld()
    house = CrashHouse(aws=aws, prefix=tables.prefix, world=world, mail=Mail(world))
    try:
        story.before(house, house.ports())
        for _ in range(times):
            house.attempt(lambda ports: story.act(house, ports), faulted)
        house.world.move(timedelta(seconds=1))
        house.heal(LivingRunner(held=dict(story.held)))
        return picture(house.ports(), tables)
    finally:
        house.close()


@pytest.mark.parametrize("name", STORIES)
def test_any_failed_call_ends_in_the_same_state(aws: Aws, name: str) -> None:
    counted = Faulted()
    expected = told(aws, STORIES[name], counted)
    assert counted.asked, "the act makes no call"
    for number, ask in enumerate(counted.asked, start=1):
        for spoil_name, spoil in SPOILS.items():
            left = told(aws, STORIES[name], Faulted(number=number, spoil=spoil))
            assert left == expected, f"{spoil_name} at call {number}, {ask.service} {ask.operation}"


@pytest.mark.parametrize("name", STORIES)
def test_an_act_done_twice_ends_in_the_same_state(aws: Aws, name: str) -> None:
    expected = told(aws, STORIES[name], Faulted())
    assert told(aws, STORIES[name], Faulted(), times=2) == expected
