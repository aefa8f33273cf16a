"""What an older version left in the emulator's folder: snapshots of the last second, read once and then replaced.

A folder each, with one JSON file a service, as ministack's own loader reads them, and their sums in a manifest. After
an unclean stop the last second is lost, and has to be recovered from.
"""

import json
import os
import shutil
import zlib
from pathlib import Path

from infra.local.emulator import pinned

RUNNING = "running"
OWED = "recovery-owed"
SNAPSHOTS = "snapshots"
MANIFEST = "manifest.json"


def choose(folder: Path) -> None:
    """Have ministack load the newest snapshot that an older version left, if there is one."""
    os.environ["STATE_DIR"] = str(newest_whole(folder / SNAPSHOTS) or folder / "nothing")
    if (folder / RUNNING).exists():
        (folder / OWED).touch()


def complete(folder: Path) -> None:
    """Begin without messages if the last second was lost: they may be of what is lost."""
    if (folder / OWED).exists():
        pinned.empty_queues(pinned.queues())


def remove(folder: Path) -> None:
    """Delete what an older version left."""
    shutil.rmtree(folder / SNAPSHOTS, ignore_errors=True)
    (folder / RUNNING).unlink(missing_ok=True)


def owes_recovery(folder: Path) -> bool:
    """Return True if a recovery from a lost second is still pending."""
    return (folder / OWED).exists()


def recovered(folder: Path) -> None:
    """Mark the recovery as done."""
    (folder / OWED).unlink(missing_ok=True)


def newest_whole(folder: Path) -> Path | None:
    """Return the newest snapshot with all files intact, or None."""
    finished = sorted((found for found in folder.glob("*") if found.name.isdigit()), reverse=True)
    return next((found for found in finished if _is_whole(found)), None)


def _is_whole(snapshot: Path) -> bool:
    try:
        sums = json.loads((snapshot / MANIFEST).read_text())
        contents = {name: (snapshot / name).read_bytes() for name in sums}
    except (OSError, ValueError):
        return False
    return all([len(contents[name]), zlib.crc32(contents[name])] == told for name, told in sums.items())
