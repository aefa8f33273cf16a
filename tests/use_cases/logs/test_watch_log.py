"""Watching a log: who is let in, and what they see."""

import json
from datetime import timedelta

import pytest

from chalicelib.kernel.definitions.definition import ref_of
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.definitions.builds import TriggerBuild, trigger_build
from chalicelib.use_cases.definitions.executions import ExecutionNamed, cancel_execution, retry_execution
from chalicelib.use_cases.jobs.append_log import AppendLog, append_log
from chalicelib.use_cases.jobs.lease import LeasedJob
from chalicelib.use_cases.logs.admit_viewer import AdmitViewer, admit_viewer, dismiss_viewer
from chalicelib.use_cases.logs.execution_logs import AddToLog, Line, ReadExecutionLog, append_to_log
from chalicelib.use_cases.logs.push_log import MOST_AT_ONCE
from chalicelib.use_cases.logs.watch_log import TICKET_LASTS, offer_log
from chalicelib.use_cases.ports.logs import Chunk
from tests.builders import NOON, an_entry
from tests.kernel.definitions.given import a_build
from tests.use_cases.catalog_ports import WRITER, CatalogHouse, an_origin
from tests.use_cases.house import held

END = "end"


class Watched(CatalogHouse):
    """A house in which a build runs and somebody may watch its log."""

    def __post_init__(self) -> None:
        super().__post_init__()
        build = a_build()
        self.ports.definitions.create(build, an_entry())
        ask = TriggerBuild(origin=an_origin(), project=build.project, environment=build.environment, name=build.name)
        self.execution = ExecutionNamed(by=WRITER, of=ref_of(build), id=trigger_build(self.ports, ask).id)
        (self.leased,) = self.lease()

    def offered(self, after: int = 0) -> str:
        """The text of a ticket."""
        return offer_log(self.ports, ReadExecutionLog(execution=self.execution, after=after)).url.partition("=")[2]

    def watch(self, connection: str = "one", after: int = 0) -> None:
        """Somebody watches from now on."""
        self.live.open.add(connection)
        assert admit_viewer(self.ports, AdmitViewer(connection=connection, ticket=self.offered(after)))
        self.work_off()

    def write(self, *texts: str, after: int = 0, leased: LeasedJob | None = None) -> None:
        """The runner appends, and those who watch are told."""
        chunks = tuple(Chunk(seq=seq, at=NOON, stream="out", text=text) for seq, text in enumerate(texts, after + 1))
        append_log(self.ports, AppendLog(held=held(leased or self.leased), after=after, chunks=chunks))
        self.work_off()

    def seen(self, connection: str = "one") -> list[object]:
        """What a viewer has seen: numbers with texts, and the end."""
        told = [json.loads(text) for text in self.live.heard.get(connection, ())]
        return [one for part in told for one in _flat(part)]


def _flat(part: object) -> list[object]:
    if isinstance(part, list):
        return [(one["seq"], one["text"]) for one in part]
    assert isinstance(part, dict)
    assert part["sealed"] is True
    return [(END, part["head"])]


@pytest.fixture
def house() -> Watched:
    return Watched()


def test_a_viewer_sees_what_was_and_then_what_comes(house: Watched) -> None:
    house.write("a", "b")
    house.watch()
    house.write("c", after=2)
    append_to_log(house.ports, AddToLog(execution=house.execution, lines=(Line(text="d"),), seed="ask"))
    house.work_off()

    assert house.seen() == [(1, "a"), (2, "b"), (3, "c"), (4, "d")]


def test_a_viewer_sees_nothing_of_what_it_has(house: Watched) -> None:
    house.write("a", "b", "c")
    house.watch(after=2)

    assert house.seen() == [(3, "c")]


def test_two_viewers_see_the_same_each_from_its_place(house: Watched) -> None:
    house.write("a", "b")
    house.watch("one")
    house.watch("two", after=1)
    house.write("c", after=2)

    assert house.seen("one") == [(1, "a"), (2, "b"), (3, "c")]
    assert house.seen("two") == [(2, "b"), (3, "c")]


