"""The runner at work: one thread asks for jobs, one for each slot does them."""

from __future__ import annotations

import queue
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from slipway.client import Client, Manners
from slipway.client_error import ApiError
from slipway.perform.logs import Log
from slipway.perform.shell import ProcessShell
from slipway.runner import environment, verdict
from slipway.runner import report_end as telling
from slipway.runner import workspace as bays
from slipway.runner.jobs import Ending, JobsApi, Lease, Want
from slipway.runner.leases.guard import Guard
from slipway.runner.leases.heartbeat import Heart, Rhythm
from slipway.runner.leases.held import Held, Stop, held_since, instant
from slipway.runner.leases.slots import Slots
from slipway.runner.log_uploader import LogBook, Shipper
from slipway.runner.settings import Address, Settings
from slipway.runner.work import perform as work
from slipway.runner.workspace import Bay

# The platform cannot see a runner vanish from a poll, and would lease to it till the poll ends: so polls are short.
LONGEST_POLL = 5.0
_PAUSES = (0.1, 5.0)
_REFUSED = frozenset({401, 403})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """What only tests change. kill_after: seconds from SIGTERM to SIGKILL for what a stopped job runs."""

    rhythm: Rhythm = field(default_factory=Rhythm)
    poll: float = LONGEST_POLL
    kill_after: float = 5.0


