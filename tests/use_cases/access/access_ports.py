"""The ports of access on fakes, and two projects, for tests of what concerns access alone: all others are absent."""

from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import ADMIN, ALL
from chalicelib.kernel.projects.project import Project
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.ports.bundle import Ports, Settings
from tests.fakes.access import FakeAccess
from tests.fakes.audits import FakeAudits
from tests.fakes.idempotency import FakeIdempotency
from tests.fakes.issuer import FakeIssuer
from tests.fakes.projects import FakeProjects
from tests.fakes.secrets import FakeSecrets
from tests.use_cases.house import CHEAPEST

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ROOT = Principal(name="admin", kind=PrincipalKind.ADMIN, roles=frozenset({ADMIN}), scopes=frozenset({ALL}))


@dataclass
class CountingWorld:
    """A world without chance: the clock stands, ids and secrets are counted."""

    at: datetime = NOON
    made: int = 0
    process_key: bytes = b"of a test"

    def now(self) -> datetime:
        return self.at

    def identifier(self) -> str:
        self.made += 1
        return f"{self.made:026d}"

    def secret(self) -> str:
        self.made += 1
        return f"unguessable-text-{self.made:032d}"

    def pause(self, longest: float) -> None:
        """Takes no time."""


WORLDS = count()


def a_world() -> CountingWorld:
    """A world whose ids and secrets no other has made."""
    return CountingWorld(made=next(WORLDS) * 1_000_000)


@dataclass
class Seeds:
    """A new seed for every ask."""

    made: int = field(default=0)

    def next(self) -> str:
        self.made += 1
        return sha256(str(self.made).encode()).hexdigest()


SEEDS = Seeds()


def an_origin(by: Principal = ROOT, at: datetime = NOON) -> Origin:
    return Origin(by=by, at=at, seed=SEEDS.next())


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def access_ports(**given: Any) -> Ports:  # noqa: ANN401 - any port
    absent: dict[str, Any] = {each.name: None for each in fields(Ports)}
    audits, world = given.get("audits", FakeAudits()), a_world()
    mine: dict[str, Any] = {
        "clock": world,
        "ids": world,
        "settings": Settings(hash_cost=CHEAPEST),
        "access": FakeAccess(audits),
        "issuer": FakeIssuer(),
        "audits": audits,
        "idempotency": FakeIdempotency(),
        "secrets": FakeSecrets(),
        "projects": FakeProjects(kept={name: Project(name=name, created_at=NOON) for name in ("web", "api")}),
    }
    return Ports(**{**absent, **mine, **given})
