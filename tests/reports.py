"""What a process of several tells of each test: one report, where pytest has five.

That nothing was wrong before and after a test goes without saying: sending it, and reading it in the one process that
hears all of them, took 0.4 ms of each test, 7 s of a session.
"""

from collections.abc import Iterable, Iterator

import pytest
from _pytest.runner import runtestprotocol


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a test as pytest does. One process alone tells everything."""
    if not hasattr(item.config, "workerinput"):
        return None
    for report in worth_telling(runtestprotocol(item, log=False, nextitem=nextitem)):
        item.ihook.pytest_runtest_logreport(report=report)
    return True


def worth_telling(reports: Iterable[pytest.TestReport]) -> Iterator[pytest.TestReport]:
    """The reports of a test itself, and of all that went wrong before and after it."""
    return (report for report in reports if report.when == "call" or not report.passed)
