"""What each act of an installation uses of AWS, counted on the stand-in: a run, a minute of a runner, a push, a sweep.

Functions are warm, and are two processes that share nothing: the API, and the one behind the queues and the schedule.
Every act is done three times: to be warm, to be timed without the meter, by its processor time, and to be counted.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from chalicelib.functions import advance
from chalicelib.functions.sweep import RecentlyEnqueued, sweep
from chalicelib.use_cases.outgoing_slots import slot_for
from tests.bench import pipelines
from tests.bench.costs.usage import Usage
from tests.bench.counted import CountedHouse
from tests.bench.meter import Meter
from tests.bench.pipelines import PROJECT, SHELL

JOBS_A_RUN = 5
LINES_A_SECOND = 1
BEAT_SECONDS, PACE_SECONDS = 5, 2
PIPELINE = f"/api/v1/pipelines/by-project/{PROJECT}"
JOBS = "/api/v1/jobs"
Held = dict[str, Any]


@dataclass(slots=True)
class Driver:
    """What clients and runners ask, and what is delivered meanwhile. requests, calls: of the API, and of Lambda."""

    house: CountedHouse
    requests: int = 0
    calls: int = 0
    seconds: float = 0.0
    nonces: int = 0
    codes: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, body: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
        """A request to the API."""
        self.requests += 1
        return self._timed(lambda: self.house.door.ask("POST", path, body))

    def pass_time(self, seconds: float) -> None:
        """Deliver one by one what is due until then."""
        until = self.house.world.now() + timedelta(seconds=seconds)
        while any(letter.at <= until for letter in self.house.post.letters):
            letter = self.house.post.next()
            if letter is not None:
                self.house.note_delivery(letter.group)
                answer = self._timed(partial(advance.work_off, self.house.function, letter.event))
                if answer["batchItemFailures"]:
                    raise AssertionError(f"a message could not be worked off: {letter.body}")
        self.house.world.at = max(self.house.world.at, until)

    def sweep(self) -> None:
        """A sweep of the schedule."""
        self._timed(lambda: sweep(self.house.function, recent=RecentlyEnqueued()))

    def nonce(self) -> str:
        """Of a request of a runner."""
        self.nonces += 1
        return f"nonce-of-the-bench-{self.nonces}"

    def _timed(self, act: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever it answers
        begun = time.process_time()
        answer = act()
        self.seconds += time.process_time() - begun
        self.calls += 1
        return answer


def prepare(house: CountedHouse) -> Driver:
    """An installation with the pipelines of the acts."""
    driver = Driver(house)
    driver.ask(f"{PIPELINE}/add", pipelines.chain("five", SHELL, JOBS_A_RUN))
    driver.ask(f"{PIPELINE}/add", pipelines.blocks("wide", SHELL, 1, 9))
    pushed = {**pipelines.chain("pushed", SHELL, 1), "triggers": [{"type": "webhook", "branches": ["main"]}]}
    driver.ask(f"{PIPELINE}/add", pushed)
    made = house.door.ask("GET", f"{PIPELINE}/by-name/pushed/")
    driver.codes["pushed"] = made["triggers"][0]["webhooktoken"]
    return driver


def run(driver: Driver) -> None:
    """A run of five jobs, one after the other, each with a first and a last piece of its log."""
    driver.ask(f"{pipelines.path_of('five')}/trigger", {})
    (held,) = _leased(driver, 1)
    while True:
        driver.pass_time(0)
        named = f"{JOBS}/{held['job']}"
        own = {"token": held["token"], "number": held["number"]}
        driver.ask(f"{named}/heartbeat", {**own, "began": True, "busy": 1})
        for after in (0, 10):
            driver.ask(f"{named}/logs", {**own, "from": after, "chunks": _lines(10)})
        wanted = {"runner": "r1", "says_began": True, "nonce": driver.nonce(), "capacity": 9, "busy": 1}
        end = {**own, "nonce": driver.nonce(), "outcome": "succeeded", "lease_next": wanted}
        following = [_held(one) for one in driver.ask(f"{named}/finish", end)["leases"]]
        if not following:
            break
        (held,) = following
    driver.pass_time(60)


class RunnerMinute:
    """A minute of a runner whose jobs write a line a second. leases: how many it holds."""

    def __init__(self, driver: Driver, leases: int) -> None:
        self._driver = driver
        driver.house.door.ask("POST", f"{pipelines.path_of('wide')}/trigger", {})
        self._held = _leased(driver, 9)[:leases]
        self._after = 0

    def __call__(self, driver: Driver) -> None:
        """Pieces of logs, which renew the leases, and the checks of these."""
        for second in range(1, 61):
            driver.pass_time(1)
            # Of jobs that write no log there is a heartbeat: here each append says that they are held.
            if second % PACE_SECONDS == 0:
                lines = _lines(PACE_SECONDS * LINES_A_SECOND)
                appends = [{**one, "from": self._after, "chunks": lines} for one in self._held]
                driver.ask(f"{JOBS}/logs", {"appends": appends})
                self._after += len(lines)


def idle_request(driver: Driver) -> None:
    """A runner asks for work where there is none."""
    assert not _leased(driver, 9)


def wake_ticket(driver: Driver) -> None:
    """A runner asks where it is woken."""
    assert driver.ask(f"{JOBS}/wakes", {})["url"]


def skipped_push(driver: Driver) -> None:
    """A git host tells of a push to a branch that no pipeline is of."""
    path = f"{PIPELINE}/pipelines/webhook/{driver.codes['pushed']}"
    assert driver.ask(path, {"branch": "other", "commit": "c0ffee1"})["skipped"]


def one_sweep(driver: Driver) -> None:
    """The schedule's function, where nothing is due."""
    driver.sweep()


def slot(driver: Driver) -> None:
    """What a call of a webhook holds meanwhile, beside what else it does."""
    with slot_for(driver.house.function, "hooks.example:443", PROJECT):
        pass


def usage_of(driver: Driver, act: Callable[[Driver], None], *, times: int = 1) -> Usage:
    """What the act uses. times: how often it is done each time, for what is short."""

    def several() -> Driver:
        own = Driver(driver.house, nonces=driver.nonces, codes=driver.codes)
        for _ in range(times):
            act(own)
        driver.nonces = own.nonces
        return own

    house = driver.house
    several()
    timed = several()
    house.meter, house.is_counting = Meter(house.prefix), True
    try:
        counted = several()
    finally:
        house.is_counting = False
    found = Usage.of(house.meter, requests=counted.requests, calls=counted.calls, seconds=timed.seconds)
    return found.scaled(1 / times)


def _leased(driver: Driver, slots: int) -> list[Held]:
    body = {"runner": "r1", "slots": slots, "nonce": driver.nonce(), "says_began": True, "capacity": 9, "busy": 0}
    return [_held(one) for one in driver.ask(f"{JOBS}/lease", body)["leases"]]


def _held(lease: Mapping[str, Any]) -> Held:
    return {"job": lease["job"]["id"], "token": lease["token"], "number": lease["number"]}


def _lines(count: int) -> list[dict[str, str]]:
    return [{"text": f"step {number} of the build is done, and the next one begins\n"} for number in range(count)]
