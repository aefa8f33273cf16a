"""Flag files in the emulator's folder: whether the last stop was clean, and whether a recovery is still pending."""

from pathlib import Path

RUNNING = "running"
OWED = "recovery-owed"


def begin(folder: Path) -> bool:
    """Whether the last stop was clean; if not, a recovery is pending. Marks this run as unclean until `end`."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    clean = not (folder / RUNNING).exists()
    if not clean:
        (folder / OWED).touch()
    (folder / RUNNING).touch()
    return clean


def end(folder: Path) -> None:
    """Mark the stop as clean."""
    (folder / RUNNING).unlink(missing_ok=True)


def owes_recovery(folder: Path) -> bool:
    """Whether the store must still recover from the loss of its last second."""
    return (folder / OWED).exists()


def recovered(folder: Path) -> None:
    """Mark the recovery as done."""
    (folder / OWED).unlink(missing_ok=True)
