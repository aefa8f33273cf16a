"""What is wrong with an input, and the refusal that says all of it. Other refusals stand in the kernel."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing wrong with an input: where (a path such as `steps[2].cron`, empty for the whole) and what."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message

    def under(self, prefix: str) -> Defect:
        """Answers the same defect as seen from the input that holds this one under `prefix`."""
        if not self.path:
            return Defect(prefix, self.message)
        joint = "" if self.path.startswith("[") else "."
        return Defect(f"{prefix}{joint}{self.path}", self.message)


class Fault(Exception):  # noqa: N818 - the word of the house; its members are adjectives and states
    """An ask that was refused, with a message for whoever asked."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Invalid(Fault):
    """The input is wrong: every defect of it, in the order of the input."""

    def __init__(self, defects: tuple[Defect, ...]) -> None:
        super().__init__("; ".join(str(defect) for defect in defects) or "invalid input")
        self.defects = defects

    def __reduce__(self) -> tuple[type[Invalid], tuple[tuple[Defect, ...]]]:
        return Invalid, (self.defects,)

    @classmethod
    def single(cls, path: str, message: str) -> Invalid:
        """Answers the fault of an input with one defect."""
        return cls((Defect(path, message),))
