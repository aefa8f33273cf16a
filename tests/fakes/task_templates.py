"""Templates of tasks in memory: held to the contract by tests/store/workloads/test_task_templates.py."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from chalicelib.use_cases.ports.task_templates import TaskTemplates, TemplateKind


@dataclass
class FakeTaskTemplates(TaskTemplates):
    """Templates in memory."""

    kept: dict[tuple[TemplateKind, str], str] = field(default_factory=dict)

    def save(self, kind: TemplateKind, name: str, text: str) -> None:
        self.kept[kind, name] = text

    def find_template(self, kind: TemplateKind, name: str) -> str | None:
        return self.kept.get((kind, name))

    def names(self, kind: TemplateKind) -> Sequence[str]:
        return sorted(name for of, name in self.kept if of is kind)
