"""Every field of text of every body and query that names something of a project in which the caller may do nothing.

Made from the shapes, so that the rows of coming dialects are in it. Naming what is there must come to what naming
nothing comes to, but for the name: the same answer, and the same world after whatever then begins.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from pydantic import BaseModel

from app import OPERATIONS
from chalicelib.http.operation import Operation
from tests.dialects.matrix.asks import ask_of, target_of
from tests.dialects.matrix.callers import OWNER
from tests.dialects.matrix.shapes import Path, texts_of, whole, with_text
from tests.dialects.matrix.snapshot import Snapshot, contents, snapshot
from tests.dialects.matrix.things import SCRIPT, fill
from tests.dialects.matrix.world import World, peopled

PLACE = re.compile("0x[0-9a-f]+")
"""In memory."""

FOREIGN = "other"
"""A project of a stranger's; its namespace, private, is called alike."""

ABSENT = "othex"
"""What nothing is called, as long as the name that something has; what is kept may be cut short amid either."""

NAMES = ("{}", "{}/app", "{}/app-v1.0")
"""A project or namespace; an application in it; a release of that."""

ONE_FOR_ALL = {
    ("POST /api/v1/state/{project}/add-namespace", ("name",)),
    ("POST /api/v1/inventory/{namespace}/add-namespace", ("name",)),
    ("POST /api/v1/internal/add-namespace", ("name",)),
    ("POST /api/v1/auth/password", ("new_password",)),
}
"""Where a name is given that only one can have in the whole installation, or that is kept as a hash alone."""

NO_NAMES = {("POST /api/v1/auth/password", ("new_password",)), ("POST /api/v1/auth/invitation", ("password",))}
"""What is never a name, and of which a hash is kept that differs for every text."""

BEGINNING = {
    "POST /api/v1/state/{project}/environments/{environment}/builds/": (
        "/api/v1/state/web/environments/staging/builds/by-name/more/trigger-build"
    ),
    "PUT /api/v1/state/{project}/environments/{environment}/builds/by-name/{build}/": (
        "/api/v1/state/web/environments/staging/builds/by-name/app/trigger-build"
    ),
    "POST /api/v1/deployment-jobs/by-project/{project}/add": (
        "/api/v1/deployment-jobs/by-project/web/by-environment/production/by-name/demo%2Fapp/trigger"
    ),
    (
        "PUT /api/v1/deployment-jobs/by-project/{project}/by-environment/{environment}/by-name/{deployment}/"
    ): "/api/v1/deployment-jobs/by-project/web/by-environment/staging/by-name/demo%2Fapp/trigger",
    "POST /api/v1/pipelines/by-project/{project}/add": "/api/v1/pipelines/by-project/web/by-name/more/trigger",
    "PUT /api/v1/pipelines/by-project/{project}/by-name/{pipeline}/": (
        "/api/v1/pipelines/by-project/web/by-name/release/trigger"
    ),
}
"""How what is defined by a row is begun then."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of text of a row's body or query."""

    method: str
    row: Operation
    shape: type[BaseModel]
    path: Path
    is_query: bool = False

    @property
    def line(self) -> str:
        return f"{self.method} {self.row.path}"

    @property
    def name(self) -> str:
        return f"{self.line} {'?' if self.is_query else ''}{'.'.join(self.path)}"


def fields_of(method: str, row: Operation) -> Iterator[Field]:
    body, query = row.schema.body, row.schema.query
    if isinstance(body, type) and issubclass(body, BaseModel):
        yield from (Field(method, row, body, path) for path in texts_of(body))
    if query is not None:
        yield from (Field(method, row, query, path, is_query=True) for path in texts_of(query))


FIELDS = tuple(one for row in OPERATIONS for method in row.methods for one in fields_of(method, row))


Said = tuple[int, str, Mapping[str, str]]


@dataclass
class Pair:
    """The full world with a stranger's project in it."""

    world: World
    full: Snapshot

    def named(self, field: Field, name: str) -> Said:
        """What the field comes to that names this: status and text of the answers, and the world after it."""
        self.world.house = self.full.house()
        answered = self._ask(field, name)
        texts = [answered.text]
        if answered.status < 300 and field.line in BEGINNING:
            texts.append(self.world.ask("POST", BEGINNING[field.line], by=OWNER).text)
        kept: Mapping[str, str] = {}
        if answered.status < 300:
            self.world.house.work_off()
            kept = _told(self.world)
        return answered.status, "\n".join(texts).replace(FOREIGN, ABSENT), kept

    def _ask(self, field: Field, name: str) -> Any:  # noqa: ANN401 - an answer
        ask = ask_of(field.method, field.row)
        target = target_of(field.row, ask)
        if field.is_query:
            asked = "&".join((*(part for part in ask.query.split("&") if part), f"{field.path[0]}={quote(name)}"))
            return self.world.ask(field.method, f"{target.partition('?')[0]}?{asked}", ask.body, by=OWNER)
        body = with_text(body_of(field.shape, ask.body), field.path, name)
        return self.world.ask(field.method, target, body, by=OWNER, **ask.headers)


