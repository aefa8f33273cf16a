"""Definitions in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.definitions.definition import Definition, ref_of, title
from chalicelib.kernel.definitions.handles import handles
from chalicelib.kernel.faults import Conflict, NotFound, Stale
from chalicelib.kernel.plans.plan import DefinitionRef
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.use_cases.ports.projects import Definitions, Kind
from tests.fakes.audits import FakeAudits
from tests.fakes.projects import FakeProjects


@dataclass
class FakeDefinitions(Definitions):
    """Definitions in memory."""

    audits: FakeAudits = field(default_factory=FakeAudits)
    projects: FakeProjects = field(default_factory=FakeProjects)
    kept: dict[DefinitionRef, Definition] = field(default_factory=dict)

    def create(self, definition: Kind, entry: AuditEntry) -> Kind:
        if self.audits.has(entry):
            return self._standing(definition)
        if ref_of(definition) in self.kept:
            raise Conflict(f"{title(ref_of(definition))} exists already")
        self.projects.demand_open(definition.project, ref_of(definition).environment)
        return self._keep(definition, entry)

    def definition(self, ref: DefinitionRef) -> Definition:
        if ref not in self.kept:
            raise NotFound(f"no {title(ref)}")
        return self.kept[ref]

    def find_definition(self, ref: DefinitionRef) -> Definition | None:
        return self.kept.get(ref)

    def save(self, definition: Kind, entry: AuditEntry) -> Kind:
        before = self._standing(definition)
        if self.audits.has(entry):
            return before
        if before.version != definition.version:
            raise Stale(f"{title(ref_of(definition))} has changed")
        return self._keep(replace(definition, version=definition.version + 1), entry)

    def remove(self, ref: DefinitionRef, entry: AuditEntry) -> None:
        if self.audits.has(entry):
            return
        self.definition(ref)
        del self.kept[ref]
        self.audits.write(entry)

    def recent_names(self, project: str, kind: DefinitionKind) -> Sequence[str]:
        return tuple(ref_of(one).name for one in self.of_project(project, kind))

    def of_project(self, project: str, kind: DefinitionKind, environment: str = "") -> Sequence[Definition]:
        found = [ref for ref in self.kept if (ref.project, ref.kind) == (project, kind)]
        fitting = [ref for ref in found if environment in ("", ref.environment)]
        return [self.kept[ref] for ref in sorted(fitting, key=lambda ref: (ref.environment, ref.name))]

    def found_by(self, handle: str) -> Sequence[DefinitionRef]:
        return [ref for ref, definition in self.kept.items() if handle in handles(definition)]

    def _standing(self, definition: Kind) -> Kind:
        found = self.definition(ref_of(definition))
        assert isinstance(found, type(definition))
        return found

    def _keep(self, definition: Kind, entry: AuditEntry) -> Kind:
        self.kept[ref_of(definition)] = definition
        self.audits.write(entry)
        return definition
