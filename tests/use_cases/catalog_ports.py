"""The ports that verbs about what is defined and deployed need, on fakes; and small ways to fill them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from chalicelib.kernel.effects import Effect
from chalicelib.kernel.events import Event
from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.principal import Principal, PrincipalKind
from chalicelib.kernel.project import Environment, Project
from chalicelib.kernel.release import Metadata, Namespace, Release, ReleaseKey, Variable
from chalicelib.kernel.role import ADMIN, ALL, Level, role_in
from chalicelib.kernel.version import parse_query, resolve
from chalicelib.use_cases.ports import Ports, Settings
from chalicelib.use_cases.ports_runs import Chunk
from chalicelib.use_cases.write_audit import Origin
from tests.builders import NOON
from tests.fakes.audits import FakeAudits
from tests.fakes.definitions import FakeDefinitions
from tests.fakes.deployments import FakeDeployments
from tests.fakes.idempotency import FakeIdempotency
from tests.fakes.jobs import FakeJobs
from tests.fakes.projects import FakeProjects
from tests.fakes.runs import FakeRuns
from tests.fakes.secrets import FakeSecrets
from tests.fakes.world import FakeWorld

ROOT = Principal(name="root", kind=PrincipalKind.ADMIN, roles=frozenset({ADMIN}), scopes=frozenset({ALL}))
WRITER = Principal(name="ada", roles=frozenset({role_in("web", Level.WRITE)}), groups=frozenset({"ops"}))
READER = Principal(name="bob", roles=frozenset({role_in("web", Level.READ)}))


@dataclass
class CountedNumbers:
    """Counters in memory."""

    counts: dict[str, int] = field(default_factory=dict)

    def following(self, counter: str) -> int:
        self.counts[counter] = self.counts.get(counter, 0) + 1
        return self.counts[counter]


@dataclass
class HeardQueue:
    """What was put into the queues."""

    begun: list[str] = field(default_factory=list)
    told: list[tuple[str, Event]] = field(default_factory=list)

    def tell(self, run_id: str, events: Sequence[Event], key: str) -> None:
        assert key
        self.told += [(run_id, event) for event in events]

    def go_on(self, run_id: str, key: str) -> None:
        assert key
        self.begun.append(run_id)

    def wake(self, run_id: str, at: datetime) -> None:
        """Nobody wakes anybody here."""

    def watch(self, job_id: str, at: datetime) -> None:
        """Nobody watches here."""

    def outward(self, run_id: str, effect: Effect) -> None:
        """Nobody calls anybody here."""


@dataclass
class DeafLive:
    """Nobody is connected."""

    def push(self, topic: str, message: object) -> None:
        """Nobody hears it."""

    def await_news(self, topic: str, longest: float) -> bool:
        assert topic
        return longest < 0


@dataclass
class ListedLogs:
    """Logs in memory."""

    kept: dict[str, list[Chunk]] = field(default_factory=dict)

    def add(self, log: str, at: datetime, stream: str, text: str) -> int:
        chunks = self.kept.setdefault(log, [])
        chunks.append(Chunk(seq=len(chunks) + 1, at=at, stream=stream, text=text))
        return len(chunks)

    def read(self, log: str, after: int, limit: int = 1000) -> Sequence[Chunk]:
        return self.kept.get(log, [])[after : after + limit]

    def seal(self, log: str) -> None:
        """There is nothing to seal."""


@dataclass
class ListedInventory:
    """Versions and tags of applications, of those things that the catalog asks for."""

    known: dict[str, list[str]] = field(default_factory=dict)
    named: dict[tuple[str, str], str] = field(default_factory=dict)
    inputs: tuple[Variable, ...] = ()
    spaces: dict[str, Namespace] = field(default_factory=dict)

    def resolve(self, namespace: str, application: str, query: str) -> str | None:
        unit = f"{namespace}/{application}"
        tags = {tag: version for (of, tag), version in self.named.items() if of == unit}
        return resolve(parse_query(query), self.known.get(unit, ()), tags)

    def release(self, key: ReleaseKey) -> Release:
        metadata = Metadata(name=key.application, version=key.version, inputs=self.inputs)
        return Release(namespace=key.namespace, metadata=metadata, by="ada", at=NOON)

    def namespaces(self) -> Sequence[Namespace]:
        return [space for _, space in sorted(self.spaces.items())]

    def namespace(self, name: str) -> Namespace:
        if name not in self.spaces:
            raise NotFound(f"no namespace {name}")
        return self.spaces[name]

    def add_namespace(self, namespace: Namespace) -> None:
        if self.spaces.setdefault(namespace.name, namespace) != namespace:
            raise Conflict(f"namespace {namespace.name} exists already")


def catalog_ports(**given: Any) -> Ports:  # noqa: ANN401 - any port
    absent: dict[str, Any] = {each.name: None for each in fields(Ports)}
    mine: dict[str, Any] = {
        "world": FakeWorld(),
        "settings": Settings(),
        "runs": FakeRuns(),
        "jobs": FakeJobs(),
        "logs": ListedLogs(),
        "numbers": CountedNumbers(),
        "queue": HeardQueue(),
        "live": DeafLive(),
        "projects": FakeProjects(),
        "definitions": FakeDefinitions(),
        "deployments": FakeDeployments(),
        "inventory": ListedInventory(known={"demo/app": ["1.0", "1.1", "2.0"]}),
        "audits": FakeAudits(),
        "idempotency": FakeIdempotency(),
        "secrets": FakeSecrets(),
    }
    ports = Ports(**{**absent, **mine, **given})
    ports.projects.create(Project(name="web", created_at=NOON))
    for name in ("staging", "production"):
        environment = Environment(project="web", name=name, created_at=NOON)
        ports.projects.create_environment(ports.projects.project("web"), environment)
    return ports


def an_origin(by: Principal = WRITER, seed: str = "") -> Origin:
    SEEDS.append(seed or f"{len(SEEDS) + 1:026d}")
    return Origin(by=by, at=NOON, seed=SEEDS[-1])


SEEDS: list[str] = []
