"""Defects of a plan or a release, each with its place, reported all at once. The rules are with their subjects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """One defect. path: the key, as in `inputs[1].type`; empty for the whole file. line: from 1, if known."""

    file: str
    path: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        place = ": ".join(part for part in (self.file, self.path) if part)
        where = f" (line {self.line})" if self.line is not None else ""
        return f"{place}: {self.message}{where}"


class PlanError(Exception):
    """A plan or a release with defects; carries all of them."""

    def __init__(self, defects: tuple[Defect, ...]) -> None:
        super().__init__("\n".join(str(defect) for defect in defects))
        self.defects = defects


@dataclass(slots=True, kw_only=True)
class Defects:
    """Collects the defects of one file while it is read."""

    file: str
    lines: Mapping[str, int] = field(default_factory=dict)
    found: list[Defect] = field(default_factory=list)

    def add(self, path: str, message: str) -> None:
        """Add a defect at a key, unless it is known."""
        defect = Defect(file=self.file, path=path, message=message, line=self._line(path))
        if defect not in self.found:
            self.found.append(defect)

    def refuse_if_any(self) -> None:
        """Raise the collected defects, in the order of the file. Faults: PlanError."""
        if self.found:
            raise PlanError(tuple(self.found))

    def _line(self, path: str) -> int | None:
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.lines.get(path)
