"""Every row of the table asked for by everybody: who is let in, who is refused, and who cannot tell it from nothing.

What a cell must be follows from the row's permission, and where that lets in everybody known from asks.py. Of every
cell the answer is looked at; of every refused one also that nothing changed by it.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import assert_never

import pytest

from app import OPERATIONS
from chalicelib.dialects.buildmaster.dialect import NO_PERMISSION
from chalicelib.http.operation import Operation
from chalicelib.http.permission import (
    Admin,
    Authenticated,
    AuthenticatedOrOpen,
    InNamespace,
    InProject,
    KeyFor,
    Public,
    Runner,
)
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Unauthenticated
from tests.dialects.matrix.ask import Ask
from tests.dialects.matrix.asks import ASKS, ask_of, target_of
from tests.dialects.matrix.callers import (
    ADMIN,
    ANONYMOUS,
    BY_JOB,
    CALLERS,
    EXPIRED,
    NOBODY,
    OWNERS,
    READER,
    READERS,
    REVOKED,
    RUNNER,
    STRANGER,
    WORKERS,
    WRITER,
    WRITERS,
)
from tests.dialects.matrix.snapshot import Snapshot, contents, forget_refused_decisions, snapshot
from tests.dialects.matrix.things import fill
from tests.dialects.matrix.world import World, people
from tests.http.house import Answered
from tests.use_cases.house import House

ENOUGH = {Level.READ: READERS, Level.JOB: WORKERS, Level.WRITE: WRITERS, Level.OWNER: OWNERS}
REFUSED = frozenset({401, 403, 404})
OUTSIDERS = (STRANGER, RUNNER)
"""Those who are known, and may nothing in the project."""


class Verdict(StrEnum):
    """What becomes of an ask."""

    DONE = "done"
    UNKNOWN = "unknown"
    FORBIDDEN = "forbidden"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Line:
    """A row by one of its methods."""

    method: str
    row: Operation

    @property
    def name(self) -> str:
        return f"{self.method} {self.row.path}"

    @property
    def ask(self) -> Ask:
        return ask_of(self.method, self.row)


LINES = tuple(Line(method, row) for row in OPERATIONS for method in row.methods)


@dataclass
class Worlds:
    """A world, and how it was when it was full and when it was empty."""

    world: World
    full: Snapshot
    empty: Snapshot
    unchanged: dict[Snapshot, House] = field(default_factory=dict)

    def ask(self, line: Line, caller: str, of: Snapshot) -> Answered:
        """The answer of a world as it was. A house in which something was done serves no other ask."""
        self.world.house = self.unchanged.pop(of) if of in self.unchanged else of.house()
        answered = self.ask_as_it_is(line, caller)
        if answered.status in REFUSED or not line.row.changes(line.method):
            self.unchanged[of] = self.world.house
        return answered

    def ask_as_it_is(self, line: Line, caller: str) -> Answered:
        """The answer of the world as it is."""
        ask = line.ask
        return self.world.ask(line.method, target_of(line.row, ask), ask.body, by=caller, **ask.headers)


@pytest.fixture(scope="module")
def worlds() -> Worlds:
    world = World()
    people(world)
    # The stranger's project has its application: else it would get one in each world, with another id.
    world.done("GET", "/api/json/Applications_GetApplications")
    empty = snapshot(world.house)
    fill(world)
    return Worlds(world, snapshot(world.house), empty)


def verdict(line: Line, caller: str) -> Verdict:
    """What the row's permission says of a caller, and then what its verb does."""
    permission = line.row.permission
    if isinstance(permission, Public):
        return Verdict.DONE
    if caller in NOBODY:
        return Verdict.UNKNOWN
    match permission:
        case Admin():
            return Verdict.DONE if caller == ADMIN else Verdict.FORBIDDEN
        case Runner():
            return Verdict.DONE if caller in (ADMIN, RUNNER) else Verdict.FORBIDDEN
        case KeyFor() if caller == BY_JOB and line.row.changes(line.method):
            return Verdict.FORBIDDEN
        case Authenticated() | AuthenticatedOrOpen() | KeyFor():
            return _by_verb(line.ask, caller)
        case InProject(level=level) | InNamespace(level=level):
            if caller not in READERS or caller in line.ask.unseen:
                return Verdict.UNSEEN
            return _by_verb(line.ask, caller) if caller in ENOUGH[level] else Verdict.FORBIDDEN
        case _:
            assert_never(permission)