class Runner:
    """Leases jobs and does them, until it is told not to. refused: why the platform will not have it, or blank."""

    def __init__(
        self, settings: Settings, address: Address, own: Mapping[str, str], tuning: Tuning | None = None
    ) -> None:
        self._settings, self._address, self._tuning = settings, address, tuning or Tuning()
        self._seen = environment.clean(own, settings.passed)
        self._client = Client(address.api, address.token, Manners(patience=0))
        self._api = JobsApi(self._client, pool=settings.pool, runner=settings.name)
        self._guard = Guard()
        self._heart = Heart(self._api, self._guard, say, self._tuning.rhythm)
        self._shipper = Shipper(say)
        self._slots = Slots(settings.slots, 1 if settings.once else None)
        self._due: queue.SimpleQueue[Held | None] = queue.SimpleQueue()
        self._workers: list[threading.Thread] = []
        self._leaser = threading.Thread(target=self._lease_on, name="leaser", daemon=True)
        self._gave_back = False
        self.ended = threading.Event()
        self.refused = ""

    def start(self) -> None:
        """Begin to lease."""
        self._leaser.start()

    def drain(self) -> None:
        """Lease no more."""
        self._slots.close()

    def is_idle(self, seconds: float) -> bool:
        """Whether nothing is at work, at the latest after some seconds."""
        return self._slots.await_empty(seconds)

    def stop(self, why: Stop) -> None:
        """Stop what is at work."""
        for held in self._slots.held:
            if why is Stop.LOST:
                self._heart.lose(held, "the runner ends at once")
            else:
                held.halt(why)

    def close(self) -> None:
        """Nothing of the runner is left.

        A poll that is under way gets a moment to give back what it is given; more, if we gave something back ourselves.
        """
        self.drain()
        self._leaser.join(self._tuning.poll + 1 if self._gave_back else 0.5)
        self.is_idle(2.0)
        for _ in self._workers:
            self._due.put(None)
        self._heart.close()
        self._shipper.close()
        self._guard.close()
        if not self._leaser.is_alive():
            self._client.close()

    def _lease_on(self) -> None:
        pause, tried = _PAUSES[0], False
        nonce = telling.nonce()
        while room := self._slots.await_room():
            try:
                leases = self._api.lease(Want(slots=room, nonce=nonce, wait=self._tuning.poll))
            except ApiError as error:
                if error.status in _REFUSED:
                    self.refused = f"{error.message} ({error.hint})"
                    break
                if not tried:
                    say(f"no jobs: {error}")
                tried = True
                self.ended.wait(pause)
                pause = min(pause * 2, _PAUSES[1])
                continue
            self._take(leases)
            pause, tried = _PAUSES[0], False
            nonce = telling.nonce()
        self.ended.set()

    def _take(self, leases: Sequence[Lease]) -> None:
        for lease in leases:
            held = self._hold(lease)
            if self._slots.is_closed:
                telling.hand_back(self._api, held, say)
                self._release(held)
            else:
                self._offer(held)

    def _offer(self, held: Held) -> None:
        self._due.put(held)
        if len(self._workers) < self._settings.slots:
            worker = threading.Thread(target=self._work_on, name="worker", daemon=True)
            self._workers.append(worker)
            worker.start()

    def _hold(self, lease: Lease) -> Held:
        held = held_since(lease, instant(), self._tuning.rhythm.beat)
        self._slots.take(held)
        self._heart.hold(held)
        return held

    def _release(self, held: Held) -> None:
        self._heart.free(held)
        self._clean(held)
        self._slots.give(held)

    def _work_on(self) -> None:
        while (held := self._due.get()) is not None:
            following: Held | None = held
            while following is not None:
                following = self._do(following)

    def _do(self, held: Held) -> Held | None:
        """Do one job; the next one, when the platform gave it in the same breath."""
        following = None
        try:
            book = LogBook(held, self._api, self._heart, self._shipper)
            ending = self._performed(held, book)
            if not held.lost.is_set():
                book.flush()
                following = self._told(held, ending)
        except Exception as error:  # noqa: BLE001 - the worker's door: the lease runs out, the runner goes on
            say("".join(traceback.format_exception(error)))
        self._release(held)
        return following

    def _performed(self, held: Held, book: LogBook) -> Ending:
        try:
            folder = bays.make_folder(self._settings.work, held.lease)
        except OSError as error:
            return Ending(outcome="broken", reason=verdict.one_line(str(error)))
        told = environment.of_job(self._seen, held.lease, folder)
        bay = Bay(
            held=held, folder=folder, environment=self._guard.marking(held.name, told),
            log=Log(book.take, secrets=_secrets_of(held.lease)),
            shell=ProcessShell(held.stop, grace=self._tuning.kill_after, on_spawn=self._guard.joins(held.name)),
            api=self._address.api, settings=self._settings,
        )  # fmt: skip
        ending = work.do(bay) if self._heart.begin(held) else verdict.stopped(bay)
        if held.why is not None:
            self._guard.kill(held.name)
        elif not work.may_leave_running(held.lease.job, ending):
            self._guard.kill_groups(held.name)
        return ending

    def _told(self, held: Held, ending: Ending) -> Held | None:
        held.finishing = True
        if held.why is Stop.RETURNED and ending.outcome == "cancelled":
            telling.hand_back(self._api, held, say)
            self._gave_back = True
            return None
        want = Want(slots=1, nonce=telling.nonce()) if self._slots.is_open else None
        leases = telling.finish(self._api, held, ending, want)
        if leases is None:
            say(f"{held.name}: its end ({ending.outcome}) is not heard: the lease is lost")
            return None
        taken = [self._hold(lease) for lease in leases]
        for surplus in taken[1:]:
            self._offer(surplus)
        return taken[0] if taken else None

    def _clean(self, held: Held) -> None:
        if self._settings.keep:
            return
        try:
            bays.remove(self._settings.work / held.name)
        except OSError as error:
            say(f"{held.name}: its folder stays: {error}")


def say(text: str) -> None:
    """A word to whoever runs the runner."""
    sys.stderr.write(f"slipway runner: {text}\n")
    sys.stderr.flush()


def _secrets_of(lease: Lease) -> list[str]:
    ask = lease.job.ask
    named = ask.get("secrets")
    given = list(named.values()) if isinstance(named, dict) else []
    given += [ask.get(name) for name in ("private_key", "password", "token")]
    return [value for value in (*given, lease.job.access_token, lease.token) if isinstance(value, str) and value]
