"""The contract of the port Runners: the fake and the store keep it alike."""

from dataclasses import replace

import pytest

from chalicelib.kernel.explanation.runner import Runner
from chalicelib.kernel.faults import NotFound
from chalicelib.store.dynamo.schema import EXPIRY
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.runs import keys
from chalicelib.store.runs.runners import StoredRunners
from chalicelib.use_cases.ports.runners import Runners
from tests.builders import NOON, an_entry, later
from tests.fakes.runners import FakeRunners


@pytest.fixture(params=["fake", "store"])
def runners(request: pytest.FixtureRequest) -> Runners:
    return FakeRunners() if request.param == "fake" else StoredRunners(request.getfixturevalue("tables"))


def a_runner(name: str = "r1", pool: str = "gpu", at: float = 0) -> Runner:
    return Runner(pool=pool, name=name, seen_at=later(at), slots=2, busy=0, version="0.1.0")


def test_runners_are_known_by_their_pool_and_name(runners: Runners) -> None:
    for runner in (a_runner("r2"), a_runner("r1"), a_runner(pool="gpu2"), a_runner("#", "g#")):
        runners.note(runner)
    assert list(runners.of_pool("gpu")) == [a_runner("r1"), a_runner("r2")]
    assert list(runners.of_pool("g#")) == [a_runner("#", "g#")]
    assert len(runners.every()) == 4
    assert list(runners.of_pool("other")) == []


def test_a_runner_that_speaks_often_is_noted_seldom(runners: Runners) -> None:
    for at in (0, 5, 14.9):
        runners.note(a_runner(at=at))
    assert list(runners.every()) == [a_runner()]
    runners.note(a_runner(at=15))
    assert list(runners.every()) == [a_runner(at=15)]


def test_what_a_runner_does_not_say_again_stays(runners: Runners) -> None:
    runners.note(a_runner())
    runners.note(Runner(pool="gpu", name="r1", seen_at=later(20), busy=2))
    assert list(runners.every()) == [replace(a_runner(at=20), busy=2)]


def test_other_slots_or_another_version_are_noted_at_once(runners: Runners) -> None:
    runners.note(a_runner())
    runners.note(Runner(pool="gpu", name="r1", seen_at=later(16)))
    runners.note(replace(a_runner(at=17), slots=4))
    runners.note(replace(a_runner(at=18), slots=4, version="0.2.0"))
    runners.note(replace(a_runner(at=19), slots=4, version="0.2.0"))
    assert list(runners.every()) == [replace(a_runner(at=18), slots=4, version="0.2.0")]


def test_a_runner_that_says_nothing_of_itself_is_known_all_the_same(runners: Runners) -> None:
    plain = Runner(pool="gpu", name="r1", seen_at=NOON)
    runners.note(plain)
    assert list(runners.every()) == [plain]


def test_each_process_notes_for_itself(tables: Tables) -> None:
    for at in (0, 1):
        StoredRunners(tables).note(a_runner(at=at))
    assert list(StoredRunners(tables).every()) == [a_runner(at=1)]


def test_a_silent_runner_expires_after_a_week(tables: Tables) -> None:
    StoredRunners(tables).note(a_runner())
    item = tables.of(keys.RUNS).get(keys.runner_key("gpu", "r1"))
    assert item is not None
    assert item[EXPIRY] == NOON.timestamp() + 7 * 24 * 3600


def test_an_executor_is_noted_at_once_also_that_it_is_gone(runners: Runners) -> None:
    runners.note(a_runner())
    runners.note(replace(a_runner(at=1), executor="process"))
    runners.note(Runner(pool="gpu", name="r1", seen_at=later(17)))
    assert [one.executor for one in runners.every()] == ["process"]
    runners.note(a_runner(at=18))
    assert [one.executor for one in runners.every()] == [""]


def test_labels_are_noted_at_once_also_that_they_are_gone(runners: Runners) -> None:
    runners.note(a_runner())
    runners.note(replace(a_runner(at=1), labels={"gpu": "a100", "os": "linux"}))
    runners.note(Runner(pool="gpu", name="r1", seen_at=later(17)))
    assert [one.labels for one in runners.every()] == [{"gpu": "a100", "os": "linux"}]
    runners.note(a_runner(at=18))
    assert [one.labels for one in runners.every()] == [{}]


def test_a_drained_runner_stays_so_while_it_speaks_until_it_goes_on(runners: Runners) -> None:
    runners.note(a_runner())
    runners.drain(replace(a_runner(), drained_by="ann"), an_entry())
    runners.note(a_runner(at=20))
    assert runners.is_drained("gpu", "r1")
    assert list(runners.every()) == [replace(a_runner(at=20), drained_by="ann")]

    runners.drain(a_runner(), an_entry())
    assert not runners.is_drained("gpu", "r1")
    assert not runners.is_drained("gpu", "another")
    with pytest.raises(NotFound, match="no runner another of pool gpu"):
        runners.drain(replace(a_runner("another"), drained_by="ann"), an_entry())


def test_other_processes_hear_that_a_runner_is_drained_when_they_note_it_again(tables: Tables) -> None:
    mine, other = StoredRunners(tables), StoredRunners(tables)
    other.note(a_runner())
    assert not other.is_drained("gpu", "r1")
    mine.drain(replace(a_runner(), drained_by="ann"), an_entry())
    other.note(a_runner(at=15))
    assert other.is_drained("gpu", "r1")
    assert StoredRunners(tables).is_drained("gpu", "r1")
