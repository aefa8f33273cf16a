"""`python -m infra.local.wipe`: delete the local cloud's data folder, unless it is in use."""

import os
import shutil
import sys
from pathlib import Path

from infra.local import home, settings


def main() -> int:
    """Return the exit code: 0 when there is no data any more, 1 when it was not deleted."""
    try:
        folder = settings.read(os.environ).home
        if not folder.exists():
            print(f"nothing to wipe: {folder} does not exist")
            return 0
        _refuse_strange(folder)
        with home.owned(folder):
            shutil.rmtree(folder)
    except (settings.Unusable, home.Taken, OSError) as error:
        print(f"nothing was wiped: {error}", file=sys.stderr)
        return 1
    print(f"wiped {folder}")
    return 0


def _refuse_strange(folder: Path) -> None:
    """Refuse a folder that the local cloud has not used: a wrong SLIPWAY_HOME must not delete other files."""
    if not (folder / home.LOCK).is_file():
        raise home.Taken(f"{folder} is not a data folder of the local cloud")


if __name__ == "__main__":
    sys.exit(main())
