"""Definitions in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chalicelib.kernel.definition import Definition, ref_of, title
from chalicelib.kernel.definition_handles import handles
from chalicelib.kernel.faults import Conflict, NotFound, Stale
from chalicelib.kernel.plan import DefinitionRef
from chalicelib.kernel.work import DefinitionKind


@dataclass
class FakeDefinitions:
    """Definitions in memory."""

    kept: dict[DefinitionRef, Definition] = field(default_factory=dict)

    def create(self, definition: Definition) -> None:
        if self.kept.setdefault(ref_of(definition), definition) != definition:
            raise Conflict(f"{title(ref_of(definition))} exists already")

    def definition(self, ref: DefinitionRef) -> Definition:
        if ref not in self.kept:
            raise NotFound(f"no {title(ref)}")
        return self.kept[ref]

    def save(self, definition: Definition) -> None:
        ref = ref_of(definition)
        if self.definition(ref).version != definition.version:
            raise Stale(f"{title(ref)} has changed")
        self.kept[ref] = replace(definition, version=definition.version + 1)

    def remove(self, ref: DefinitionRef) -> None:
        self.definition(ref)
        del self.kept[ref]

    def of_project(self, project: str, kind: DefinitionKind, environment: str = "") -> Sequence[Definition]:
        found = [ref for ref in self.kept if (ref.project, ref.kind) == (project, kind)]
        fitting = [ref for ref in found if environment in ("", ref.environment)]
        return [self.kept[ref] for ref in sorted(fitting, key=lambda ref: (ref.environment, ref.name))]

    def found_by(self, handle: str) -> Sequence[DefinitionRef]:
        return [ref for ref, definition in self.kept.items() if handle in handles(definition)]
