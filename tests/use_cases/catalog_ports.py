"""The ports that verbs about what is defined and deployed need, on fakes; and small ways to fill them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import ADMIN, ALL, Level, role_in
from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.projects.project import Environment, Project
from chalicelib.kernel.releases.hook import Hooks
from chalicelib.kernel.releases.release import Application, Namespace, Release, ReleaseKey, Yanked
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.releases import NewestVersions, Unit
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.release import Dependency, Errand, Metadata, ReleaseStage, Variable
from slipway_formats.version import parse_query, resolve, sort_key
from tests.builders import NOON, an_entry
from tests.fakes.access import FakeAccess
from tests.fakes.audits import FakeAudits
from tests.fakes.inventory import as_ports
from tests.use_cases.house import House

ROOT = Principal(name="root", kind=PrincipalKind.ADMIN, roles=frozenset({ADMIN}), scopes=frozenset({ALL}))
WHOLE = frozenset({ALL})
WRITER = Principal(name="ada", roles=frozenset({role_in("web", Level.WRITE)}), groups=frozenset({"ops"}), scopes=WHOLE)
READER = Principal(name="bob", roles=frozenset({role_in("web", Level.READ)}), scopes=WHOLE)


@dataclass
class ListedInventory:
    """Versions and tags of applications, of those things that the catalog asks for."""

    audits: FakeAudits = field(default_factory=FakeAudits)
    known: dict[str, list[str]] = field(default_factory=dict)
    marked: dict[tuple[str, str], str] = field(default_factory=dict)
    inputs: tuple[Variable, ...] = ()
    outputs: tuple[Variable, ...] = ()
    errands: dict[str, Errand] = field(default_factory=dict)
    spaces: dict[str, Namespace] = field(default_factory=dict)
    yanked: set[str] = field(default_factory=set)
    files: dict[str, dict[str, str]] = field(default_factory=dict)
    stages: dict[str, ReleaseStage] = field(default_factory=dict)
    depends: tuple[Dependency, ...] = ()

    def resolve(self, namespace: str, application: str, query: str) -> str | None:
        unit = f"{namespace}/{application}"
        tags = {tag: version for (of, tag), version in self.marked.items() if of == unit}
        return resolve(parse_query(query), self.known.get(unit, ()), tags)

    def release(self, key: ReleaseKey) -> Release:
        metadata = Metadata(
            name=key.application,
            version=key.version,
            inputs=self.inputs,
            outputs=self.outputs,
            errands=self.errands,
            files=self.files.get(key.version, {}),
            stages=self.stages,
            depends=self.depends,
            git_revision=f"revision of {key.version}",
        )
        yanked = Yanked(reason="it leaks", by="ada", at=NOON) if key.version in self.yanked else None
        return Release(namespace=key.namespace, metadata=metadata, by="ada", at=NOON, yanked=yanked)

    def newest_versions(self, units: Collection[Unit]) -> Mapping[Unit, NewestVersions]:
        known = {unit: frozenset(self.known.get("/".join(unit), ())) for unit in units if unit[0] in self.spaces}
        return {unit: NewestVersions(namespace=self.spaces[unit[0]], versions=of) for unit, of in known.items()}

    def page_of_versions(self, namespace: str, application: str, size: int, below: str | None) -> Sequence[str]:
        known = sorted(self.known.get(f"{namespace}/{application}", ()), key=sort_key, reverse=True)
        return [one for one in known if below is None or sort_key(one) < sort_key(below)][:size]

    def find_release(self, key: ReleaseKey) -> Release | None:
        return self.release(key)

    def find_releases(self, wanted: Collection[ReleaseKey]) -> list[Release]:
        return [self.release(key) for key in wanted]

    def update_tag(self, key: ReleaseKey, tag: str, by: str, entry: AuditEntry | None) -> None:
        assert by
        assert entry is None, "of all that the catalog does, a run alone tags"
        self.marked[f"{key.namespace}/{key.application}", tag] = key.version

    def tag(self, namespace: str, application: str, tag: str, version: str) -> None:
        self.marked[f"{namespace}/{application}", tag] = version

    def project_of(self, namespace: str, application: str = "") -> str | None:
        assert namespace != "_" or application, "in the default namespace each application has an owner"
        if namespace in self.spaces:
            return self.spaces[namespace].project
        return "web" if any(unit.startswith(f"{namespace}/") for unit in self.known) else None

    def find_namespace(self, name: str) -> Namespace | None:
        return self.spaces.get(name)

    def named(self, names: Sequence[str]) -> Sequence[Namespace]:
        return [self.spaces[name] for name in sorted(names) if name in self.spaces]

    def namespaces(self, page: Page | None = None, projects: Collection[str] | None = None) -> Sequence[Namespace]:
        assert page is None
        return [one for _, one in sorted(self.spaces.items()) if projects is None or one.project in projects]

    def namespace(self, name: str) -> Namespace:
        if name not in self.spaces:
            raise NotFound(f"no namespace {name}")
        return self.spaces[name]

    def applications(self, namespace: str) -> Sequence[Application]:
        assert namespace in (*self.spaces, "_")
        return ()

    def hooks(self, unit: tuple[str, str]) -> Hooks:
        assert unit[0] in self.spaces
        return {}

    def mark_namespace_deleting(self, name: str, entry: AuditEntry) -> None:
        assert name in self.spaces
        self.audits.write(entry)

    def remove_namespace(self, name: str) -> None:
        self.spaces.pop(name, None)

    def create_namespace(self, namespace: Namespace, entry: AuditEntry) -> None:
        if self.audits.has(entry):
            return
        if namespace.name in self.spaces:
            raise Conflict(f"namespace {namespace.name} exists already")
        self.spaces[namespace.name] = namespace
        self.audits.write(entry)


class CatalogHouse(House):
    """A house with a project of two environments, and an inventory of one application."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.inventory = ListedInventory(self.audits, known={"demo/app": ["1.0", "1.1", "2.0"]})
        lent: Any = self.inventory
        self.ports = replace(self.ports, **as_ports(lent), access=FakeAccess(self.audits))
        self.ports.projects.create(Project(name="web", created_at=NOON), an_entry())
        for name in ("staging", "production"):
            environment = Environment(project="web", name=name, created_at=NOON)
            self.ports.projects.create_environment(self.ports.projects.project("web"), environment, an_entry())


def catalog_ports() -> Ports:
    return CatalogHouse().ports


def an_origin(by: Principal = WRITER, seed: str = "") -> Origin:
    SEEDS.append(seed or f"{len(SEEDS) + 1:026d}")
    return Origin(by=by, at=NOON, seed=SEEDS[-1])


SEEDS: list[str] = []
