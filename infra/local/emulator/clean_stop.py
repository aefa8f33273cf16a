"""Flag files in the emulator's folder: whether the last stop was clean, and whether a recovery is still pending."""

from pathlib import Path

RUNNING = "running"
OWED = "recovery-owed"


def begin(folder: Path) -> bool:
    """Mark the stop as unclean until `end`. Return True if the last one was clean; if not, a recovery is pending."""
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
    """Return True if a recovery from an unclean stop is still pending."""
    return (folder / OWED).exists()


def recovered(folder: Path) -> None:
    """Mark the recovery as done."""
    (folder / OWED).unlink(missing_ok=True)
