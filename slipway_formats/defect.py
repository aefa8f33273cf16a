"""Defects of an input, and the fault that carries all of them. Other faults: the kernel."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect of an input: its path, such as `steps[2].cron` (empty for the whole), and a message."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message

    def under(self, prefix: str) -> Defect:
        """Return the defect with its path below `prefix`."""
        if not self.path:
            return Defect(prefix, self.message)
        joint = "" if self.path.startswith("[") else "."
        return Defect(f"{prefix}{joint}{self.path}", self.message)


class Fault(Exception):  # noqa: N818 - the word of the house; its members are adjectives and states
    """A refused request, with a message for the caller."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Invalid(Fault):
    """The input is invalid; carries every defect in the order of the input."""

    def __init__(self, defects: tuple[Defect, ...]) -> None:
        super().__init__("; ".join(str(defect) for defect in defects) or "invalid input")
        self.defects = defects

    def __reduce__(self) -> tuple[type[Invalid], tuple[tuple[Defect, ...]]]:
        return Invalid, (self.defects,)

    @classmethod
    def single(cls, path: str, message: str) -> Invalid:
        """Return the fault of an input with one defect."""
        return cls((Defect(path, message),))
