"""The runner: one thread leases jobs, one worker thread per slot performs them."""

from __future__ import annotations

import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version

from slipway.client import Client, Manners
from slipway.client_error import ApiError
from slipway.perform.logs import DEFAULT_LIMIT, Log, Sink
from slipway.perform.shell import ProcessShell
from slipway.runner import environment, pace, report_end, verdict, wakes
from slipway.runner.cleaner import Cleaner
from slipway.runner.job_fields import has_network
from slipway.runner.job_records import Ending, Lease, Said, Want
from slipway.runner.jobs import JobsApi
from slipway.runner.leases.guard import ProcessGuard
from slipway.runner.leases.heartbeat import Heartbeat, Timing
from slipway.runner.leases.held import Held, Stop, held_since, instant
from slipway.runner.leases.slots import Slots
from slipway.runner.log_uploader import LogUploader
from slipway.runner.sandbox.shell import confined
from slipway.runner.sandbox.walls import Sandbox
from slipway.runner.settings import Address, ExecutorName, Settings
from slipway.runner.upload_thread import UploadThread
from slipway.runner.wakes import Wakes
from slipway.runner.work import perform
from slipway.runner.workspace import Workspace, make_folder

# The platform does not notice when a runner dies in a long poll, and may lease to it until the poll ends.
LONGEST_POLL = 5.0
_PAUSES = (0.1, 5.0)
_LAST_WORDS = 2.0
_REFUSED = frozenset({401, 403})
_LASTING_LIMIT = 256 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """Settings that only tests change. kill_after: seconds from SIGTERM to SIGKILL for processes of a stopped job.

    still: seconds for which slots must be full before guests are asked for. log, lasting_log: characters of the log of
    a job, and of one that may run for months.
    """

    timing: Timing = field(default_factory=Timing)
    poll: float = LONGEST_POLL
    kill_after: float = 5.0
    still: float = 0.5
    log: int = DEFAULT_LIMIT
    lasting_log: int = _LASTING_LIMIT