def _by_verb(ask: Ask, caller: str) -> Verdict:
    if ask.who is None or caller in ask.who:
        return Verdict.DONE
    return Verdict.UNSEEN if caller in ask.unseen else Verdict.FORBIDDEN


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.name)
def test_whom_the_row_lets_in_get_what_they_ask_for(worlds: Worlds, line: Line) -> None:
    for caller in CALLERS:
        wanted = verdict(line, caller)
        if wanted is Verdict.DONE:
            answered = worlds.ask(line, caller, worlds.full)
            is_done = answered.status == (line.ask.status or line.row.schema.status)
            assert is_done, f"{caller}: {answered.text[:300]}\nsay in asks.py what to ask of {line.name}"


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.name)
def test_all_others_are_refused_and_change_nothing(worlds: Worlds, line: Line) -> None:
    worlds.world.house = worlds.full.house()
    before = contents(worlds.world.house)

    for caller in CALLERS:
        wanted = verdict(line, caller)
        if wanted is not Verdict.DONE:
            answered = worlds.ask_as_it_is(line, caller)
            assert answered.status == _status(line, wanted), f"{caller} should be {wanted}: {answered.text[:300]}"
            _is_in_the_dialects_manner(line, answered)

    forget_refused_decisions(worlds.world.house)
    assert contents(worlds.world.house) == before


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.name)
def test_what_may_not_be_read_and_what_does_not_exist_answer_identically(worlds: Worlds, line: Line) -> None:
    if isinstance(line.row.permission, Public) or line.ask.differs:
        return
    for caller in (STRANGER,) if isinstance(line.row.permission, Runner) else OUTSIDERS:
        there = worlds.ask(line, caller, worlds.full)
        not_there = worlds.ask(line, caller, worlds.empty)

        assert there == not_there


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.name)
def test_dead_tokens_of_an_owner_are_worth_no_more_than_nonsense(worlds: Worlds, line: Line) -> None:
    worlds.world.tokens["nonsense"] = "nonsense"
    if isinstance(line.row.permission, Public):
        return
    expired, revoked, nonsense = (worlds.ask(line, caller, worlds.full) for caller in (EXPIRED, REVOKED, "nonsense"))

    assert expired == revoked == nonsense
    assert worlds.ask(line, ANONYMOUS, worlds.full).status == expired.status == _status(line, Verdict.UNKNOWN)


@pytest.mark.parametrize("line", [line for line in LINES if line.ask.shows], ids=lambda line: line.name)
def test_readers_see_what_strangers_see_nothing_of(worlds: Worlds, line: Line) -> None:
    mark = worlds.world.put(line.ask.shows)
    for caller in CALLERS:
        answered = worlds.ask(line, caller, worlds.full)
        sees = verdict(line, caller) is Verdict.DONE and (caller in READERS)

        assert (mark in answered.text) == sees, f"{caller}: {answered.text[:300]}"


@pytest.mark.parametrize("line", [line for line in LINES if line.ask.secret], ids=lambda line: line.name)
def test_codes_and_tokens_are_for_writers_alone(worlds: Worlds, line: Line) -> None:
    secret = worlds.world.put(line.ask.secret)
    seen = {caller: secret in worlds.ask(line, caller, worlds.full).text for caller in (READER, WRITER, *OUTSIDERS)}

    assert seen == {READER: False, WRITER: True, **dict.fromkeys(OUTSIDERS, False)}


@pytest.mark.parametrize(
    "line", [line for line in LINES if isinstance(line.row.permission, Public) and line.row.names], ids=lambda x: x.name
)
def test_a_code_that_nobody_has_says_nothing_of_what_there_is(worlds: Worlds, line: Line) -> None:
    target = target_of(line.row, Ask(where={"code": "nobodys"}))
    answers = []
    for of in (worlds.full, worlds.empty):
        worlds.world.house = of.house()
        answers.append(worlds.world.ask(line.method, target, line.ask.body, by=ANONYMOUS))

    assert answers[0] == answers[1]
    assert answers[0].status == 404


def test_no_ask_is_for_a_row_that_is_gone() -> None:
    assert set(ASKS) - {line.name for line in LINES} == set()


def _status(line: Line, wanted: Verdict) -> int:
    match wanted:
        case Verdict.UNKNOWN:
            return line.row.dialect.error_format.statuses.get(Unauthenticated, 401)
        case Verdict.FORBIDDEN:
            return 403
        case Verdict.UNSEEN:
            return line.ask.unseen_status
        case Verdict.DONE:
            raise AssertionError(f"{line.name} is not refused")
        case _:
            assert_never(wanted)


def _is_in_the_dialects_manner(line: Line, answered: Answered) -> None:
    if answered.status < 400:
        return
    if line.row.dialect.name == "buildmaster":
        assert answered.text == NO_PERMISSION if answered.status == 403 else answered.text
        return
    if line.row.dialect.name == "flexdeploy":
        assert set(answered.json) == {"code", "message", "details"}
        assert answered.headers.get("WWW-Authenticate") == (
            'Basic realm="FlexDeploy"' if answered.status == 401 else None
        )
        return
    if line.row.dialect.name == "inventory":
        assert answered.text == "" if answered.status in (401, 404) else "json" not in answered.headers["Content-Type"]
        return
    if line.row.dialect.name == "console":
        assert "<h1" in answered.text
        assert "default-src 'none'" in answered.headers["Content-Security-Policy"]
        return
    if line.row.dialect.name == "deploy":
        assert set(answered.json["error"]) == {"code", "message", "details"}
        assert answered.json["error"]["details"] == []
    else:
        assert set(answered.json) == {"message", "errors"}
        assert answered.json["message"]
        assert answered.json["errors"] == []
    if answered.status == 401:
        assert answered.headers["WWW-Authenticate"] == 'Bearer realm="slipway"'
