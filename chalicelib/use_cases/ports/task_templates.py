"""The port for templates of tasks and task pipelines."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol


class TemplateKind(StrEnum):
    """What a template is of."""

    TASK = "task"
    PIPELINE = "pipeline"


class TaskTemplates(Protocol):
    """Templates by kind and file name. Each is a JSON object, as text."""

    def save(self, kind: TemplateKind, name: str, text: str) -> None:
        """Store a template, or replace it."""

    def find_template(self, kind: TemplateKind, name: str) -> str | None:
        """Return a template, if there is one."""

    def names(self, kind: TemplateKind) -> Sequence[str]:
        """List the file names of a kind's templates, in order."""