class Runner:
    """Leases and performs jobs until it is stopped. refused: why the platform rejects the runner, or blank."""

    def __init__(
        self, settings: Settings, address: Address, own: Mapping[str, str], tuning: Tuning | None = None,
        *, sandbox: Sandbox | None = None,
    ) -> None:  # fmt: skip
        self._sandbox = sandbox or Sandbox()
        self._settings, self._address, self._tuning = settings, address, tuning or Tuning()
        self._seen = environment.clean(own, settings.passed)
        self._client = Client(address.api, address.token, Manners(patience=0))
        said = _said(settings)
        self._api = JobsApi(self._client, said, lambda: self._slots.busy)
        self._guard = ProcessGuard()
        self._heartbeat = Heartbeat(self._api, self._guard, say, self._tuning.timing)
        self._wakes = Wakes(self._api, lambda seconds: self._slots.has_room(seconds), lambda: self._slots.wake())
        self._uploads = UploadThread(self._api, say)
        self._cleaner = Cleaner(settings.work, say, most=settings.slots)
        guests = 0 if settings.once else settings.guests
        self._slots = Slots(settings.slots, 1 if settings.once else None, guests=guests, still=self._tuning.still)
        self._most = settings.slots + guests
        self._due: queue.SimpleQueue[Held | None] = queue.SimpleQueue()
        self._workers: list[threading.Thread] = []
        asking = (self._want_for_slots, *((self._want_a_guest,) if guests else ()))
        self._leasers = [threading.Thread(target=self._lease_on, args=(each,), daemon=True) for each in asking]
        self._gave_back = False
        self.ended = threading.Event()
        self.refused = ""

    def start(self) -> None:
        """Start leasing."""
        for leaser in self._leasers:
            leaser.start()

    def drain(self) -> None:
        """Stop leasing; running jobs go on, but for those that would never end: they are handed back."""
        self._slots.close()
        self._wakes.close()
        for held in self._slots.aside:
            held.halt(Stop.RETURNED)

    def is_idle(self, seconds: float) -> bool:
        """Wait up to `seconds` for running jobs; True if none is left."""
        return self._slots.await_empty(seconds)

    def stop(self, why: Stop) -> None:
        """Stop the running jobs."""
        for held in self._slots.held:
            if why is Stop.LOST:
                self._heartbeat.lose(held, "the runner ends at once")
            else:
                held.halt(why)

    def close(self) -> None:
        """Stop all threads and processes; jobs that still run are given up.

        A pending poll gets a moment to hand back what it is leased; longer if this runner has handed back a job itself.
        """
        self.drain()
        self.stop(Stop.LOST)
        until = time.monotonic() + (self._tuning.poll + 1 if self._gave_back else 0.5)
        for leaser in self._leasers:
            leaser.join(max(0.0, until - time.monotonic()))
        self.is_idle(_LAST_WORDS)
        for _ in self._workers:
            self._due.put(None)
        until = time.monotonic() + _LAST_WORDS
        for worker in self._workers:
            worker.join(max(0.0, until - time.monotonic()))
        self._heartbeat.close()
        self._uploads.close()
        self._guard.close()
        self._cleaner.close()
        if not any(leaser.is_alive() for leaser in self._leasers):
            self._client.close()

    def _want_for_slots(self, nonce: str) -> Want | None:
        room = self._slots.await_room()
        return Want(slots=room, nonce=nonce, wait=self._tuning.poll) if room else None

    def _want_a_guest(self, nonce: str) -> Want | None:
        full_of = self._slots.await_guest_room()
        return Want(slots=1, nonce=nonce, wait=self._tuning.poll, without=full_of) if full_of else None

    def _lease_on(self, next_want: Callable[[str], Want | None]) -> None:
        pause, tried = _PAUSES[0], False
        nonce = report_end.nonce()
        while (want := next_want(nonce)) is not None:
            began = time.monotonic()
            try:
                offer = self._api.lease(want)
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
            self._take(offer.leases)
            if not offer.leases:
                self._rest(want.wait, time.monotonic() - began, offer.again_in)
            pause, tried = _PAUSES[0], False
            nonce = report_end.nonce()
        self.ended.set()

    def _rest(self, wait: float, took: float, again_in: float | None) -> None:
        if took < wait / 2:
            # The platform holds no request until there is a job: it may wake this runner.
            self._wakes.start()
        self._slots.rest(pace.pause(wait, took, wakes.PAUSE if self._wakes.is_connected else again_in))

    def _take(self, leases: Sequence[Lease]) -> None:
        for lease in leases:
            held = self._hold(lease)
            if self._slots.is_closed:
                report_end.hand_back(self._api, held, say)
                self._release(held)
            else:
                self._offer(held)

    def _offer(self, held: Held) -> None:
        self._due.put(held)
        if len(self._workers) < self._most:
            worker = threading.Thread(target=self._work_on, name="worker", daemon=True)
            self._workers.append(worker)
            worker.start()

    def _hold(self, lease: Lease, after: Held | None = None) -> Held:
        held = held_since(lease, instant(), self._tuning.timing.beat)
        self._slots.take(held, after)
        self._heartbeat.hold(held)
        return held

    def _release(self, held: Held) -> None:
        try:
            self._heartbeat.free(held)
            if not self._settings.keep:
                self._cleaner.remove(held.name)
        finally:
            self._slots.give(held)

    def _work_on(self) -> None:
        while (held := self._due.get()) is not None:
            following: Held | None = held
            while following is not None:
                following = self._do(following)

    def _do(self, held: Held) -> Held | None:
        """Perform one job; return the next lease if the finish call brought one."""
        following = None
        try:
            uploader = LogUploader(held, self._api, self._heartbeat, self._uploads)
            ending = self._perform(held, uploader)
            if not held.lost.is_set():
                uploader.flush()
                following = self._report(held, replace(ending, silent=uploader.is_silent))
        except Exception as error:  # noqa: BLE001 - last resort of the worker: the lease expires, the runner goes on
            say("".join(traceback.format_exception(error)))
        if following is None:
            self._release(held)
        else:
            self._heartbeat.free(held)
            if not self._settings.keep:
                self._cleaner.remove_soon(held.name)
        return following

    def _perform(self, held: Held, uploader: LogUploader) -> Ending:
        try:
            folder = make_folder(self._settings.work, held.lease)
        except OSError as error:
            return Ending(outcome="broken", reason=verdict.one_line(str(error)))
        told = environment.of_job(self._seen, held.lease, folder)
        shell = ProcessShell(held.stop, grace=self._tuning.kill_after, on_spawn=self._guard.joins(held.name))
        workspace = Workspace(
            held=held, folder=folder, environment=self._guard.marking(held.name, told),
            log=self._log_of(held.lease, uploader.take),
            shell=confined(shell, self._sandbox, folder, network=has_network(held.lease.job.ask)), own_shell=shell,
            api=self._address.api, settings=self._settings, sandbox=self._sandbox, jobs=self._api,
            step_aside=lambda: self._step_aside(held),
        )  # fmt: skip
        ending = perform.do(workspace) if self._heartbeat.begin(held) else verdict.stopped(workspace)
        if held.why is not None:
            self._guard.kill(held.name)
        elif not perform.may_leave_running(held.lease.job, ending):
            self._guard.kill_groups(held.name)
        return ending

    def _log_of(self, lease: Lease, sink: Sink) -> Log:
        limit = self._tuning.lasting_log if lease.job.kind == "task" else self._tuning.log
        return Log(sink, limit=limit, secrets=(*_secrets_of(lease), self._address.token))

    def _step_aside(self, held: Held) -> None:
        """Let others have the slot, and the thread, of work that lasts; it is handed back once the runner drains."""
        self._most += 1
        self._slots.step_aside(held)
        if self._slots.is_closed:
            held.halt(Stop.RETURNED)

    def _report(self, held: Held, ending: Ending) -> Held | None:
        held.finishing = True
        if held.why is Stop.RETURNED and ending.outcome == "cancelled":
            report_end.hand_back(self._api, held, say)
            self._gave_back = True
            return None
        want = Want(slots=1, nonce=report_end.nonce()) if self._slots.passes_on else None
        leases = report_end.finish(self._api, held, ending, want)
        if leases is None:
            say(f"{held.name}: its end ({ending.outcome}) is not heard: the lease is lost")
            return None
        # The first one takes the slot of the job that has ended: else the runner would seem to hold one too many.
        taken = [self._hold(lease, after=held) for lease in leases]
        for surplus in taken[1:]:
            self._offer(surplus)
        return taken[0] if taken else None


def say(text: str) -> None:
    """Print a message on stderr."""
    sys.stderr.write(f"slipway runner: {text}\n")
    sys.stderr.flush()


def _said(settings: Settings) -> Said:
    return Said(
        pool=settings.pool, runner=settings.name, slots=settings.slots, version=version("slipway"),
        executor="" if settings.executor is ExecutorName.NONE else settings.executor, labels=settings.labels,
    )  # fmt: skip


def _secrets_of(lease: Lease) -> list[str]:
    ask = lease.job.ask
    named = ask.get("secrets")
    given = list(named.values()) if isinstance(named, dict) else []
    given += [ask.get(name) for name in ("private_key", "password", "token")]
    return [value for value in (*given, lease.job.access_token, lease.token) if isinstance(value, str) and value]
