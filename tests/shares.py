"""How tests are shared out among processes: those that share something dear stay together, what takes long begins,
and what is short ends.

Otherwise the tests of a file would be torn apart, and each process would make for itself what they share.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from zlib import crc32

import pytest
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parents[1]
TOGETHER = {
    # One platform, and the stories of what is killed, which are told once a process.
    "tests/walks/": "walks",
    # What an older version wrote, loaded.
    "tests/upgrade/": "upgrade",
    # The fetched dependencies.
    "tests/infra/test_package": "package",
}
APART = ("tests/crash/test_crash.py", "tests/laws/")
"""Tests that share nothing and take seconds at most. They come last: so all processes end at the same time."""

PAGES, PARTS = "tests/browser/test_every_page.py", 4
"""Nearly all that a browser does; into how many parts its pages go, so that no process has to look at all of them."""

FIRST = (
    PAGES,
    "tests/walks/",
    "tests/infra/test_package",
    "tests/slipway/cli/test_documented.py",
    "tests/infra/local/",
    "tests/slipway/runner/",
    "tests/aws/test_like_botocore.py",
)
"""What takes longest: begun last, it would keep one process busy while the others have nothing left to do."""


class Places(list[str]):
    """The tests of a process in order, found by name at once: the scheduler asks for the place of each."""

    def __init__(self, tests: Iterable[str]) -> None:
        super().__init__(tests)
        self._places = {test: place for place, test in enumerate(self)}

    def index(self, test: str, *_: object) -> int:
        """The place of a test."""
        return self._places[test]


class Shares(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Gives a process as many tests at once as have to stay together."""

    def add_node_collection(self, node: object, collection: Sequence[str]) -> None:
        """Take note of the tests that a process has found."""
        super().add_node_collection(node, Places(collection))
        if node in self.registered_collections:
            self.registered_collections[node] = Places(collection)

    def mark_test_complete(self, node: object, item_index: int, duration: float = 0) -> None:
        """Take note of a test that is through, and forget its group with the last: all were counted for each test."""
        units = self.assigned_work[node]
        for done in [name for name, unit in units.items() if all(unit.values())]:
            del units[done]
        super().mark_test_complete(node, item_index, duration)

    def _pending_of(self, workload: dict[str, dict[str, bool]]) -> int:
        """How many tests are not through, or three of them: more make no difference, and a file may have thousands."""
        pending = (1 for unit in workload.values() for is_through in reversed(unit.values()) if not is_through)
        return len(list(islice(pending, 3)))

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


def group(test: str) -> str:
    """Those of the same group stay together: the tests of a file, of several, or one alone."""
    if test.startswith(APART):
        file, _, name = test.partition("::")
        # Both tests of one story: what was before its act is made once.
        return f"{file}[{story}" if (story := name.partition("[")[2]) else test
    file = test.partition("::")[0]
    if file == PAGES:
        # A page is loaded once for all its tests.
        return f"{file}[{crc32(test.partition('[')[2].encode()) % PARTS}"
    return next((name for start, name in TOGETHER.items() if test.startswith(start)), file)


def longest_first(items: list[pytest.Item]) -> None:
    """The tests are in the order in which they are to begin."""
    items.sort(key=lambda item: turn(item.nodeid))


def turn(test: str) -> int:
    """When it begins, in comparison with others."""
    if test.startswith(APART):
        return len(FIRST) + 1
    return next((n for n, start in enumerate(FIRST) if test.startswith(start)), len(FIRST))
