"""Reading what occurred: by project, kind and cursor, and waiting for it."""

from datetime import timedelta

import pytest

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import Level, role_in
from chalicelib.kernel.faults import Invalid, NotFound
from chalicelib.kernel.feed.occurrence import KEPT, Occurrence, OccurrenceType
from chalicelib.kernel.projects.project import Project
from chalicelib.use_cases.feed import read_events as feed
from chalicelib.use_cases.feed.read_events import EventsQuery, read_events
from chalicelib.use_cases.ports.feed import FeedPage
from tests.builders import NOON, a_gate, a_plan, a_stage, an_entry
from tests.use_cases.access.access_ports import ROOT
from tests.use_cases.house import House

SAM = Principal(name="sam", roles=frozenset({role_in("web", Level.READ)}))


def occurrence(subject: str, project: str = "web", kind: OccurrenceType = OccurrenceType.RUN_BEGAN) -> Occurrence:
    return Occurrence(type=kind, project=project, subject=subject, at=NOON, facts={"run": subject})


def filled() -> House:
    """A house with five entries, every other of another project."""
    house = House()
    for name in ("web", "api"):
        house.ports.projects.create(Project(name=name, created_at=NOON), an_entry(name))
    for number in range(5):
        house.feed.add((occurrence(f"n{number}", "web" if number % 2 else "api"),))
    return house


def subjects(house: House, query: EventsQuery) -> list[str]:
    return [one.subject for _, one in read_events(house.ports, query).events]


def test_who_may_read_some_projects_hears_of_those_alone() -> None:
    house = filled()
    assert subjects(house, EventsQuery(by=ROOT)) == ["n0", "n1", "n2", "n3", "n4"]
    view = read_events(house.ports, EventsQuery(by=SAM))
    assert ([one.subject for _, one in view.events], view.after) == (["n1", "n3"], 5)
    with pytest.raises(NotFound, match="no project api"):
        read_events(house.ports, EventsQuery(by=SAM, project="api"))


def test_events_are_found_by_project_and_kind() -> None:
    house = filled()
    house.feed.add((occurrence("g", kind=OccurrenceType.GATE_OPENED), occurrence("r", kind=OccurrenceType.RUN_ENDED)))
    assert subjects(house, EventsQuery(by=ROOT, project="web")) == ["n1", "n3", "g", "r"]
    for kinds, found in {("gate",): ["g"], ("run.ended",): ["r"], ("slipway.run.ended", "gate"): ["g", "r"]}.items():
        assert subjects(house, EventsQuery(by=ROOT, kinds=frozenset(kinds))) == found
    with pytest.raises(Invalid, match="there is no dream"):
        read_events(house.ports, EventsQuery(by=ROOT, kinds=frozenset({"dream", "run"})))


def test_pages_follow_one_another_without_a_gap() -> None:
    house, found, after = filled(), list[str](), 0
    for _ in range(3):
        view = read_events(house.ports, EventsQuery(by=ROOT, after=after, limit=2))
        found, after = [*found, *(one.subject for _, one in view.events)], view.after
    assert (found, after) == (["n0", "n1", "n2", "n3", "n4"], 5)


def test_an_answer_looks_through_so_many_entries_and_says_how_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "READ_AT_ONCE", 1)
    monkeypatch.setattr(feed, "MOST_READ", 2)
    house = filled()
    view = read_events(house.ports, EventsQuery(by=ROOT, kinds=frozenset({"release"})))
    assert (view.events, view.after) == ((), 2)


def test_whoever_begins_at_the_end_hears_of_what_comes() -> None:
    house = filled()
    view = read_events(house.ports, EventsQuery(by=SAM, after=None, wait=20))
    assert (view.events, view.after) == ((), 5)
    house.start(a_plan(a_stage(gates=(a_gate(),))))
    assert subjects(house, EventsQuery(by=SAM, after=view.after)) == ["run1", "run1/1/g1"]


def test_what_comes_while_somebody_waits_is_the_answer() -> None:
    house = filled()

    class Waiting:
        """Something occurs as soon as somebody waits."""

        def mark(self, topic: str) -> int:
            assert topic == "feed/web"
            return 0

        def await_change(self, topic: str, mark: int, longest: float) -> bool:
            assert (topic, mark, longest) == ("feed/web", 0, 7)
            house.feed.add((occurrence("late"),))
            return True

    ports = house.ports.__class__(**{**vars(house.ports), "live": Waiting()})
    view = read_events(ports, EventsQuery(by=SAM, project="web", after=5, wait=7))
    assert [one.subject for _, one in view.events] == ["late"]


def test_behind_who_is_writing_nobody_waits_long() -> None:
    house, waits = House(), list[float]()

    class Waiting:
        """Nothing occurs."""

        def mark(self, _: str) -> int:
            return 0

        def await_change(self, _topic: str, _mark: int, longest: float) -> bool:
            waits.append(longest)
            return False

    class Writing:
        """Somebody is writing."""

        def read(self, _after: int, _limit: int) -> FeedPage:
            return FeedPage(is_waiting=True)

    ports = house.ports.__class__(**{**vars(house.ports), "live": Waiting(), "feed": Writing()})
    assert read_events(ports, EventsQuery(by=ROOT, wait=20)).events == ()
    assert waits == [2]


def test_a_cursor_lapses() -> None:
    house = filled()
    house.world.move(KEPT + timedelta(minutes=1))
    with pytest.raises(NotFound, match="no event 3: they are kept for 7 days"):
        read_events(house.ports, EventsQuery(by=ROOT, after=3))
    assert read_events(house.ports, EventsQuery(by=ROOT)).events == ()
