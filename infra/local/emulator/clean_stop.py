"""Marks in the stand-in's folder: whether the last stop was clean, and whether a recovery is still owed."""

from pathlib import Path

RUNNING = "running"
OWED = "recovery-owed"


def begin(folder: Path) -> bool:
    """Whether the last stop was clean; if not, a recovery is owed. From now on a stop is unclean until `end`."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    clean = not (folder / RUNNING).exists()
    if not clean:
        (folder / OWED).touch()
    (folder / RUNNING).touch()
    return clean


def end(folder: Path) -> None:
    """The stop is a clean one."""
    (folder / RUNNING).unlink(missing_ok=True)


def owes_recovery(folder: Path) -> bool:
    """Whether the store still has to be told that its last second may be lost."""
    return (folder / OWED).exists()


def recovered(folder: Path) -> None:
    """The recovery has been done."""
    (folder / OWED).unlink(missing_ok=True)
