"""A stack for all tests of the deployed form: built, packaged and deployed as an operator does, with IAM on.

What takes long is begun at once: every row, and the demo, each on a stack of its own. On a busy machine one waits for
the other, or calls would take longer than functions may.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from infra.rehearsal import stand_in
from infra.rehearsal.stand_in import StandIn
from tests.cloud import free_port
from tests.deployed.rows import answers_of_all_rows
from tests.deployed.stack import ROOT, Stack, deployed
from tests.dialects.matrix.world import WEBS_POOL
from tests.http.house import Answered

Stories = Mapping[str, Future[Any]]


@pytest.fixture(scope="session")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """An account in which nothing is."""
    started = stand_in.start(free_port(), tmp_path_factory.mktemp("account"))
    yield started
    started.stop()


@pytest.fixture(scope="session")
def stack(account: StandIn) -> Iterator[Stack]:
    """A stack that many tests share, each with a project of its own."""
    made = deployed(account, "shared-")
    yield made
    made.end()


@pytest.fixture(scope="session", autouse=True)
def stories(stack: Stack, request: pytest.FixtureRequest) -> Iterator[Stories]:
    """The stories that tests of this session ask for, begun before its first test."""
    asked = {word for item in request.session.items for word in getattr(item, "fixturenames", ())}
    is_busy = os.getloadavg()[0] > (os.cpu_count() or 1) / 2
    with ThreadPoolExecutor(1 if is_busy else len(TOLD)) as threads:
        yield {name: threads.submit(tell, stack.stand_in) for name, tell in TOLD.items() if name in asked}


@pytest.fixture(scope="session")
def demo(stories: Stories) -> subprocess.CompletedProcess[str]:
    """The demo on a stack of its own, as it ended."""
    done: subprocess.CompletedProcess[str] = stories["demo"].result()
    return done


@pytest.fixture(scope="session")
def every_row(stories: Stories) -> Mapping[str, Answered]:
    """What every row answered, on a stack of its own: runners of another would take its jobs."""
    answers: Mapping[str, Answered] = stories["every_row"].result()
    return answers


def _demo(account: StandIn) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "examples.demo", "--cloud", account.address]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)


def _every_row(account: StandIn) -> Mapping[str, Answered]:
    return answers_of_all_rows(deployed(account, "rows-", f"PoolProjects={WEBS_POOL}=web"))


TOLD: Mapping[str, Callable[[StandIn], Any]] = {"every_row": _every_row, "demo": _demo}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that wait for no story begin."""
    items.sort(key=lambda item: bool({"demo", "every_row"} & set(getattr(item, "fixturenames", ()))))