def body_of(shape: type[BaseModel], given: object) -> dict[str, Any]:
    """A body that is taken, with one of each kind of everything."""
    body = whole(shape, given if isinstance(given, dict) else {})
    if "phases" in body:
        body["phases"] = [phase for one in body["phases"] for phase in _phases(one)]
    return body


def _phases(one: dict[str, Any]) -> list[dict[str, Any]]:
    """A phase whose steps begin at once, and one with all kinds of gates."""
    inner = [{"type": "noop", "name": "inner"}]
    steps = [{**step, "steps": inner} if step["type"] == "group" else step for step in one["steps"]]
    gates = [{**gate, "phase": one["name"]} if gate["type"] == "test" else gate for gate in one["gates"]]
    return [{**one, "steps": steps, "gates": []}, {"name": "late", "steps": inner, "gates": gates}]


def _told(world: World) -> Mapping[str, str]:
    """What is kept, under one name for both, without places in memory."""
    kept = contents(world.house)
    return {port: _of_neither(told) for port, told in kept.items()}


def _of_neither(told: str) -> str:
    # Most tell of no place, which took long to look for.
    return (PLACE.sub("", told) if "0x" in told else told).replace(FOREIGN, ABSENT)


def in_no_order(said: Said) -> tuple[int, str, Mapping[str, list[str]]]:
    """The same with what is kept in no order: sets have none."""
    status, text, kept = said
    return status, text, {port: sorted(re.split(r"[][{}(),\s]+", told)) for port, told in kept.items()}


@pytest.fixture(scope="module")
def pair() -> Pair:
    world = peopled()
    fill(world)
    strangers_project(world)
    return Pair(world, snapshot(world.house))


def strangers_project(world: World) -> None:
    """In the stranger's project everything is called as in the own one."""
    place = f"/api/v1/state/{FOREIGN}"
    world.done("POST", f"{place}/environments/", {"name": "staging"})
    world.done("POST", f"{place}/add-namespace", {"name": FOREIGN})
    world.done("POST", f"/api/v1/inventory/{FOREIGN}/register", {"name": "app", "version": "1.0", "project": FOREIGN})
    build = {"name": "app", "repo": "file:///srv/app.git", "steps": [{}]}
    world.done("POST", f"{place}/environments/staging/builds/", build)
    job = {"environment": "staging", "deployment": "demo/app", "release": f"{FOREIGN}/app"}
    world.done("POST", f"/api/v1/deployment-jobs/by-project/{FOREIGN}/add", job)
    for name in ("release", "script"):
        body = {"name": name, "phases": SCRIPT}
        world.done("POST", f"/api/v1/pipelines/by-project/{FOREIGN}/add", body)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_naming_what_one_may_not_read_comes_to_what_naming_nothing_comes_to(pair: Pair, field: Field) -> None:
    if (field.line, field.path) in ONE_FOR_ALL | NO_NAMES:
        return
    for form in NAMES:
        there, not_there = (pair.named(field, form.format(name)) for name in (FOREIGN, ABSENT))

        assert there == not_there or in_no_order(there) == in_no_order(not_there)


@pytest.mark.parametrize("line", sorted(BEGINNING), ids=str)
def test_the_body_that_says_everything_is_taken(pair: Pair, line: str) -> None:
    (row,) = (row for row in OPERATIONS if f"{row.methods[0]} {row.path}" == line)
    pair.world.house = pair.full.house()
    ask = ask_of(row.methods[0], row)
    shape = row.schema.body
    assert isinstance(shape, type)
    assert issubclass(shape, BaseModel)

    answered = pair.world.ask(row.methods[0], target_of(row, ask), body_of(shape, ask.body), by=OWNER)

    assert answered.status < 300, answered.text


def test_the_stranger_s_project_is_there_to_be_named(pair: Pair) -> None:
    pair.world.house = pair.full.house()
    steps = [{"type": "run-smoke", "project": FOREIGN, "environment": "staging", "deployment": "demo/app"}]
    body = {"name": "foreign", "phases": [{"name": "go", "steps": steps}]}

    answered = pair.world.ask("POST", "/api/v1/pipelines/by-project/web/add", body, by="admin")

    assert answered.status == 200, answered.text


def test_no_field_is_let_off_that_is_gone() -> None:
    assert {(one.line, one.path) for one in FIELDS} >= ONE_FOR_ALL | NO_NAMES
    assert {one.line for one in FIELDS} >= set(BEGINNING)
