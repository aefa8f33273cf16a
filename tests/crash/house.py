"""A house over the stand-in of AWS whose every call can be spoilt, with a clock and queues of its own."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any

from chalicelib.adapter_context import AdapterContext, Process
from chalicelib.adapters import BUCKET, ports_on
from chalicelib.aws.calls import Answer, Aws, AwsRequest, Clock, Interceptor, Send
from chalicelib.functions import advance, checks, effects, live
from chalicelib.kernel.faults import Fault
from chalicelib.store.dynamo.key_parts import due_range, milliseconds
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.runs.keys import ENDED, OWED_SHARD
from chalicelib.store.workloads.keys import DUE
from chalicelib.use_cases.enqueue_due import sweep_from
from chalicelib.use_cases.ports.bundle import Ports, Settings
from chalicelib.use_cases.runs.sweep import sweep_deliveries, sweep_shard
from chalicelib.use_cases.subscriptions.dispatch import dispatch_events
from chalicelib.use_cases.trains.sweep import sweep_trains
from chalicelib.use_cases.workloads.sweep import sweep_workloads
from infra import resources
from tests.crash.held import Likeness
from tests.crash.living_runner import LivingRunner
from tests.crash.mail import Mail, as_event
from tests.crash.moment import Moment, Surroundings, likeness_of
from tests.crash.near import Near
from tests.crash.spoils import Died, Struck
from tests.crash.world import CrashWorld
from tests.fakes.live import FakeLive, FakeOutside
from tests.fakes.mail import FakeMail

PREFIX = "crash-"
CONNECTION = "connection-1"
"""Of somebody who may watch a log."""

MOST_ROUNDS = 120
"""Half of them pass until a check of a package is taken for dead."""

KEPT = timedelta(days=1)
"""How long ended runs stay in the tables. The other stories end before."""

STEP = timedelta(seconds=16)
PATIENCE = 6
"""Rounds that a job takes: long enough for whatever else is to happen meanwhile."""

Act = Callable[[Ports], object]
Refusals = tuple[type[Fault], ...]


@dataclass
class CrashHouse:
    """One story: what was there, one act with a fault, and time that heals."""

    near: Near
    world: CrashWorld
    mail: Mail
    outside: FakeOutside = field(default_factory=FakeOutside)
    posted: FakeMail = field(default_factory=FakeMail)
    notes: dict[str, str] = field(default_factory=dict)
    """What a story's beginning has to tell its act."""

    @staticmethod
    def built(near: Near) -> "CrashHouse":
        """An empty house."""
        world = CrashWorld()
        house = CrashHouse(near, world, Mail(world))
        resources.create_tables(house.aws(), PREFIX)
        resources.create_bucket(house.aws(), PREFIX)
        near.keep_all()
        return house

    def moment(self, before: Moment | None = None) -> Moment:
        """As it is now. before: when what the stand-in holds was what it is now."""
        held = self.near.held() if before is None else before.held
        return Moment(held=held, around=self._around().copied(), notes=repr(self.notes))

    def back_to(self, moment: Moment) -> None:
        """As it was then."""
        self.near.hold(moment.held)
        around = moment.around.copied()
        self.world, self.mail, self.outside, self.posted = around.world, around.mail, around.outside, around.posted

    def nobody_was_told(self) -> None:
        """Forget who was called or written to, and how they would have answered."""
        self.outside, self.posted = FakeOutside(), FakeMail()

    def _around(self) -> Surroundings:
        return Surroundings(world=self.world, mail=self.mail, outside=self.outside, posted=self.posted)

    def aws(self, interceptor: Interceptor | None = None) -> Aws:
        """A client, which never pauses."""
        clock = Clock(now=lambda: self.world.now(), sleep=lambda _: None, dice=lambda: 0.0)
        return self.near.aws(clock, interceptor or self.mail.interceptor)

    @property
    def bucket(self) -> str:
        """Of packages."""
        return f"{PREFIX}{BUCKET}"

    def tables(self) -> Tables:
        """The tables."""
        return Tables(aws=self.aws(), prefix=PREFIX)

    def ports(self, seen: Interceptor | None = None) -> Ports:
        """The ports of a process of its own. seen: sees each of its calls."""
        client = self.aws(None if seen is None else partial(self._seen, seen))
        # What it remembers may be out of date after a crash, a rival or a lost answer: that must make no difference.
        context = AdapterContext(
            aws=lambda: client, prefix=PREFIX, clock=self.world, ids=self.world, process=Process(is_alone=True)
        )
        made = ports_on(context, Settings(executor="process", keep_runs=KEPT))
        return replace(made, outside=self.outside, mail=self.posted, live=FakeLive(open={CONNECTION}, by_socket=True))

    def _seen(self, seen: Interceptor, ask: AwsRequest, send: Send) -> Answer:
        return seen(ask, lambda inner: self.mail.interceptor(inner, send))

    def likeness(self) -> Likeness:
        """The same whenever everything is as it was."""
        return likeness_of(self.near.likeness(), self._around(), repr(self.notes))

    def attempt(self, act: Act, struck: Struck) -> bool:
        """Whether the act was done, by a process with a fault."""
        try:
            act(self.ports(struck))
        except (Died, Fault):
            if struck.struck is None:
                raise
            return False
        return True

    def again(self, act: Act, refusals: Refusals) -> None:
        """The act once more, by a process without a fault. refusals: how one is told that it is done."""
        with suppress(*refusals):
            act(self.ports())

    def heal(self, runner: LivingRunner) -> None:
        """Deliver, sweep, let a runner work and let time pass, until nothing is due any more."""
        ports = self.ports()
        for number in range(MOST_ROUNDS):
            self.deliver(ports)
            runner.work(ports, is_done=number >= PATIENCE)
            if self._jobs_wait():
                runner.take_more(ports)
            if self._is_at_rest(runner) and _is_told(ports):
                return
            self.world.move(STEP)
            for shard in self._due_shards(self.world.now()):
                sweep_shard(ports, sweep_from(ports.clock.now(), timedelta(0)), shard)
            if self._owed():
                sweep_deliveries(ports, sweep_from(ports.clock.now(), timedelta(0)))
            if self._looks_due():
                sweep_workloads(ports, sweep_from(ports.clock.now(), timedelta(0)))
                sweep_trains(ports, sweep_from(ports.clock.now(), timedelta(0)))
        raise AssertionError("it does not come to rest")

    def _is_at_rest(self, runner: LivingRunner) -> bool:
        return not (runner.held or self.mail.letters or self._due() or self._looks_due())

    def deliver(self, ports: Ports) -> None:
        """Work off what the queues hold."""
        handlers: dict[str, Callable[[Ports, dict[str, Any]], dict[str, Any]]] = {
            "events": advance.work_off,
            "effects": effects.work_off,
            "checks": checks.work_off,
            "live": live.work_off,
        }
        for _ in range(MOST_ROUNDS):
            batches = {queue: self.mail.due(queue) for queue in handlers}
            if not any(batches.values()):
                return
            for queue, letters in batches.items():
                if letters:
                    self.mail.settle(letters, handlers[queue](ports, as_event(letters)))

    def _due_shards(self, now: datetime) -> list[int]:
        """The parts of the due index in which something is due."""
        due = milliseconds(now)
        return sorted({int(shard.partition("#")[2]) for shard, at in self._due() if at <= due and shard != OWED_SHARD})

    def _owed(self) -> bool:
        """Whether anything is owed to other people's addresses."""
        return any(shard == OWED_SHARD for shard, _ in self._due())

    def _looks_due(self) -> bool:
        """Whether anybody must look at a workload or a train within the hour."""
        within = due_range(self.world.now() + timedelta(hours=1))
        looked_at = chain(self.near.items(f"{PREFIX}workloads"), self.near.items(f"{PREFIX}trains"))
        return any(item["second_key"]["S"] <= within for item in looked_at if item.get("second") == {"S": DUE})

    def _due(self) -> list[tuple[str, int]]:
        """All that stands in the due index, but what only waits to be archived."""
        items = [item for item in self.near.items(f"{PREFIX}runs") if "due_shard" in item]
        due = [(item["due_shard"]["S"], int(item["due_at"]["N"])) for item in items]
        return [(shard, at) for shard, at in due if not shard.startswith(ENDED)]

    def _jobs_wait(self) -> bool:
        """Whether there is anything to lease."""
        return any("waits_since" in item for item in self.near.items(f"{PREFIX}runs"))


def _is_told(ports: Ports) -> bool:
    """Whether webhooks have had all that occurred: also what stands behind a number whose writer has died."""
    if dispatch_events(ports, ports.clock.now() + timedelta(seconds=1)):
        return False
    known = ports.subscriptions.current()
    return not (known.is_active and ports.feed.read(known.dispatched, 1).is_waiting)
