"""Defects of an input, and the fault that carries all of them. Other faults: the kernel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect of an input: its path, such as `steps[2].cron` (empty for the whole), and a message.

    code: a word for its kind, where an API has one.
    """

    path: str
    message: str
    code: str = ""

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message

    def under(self, prefix: str) -> Defect:
        """Return the defect with its path below `prefix`."""
        if not self.path:
            return replace(self, path=prefix)
        joint = "" if self.path.startswith("[") else "."
        return replace(self, path=f"{prefix}{joint}{self.path}")


class Fault(Exception):  # noqa: N818 - the word of the house; its members are adjectives and states
    """A refused request, with a message for the caller. code: a word for its kind, where an API has one."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class Invalid(Fault):
    """The input is invalid; carries every defect in the order of the input."""

    def __init__(self, defects: tuple[Defect, ...]) -> None:
        super().__init__("; ".join(str(defect) for defect in defects) or "invalid input")
        self.defects = defects
        self.code = next((defect.code for defect in defects if defect.code), "")

    def __reduce__(self) -> tuple[type[Invalid], tuple[tuple[Defect, ...]]]:
        return Invalid, (self.defects,)

    @classmethod
    def single(cls, path: str, message: str) -> Invalid:
        """Return the fault of an input with one defect."""
        return cls((Defect(path, message),))


def check_all(*checks: Callable[[], object]) -> None:
    """Make every check, so that whoever has to mend is told all defects at once. Faults: Invalid, others of a check."""
    defects: list[Defect] = []
    for check in checks:
        try:
            check()
        except Invalid as wrong:
            defects.extend(wrong.defects)
    if defects:
        raise Invalid(tuple(defects))
