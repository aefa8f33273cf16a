"""An idle runner asks seldom where a WebSocket tells it of jobs, and begins one at once; without it, it asks."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.sync.server import Server, ServerConnection, serve

from tests.slipway.runner.conftest import Start
from tests.slipway.runner.platform import Platform


class Bell:
    """The end of the platform that tells of jobs. there: connections that are open."""

    def __init__(self) -> None:
        self.there: set[ServerConnection] = set()
        self.server: Server = serve(self._hold, "127.0.0.1", 0)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"ws://127.0.0.1:{self.server.socket.getsockname()[1]}/live?ticket=t"

    def ring(self) -> None:
        """Tell all who are there."""
        for one in tuple(self.there):
            one.send("{}")

    def hang_up(self) -> None:
        """End all connections."""
        for one in tuple(self.there):
            one.close()

    def _hold(self, connection: ServerConnection) -> None:
        self.there.add(connection)
        for _ in connection:
            pass
        self.there.discard(connection)


@pytest.fixture
def bell() -> Iterator[Bell]:
    made = Bell()
    yield made
    made.hang_up()
    made.server.shutdown()


@pytest.fixture
def woken(platform: Platform, bell: Bell) -> Platform:
    """A platform that answers lease requests at once, and tells of jobs by a WebSocket."""
    platform.holds, platform.again_in, platform.wakes = False, 0.1, bell.url
    return platform


def test_an_idle_runner_asks_seldom_and_begins_at_once(woken: Platform, bell: Bell, start: Start) -> None:
    start()
    woken.wait(lambda: bell.there)
    time.sleep(0.3)
    asked = woken.count("/lease")
    time.sleep(1)
    assert woken.count("/lease") == asked
    job = woken.script("true")

    begun = time.monotonic()
    bell.ring()
    woken.wait(lambda: job.phase != "waiting", 5)

    assert time.monotonic() - begun < 0.3
    woken.await_end(job)


def test_a_runner_that_takes_no_more_jobs_listens_for_none_while_it_ends_its_own(
    woken: Platform, bell: Bell, start: Start, tmp_path: Path
) -> None:
    runner = start()
    woken.wait(lambda: bell.there)
    job = woken.script(f"until [ -e {tmp_path}/enough ]; do sleep 0.05; done")
    bell.ring()
    woken.wait(lambda: job.began_at)

    runner.drain()

    woken.wait(lambda: not any(one.name == "wakes" for one in threading.enumerate()))
    assert job.outcome == ""
    (tmp_path / "enough").touch()
    woken.await_end(job)


def test_what_came_to_wait_before_it_was_connected_is_asked_for(woken: Platform, start: Start) -> None:
    woken.again_in = 30.0
    jobs = [woken.script("true") for _ in range(2)]
    start(slots=1)
    woken.await_end(*jobs, seconds=10)


def test_a_runner_whose_connection_ends_asks_again_and_connects_anew(woken: Platform, bell: Bell, start: Start) -> None:
    start()
    woken.wait(lambda: bell.there)
    first = set(bell.there)
    bell.hang_up()
    woken.wait(lambda: bell.there - first)
    job = woken.script("true")
    bell.ring()
    woken.await_end(job)


def test_a_full_runner_is_not_woken(woken: Platform, bell: Bell, start: Start) -> None:
    start(slots=1, guests=0)
    woken.wait(lambda: bell.there)
    job = woken.script("sleep 60")
    bell.ring()
    woken.wait(lambda: job.began_at)
    woken.wait(lambda: not bell.there)


def test_a_runner_that_cannot_be_woken_asks(platform: Platform, start: Start) -> None:
    platform.holds, platform.again_in, platform.wakes = False, 0.1, "ws://127.0.0.1:1/live"
    start()
    platform.wait(lambda: platform.count("/wakes"))
    job = platform.script("true")
    platform.await_end(job)