def test_a_viewer_sees_the_end_and_is_let_go(house: Watched) -> None:
    house.watch()
    house.write("a")
    house.finish(house.leased, Outcome.FAILED)

    assert house.seen() == [(1, "a"), (END, 1)]
    assert house.live.open == set()
    assert house.viewers.kept == {}
    assert house.leased.job.id in house.logs.sealed


def test_whoever_comes_after_the_end_sees_all_of_it(house: Watched) -> None:
    house.write("a", "b")
    house.finish(house.leased, Outcome.FAILED)
    house.watch()

    assert house.seen() == [(1, "a"), (2, "b"), (END, 2)]


def test_the_log_of_a_run_that_was_stopped_before_it_began_ends(house: Watched) -> None:
    house.watch()
    cancel_execution(house.ports, house.execution)
    house.finish(house.leased, Outcome.CANCELLED)

    assert house.seen() == [(END, 0)]


def test_the_next_attempt_is_numbered_on(house: Watched) -> None:
    house.write("a", "b")
    house.finish(house.leased, Outcome.FAILED)
    retry_execution(house.ports, house.execution)
    (again,) = house.lease()
    house.watch(after=1)
    house.write("c", leased=again)

    assert house.seen() == [(2, "b"), (3, "c")]


def test_a_long_log_is_shown_in_several_goes(house: Watched) -> None:
    texts = [f"{number} " + "x" * 60_000 for number in range(MOST_AT_ONCE + 20)]
    house.write(*texts)
    house.watch()

    assert house.seen() == list(enumerate(texts, 1))
    assert len(house.live.heard["one"]) > MOST_AT_ONCE


def test_a_ticket_lets_one_connection_in(house: Watched) -> None:
    ticket = house.offered()

    assert admit_viewer(house.ports, AdmitViewer(connection="one", ticket=ticket))
    assert not admit_viewer(house.ports, AdmitViewer(connection="two", ticket=ticket))
    assert not admit_viewer(house.ports, AdmitViewer(connection="two", ticket=""))


def test_a_ticket_runs_out(house: Watched) -> None:
    ticket = house.offered()
    house.world.move(TICKET_LASTS)

    assert not admit_viewer(house.ports, AdmitViewer(connection="one", ticket=ticket))


def test_no_ticket_is_kept_in_plain(house: Watched) -> None:
    ticket = house.offered()

    assert ticket not in repr(house.viewers.tickets)


def test_there_is_no_ticket_for_the_execution_of_something_else(house: Watched) -> None:
    other = ExecutionNamed(by=WRITER, of=ref_of(a_build(name="other")), id=house.execution.id)

    with pytest.raises(NotFound):
        offer_log(house.ports, ReadExecutionLog(execution=other))


def test_a_connection_that_opens_late_is_waited_for(house: Watched) -> None:
    house.write("a")
    ticket = house.offered()
    assert admit_viewer(house.ports, AdmitViewer(connection="one", ticket=ticket))
    pause = house.world.pause

    def opening(longest: float) -> None:
        pause(longest)
        house.live.open.add("one")

    house.world.pause = opening  # type: ignore[method-assign]  # the world opens it meanwhile
    house.work_off()

    assert house.seen() == [(1, "a")]


def test_a_viewer_that_is_gone_is_forgotten(house: Watched) -> None:
    house.watch()
    house.world.move(timedelta(minutes=5))
    house.live.open.clear()
    append_to_log(house.ports, AddToLog(execution=house.execution, lines=(Line(text="d"),), seed="ask"))
    house.work_off()

    assert house.viewers.kept == {}


def test_a_viewer_that_left_is_shown_nothing(house: Watched) -> None:
    house.watch()
    dismiss_viewer(house.ports, "one")
    house.write("a")

    assert house.seen() == []
