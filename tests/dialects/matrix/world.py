"""The whole table on one real app with real authentication, over fakes that are taken back to where they were at will.

Two worlds have the same people with the same tokens: in the full one there is a project `web` with one of everything,
in the empty one there is nothing at all. What somebody may not see, they must not be able to tell from the empty one.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from string import Template
from threading import RLock
from typing import Any

from app import OPERATIONS
from chalicelib.http.app_context import context_of
from chalicelib.http.request import FORM
from chalicelib.kernel.access.role import Level, role_in
from chalicelib.use_cases.credentials.ensure_admin import EnsureAdmin, ensure_admin
from chalicelib.use_cases.ports.bundle import Ports, Settings
from tests.builders import NOON
from tests.dialects.matrix.callers import ADMIN, ANONYMOUS, EXPIRED, OWNER, READER, REVOKED, RUNNER, STRANGER, WRITER
from tests.dialects.matrix.snapshot import Snapshot, snapshot
from tests.fakes.access import FakeAccess
from tests.fakes.inventory import FakeInventory, as_ports
from tests.fakes.packages import FakePackages
from tests.http.house import Answered, ask_app
from tests.http.prepared import Prepared
from tests.teams import give_role
from tests.use_cases.house import CHEAPEST, House

PREPARED = Prepared(OPERATIONS)
GATEWAY = PREPARED.gateway
PASSWORD = "correct horse battery"
GUEST = "guest"
"""Who has no password, and is invited to choose one."""

PEOPLE = {
    READER: role_in("web", Level.READ),
    WRITER: role_in("web", Level.WRITE),
    OWNER: role_in("web", Level.OWNER),
    STRANGER: role_in("other", Level.OWNER),
}
WEBS_POOL = "pool-of-web"
"""A pool that does jobs of the project web alone."""

NUMBER = re.compile(r'"#(\d+)"')


class AccessHouse(House):
    """A house with people in it, and an inventory."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.ports = replace(
            self.ports,
            **as_ports(FakeInventory(self.audits, feed=self.feed)),
            packages=FakePackages(),
            access=FakeAccess(self.audits),
            settings=Settings(executor="process", pool_projects={WEBS_POOL: frozenset({"web"})}, hash_cost=CHEAPEST),
        )


@dataclass
class World:
    """One app, over whichever house is put behind it. tokens: of callers. things: names and codes, by what they are.

    turn: whose it is, where a server asks it beside a test; fakes know of no threads.
    """

    house: House = field(default_factory=AccessHouse)
    tokens: dict[str, str] = field(default_factory=dict)
    things: dict[str, str] = field(default_factory=dict)
    turn: RLock = field(default_factory=RLock, repr=False)

    def __post_init__(self) -> None:
        self.app = PREPARED.app(context_of(self._ports))

    def _ports(self) -> Ports:
        return self.house.ports

    def ask(self, method: str, target: str, body: object = None, *, by: str, **headers: str) -> Answered:
        """The answer to a request. `$thing` in target and body is that thing, `#$thing` in a body the number.

        body: bytes as they are, else JSON; a form has things as well.
        """
        content = b"" if body is None else body if isinstance(body, bytes) else self._encoded(body)
        content = self.put(content.decode()).encode() if headers.get("Content-Type") == FORM else content
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent |= {"X-Escape-Token": self.tokens[by]} if by in self.tokens else {}
        asked = self.put(target)
        place = GATEWAY.place(method, asked.partition("?")[0])
        with self.turn:
            return ask_app(self.app, method, asked, content, headers=sent, place=place)

    def work_off(self) -> None:
        """Do what stands in its queues."""
        with self.turn:
            self.house.work_off()

    def _encoded(self, body: object) -> bytes:
        return NUMBER.sub(r"\1", self.put(json.dumps(body))).encode()

    def put(self, text: str) -> str:
        """The text with things in place of their names."""
        return Template(text).substitute(self.things)

    def done(self, method: str, target: str, body: object = None, *, by: str = ADMIN, **headers: str) -> Any:  # noqa: ANN401 - whatever the body says
        """What a request answers, which goes well."""
        answered = self.ask(method, target, body, by=by, **headers)
        assert answered.status in (200, 201, 202), f"{method} {target}: {answered.status} {answered.text}"
        return answered.json if "json" in answered.headers.get("Content-Type", "") else answered.text

    def admin(self) -> str:
        """The first token."""
        made = ensure_admin(self.house.ports, EnsureAdmin(now=self.house.world.now()))
        assert made is not None
        return made

    def send_part(self, begun: Mapping[str, Any], content: bytes) -> str:
        """The ETag of the one part of an upload that has begun."""
        packages = self.house.ports.packages
        assert isinstance(packages, FakePackages)
        return packages.receive(begun["upload_id"], 1, content)


def people(world: World, at: datetime = NOON) -> None:
    """Put everybody who asks into an empty world, each with a token of their own, as `invite` made them at `at`."""
    house, tokens, things = _peopled(at)
    world.house = house.house()
    world.tokens |= tokens
    world.things |= things


def invite(world: World) -> None:
    """Make everybody who asks by the calls that make people."""
    world.tokens[ADMIN] = world.admin()
    for name, role in PEOPLE.items():
        mail = f"{name}@example.org"
        world.done("POST", "/api/v1/users", {"name": name, "email": mail, "password": PASSWORD})
        # In the empty world their project is not there.
        give_role(world.house.ports, name, role)
        world.tokens[name] = _login(world, mail)
    short = world.done("POST", "/api/v1/tokens", {"expires_in": 60}, by=OWNER)
    gone = world.done("POST", "/api/v1/tokens", {}, by=OWNER)
    runner = world.done("POST", "/api/v1/tokens", {"runner": "r1", "pools": ["default"]})
    world.tokens |= {EXPIRED: short["token"], REVOKED: gone["token"], RUNNER: runner["token"]}
    world.done("DELETE", f"/api/v1/tokens/{gone['id']}", by=OWNER)
    world.house.world.move(timedelta(seconds=60))
    world.done("POST", "/api/v1/state/other/add-project", by=STRANGER)
    world.done("PUT", "/api/v1/groups/ops", {"roles": []})
    world.things |= {"token_of_reader": _own_token(world, READER)}


def _login(world: World, mail: str) -> str:
    answered = world.ask("POST", "/api/v1/auth/email/login", {"email": mail, "password": PASSWORD}, by=ANONYMOUS)
    assert answered.status == 200, answered.text
    return answered.headers["X-Escape-Token"]


def _own_token(world: World, caller: str) -> str:
    return str(world.done("GET", "/api/v1/tokens", by=caller)["items"][0]["id"])


def peopled() -> World:
    """A world of its own in which everybody has a token."""
    made = World()
    people(made)
    return made


@cache
def _peopled(at: datetime) -> tuple[Snapshot, Mapping[str, str], Mapping[str, str]]:
    """Made once, for passwords take their time."""
    world = World()
    world.house.world.move(at - world.house.world.now())
    invite(world)
    return snapshot(world.house), world.tokens, world.things
