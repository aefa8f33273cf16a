"""A house over the stand-in of AWS whose every call can be spoilt, with a clock and queues of its own."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from chalicelib.adapters import Ground, ports_on
from chalicelib.aws.calls import Answer, Ask, Aws, Chance, Send
from chalicelib.functions import advance, effects
from chalicelib.kernel.events import Outcome
from chalicelib.kernel.faults import Conflict, Fault, NotFound
from chalicelib.kernel.job import Ending
from chalicelib.store.keys import milliseconds
from chalicelib.use_cases.finish_job import FinishJob, finish_job
from chalicelib.use_cases.hand_out_jobs import AskForJobs, hand_out_jobs
from chalicelib.use_cases.lease_jobs import Heartbeat, LeaseJobs, renew_lease
from chalicelib.use_cases.ports import Ports, Settings
from chalicelib.use_cases.sweep import sweep_shard
from tests.crash.mail import Mail, as_event
from tests.fakes.live import FakeOutside
from tests.fakes.world import FakeWorld
from tests.store.faulted import Died, Faulted

MOST_ROUNDS = 40
STEP = timedelta(seconds=16)
PATIENCE = 6
"""Rounds that a job takes: long enough for whatever else is to happen meanwhile."""

Act = Callable[[Ports], object]


def a_client(aws: Aws, seam: Callable[[Ask, Send], Answer]) -> Aws:
    """The same AWS by connections of its own, seen through the seam; it never pauses."""
    chance = Chance(now=aws.chance.now, sleep=lambda _: None, dice=lambda: 0.0)
    return Aws(reach=aws.reach, chance=chance, seam=seam)


@dataclass
class CrashHouse:
    """One story: what was there, one act with a fault, and time that heals."""

    aws: Aws
    prefix: str
    world: FakeWorld
    mail: Mail
    clients: list[Aws] = field(default_factory=list)

    def ports(self, faulted: Faulted | None = None) -> Ports:
        """The ports of a process of its own. faulted: sees each of its calls."""
        seam = self.mail.seam if faulted is None else partial(self._spoilt, faulted)
        client = a_client(self.aws, seam)
        self.clients.append(client)
        made = ports_on(Ground(aws=lambda: client, prefix=self.prefix, world=self.world), Settings())
        return replace(made, outside=FakeOutside())

    def _spoilt(self, faulted: Faulted, ask: Ask, send: Send) -> Answer:
        return faulted(ask, lambda inner: self.mail.seam(inner, send))

    def close(self) -> None:
        """Close what is open."""
        for client in self.clients:
            client.close()

    def attempt(self, act: Act, faulted: Faulted) -> None:
        """The act by a process with a fault; whoever asked for it asks again, as a client or a queue does."""
        try:
            act(self.ports(faulted))
        except (Died, Fault):
            try:
                act(self.ports())
            except (Conflict, NotFound):
                # It took effect before it died, and who asks again is told that it is done.
                logging.getLogger("crash").debug("done before")

    def heal(self, runner: "LivingRunner") -> None:
        """Deliver, sweep, let a runner work and let time pass, until nothing is due any more."""
        ports = self.ports()
        for number in range(MOST_ROUNDS):
            self.deliver(ports)
            runner.work(ports, is_done=number >= PATIENCE)
            if not runner.held and not self._is_waiting():
                return
            self.world.move(STEP)
            for shard in self._due_shards(self.world.now()):
                sweep_shard(ports, shard, timedelta(0))

    def deliver(self, ports: Ports) -> None:
        """Work off what the queues hold."""
        handlers: dict[str, Callable[[Ports, dict[str, Any]], dict[str, Any]]] = {
            "events": advance.work_off,
            "effects": effects.work_off,
        }
        for _ in range(MOST_ROUNDS):
            batches = {queue: self.mail.due(queue) for queue in handlers}
            if not any(batches.values()):
                return
            for queue, letters in batches.items():
                if letters:
                    self.mail.settle(letters, handlers[queue](ports, as_event(letters)))

    def _is_waiting(self) -> bool:
        return bool(self.mail.letters) or bool(self._due())

    def _due_shards(self, now: datetime) -> list[int]:
        """The parts of the due index in which something is due."""
        due = milliseconds(now)
        return sorted({int(shard.partition("#")[2]) for shard, at in self._due() if at <= due})

    def _due(self) -> list[tuple[str, int]]:
        """All that stands in the due index, by one look at a small table."""
        asked = {"TableName": f"{self.prefix}runs", "ProjectionExpression": "due_shard, due_at"}
        items = self.clients[0].call("dynamodb", "Scan", asked)["Items"]
        return [(item["due_shard"]["S"], int(item["due_at"]["N"])) for item in items if "due_shard" in item]


@dataclass
class LivingRunner:
    """A runner that takes what waits, keeps what it holds, and obeys."""

    held: dict[str, Heartbeat] = field(default_factory=dict)
    asked: int = 0

    def work(self, ports: Ports, *, is_done: bool) -> None:
        """One round: beat, stop what is to stop, end what is done, take more."""
        for job_id, hold in list(self.held.items()):
            self._beat(ports, job_id, hold, is_done=is_done)
        self.asked += 1
        nonce = f"nonce-of-the-living-{self.asked}"
        lease = LeaseJobs(pool="default", runner="alive", slots=8, nonce=nonce)
        for handed in hand_out_jobs(ports, AskForJobs(lease=lease)):
            job = handed.leased.job
            self.held[job.id] = Heartbeat(job=job.id, token=handed.leased.token, number=job.leases)

    def _beat(self, ports: Ports, job_id: str, hold: Heartbeat, *, is_done: bool) -> None:
        try:
            job = renew_lease(ports, hold)
        except (Conflict, NotFound):
            del self.held[job_id]
            return
        if job.cancel or is_done:
            outcome = Outcome.CANCELLED if job.cancel else Outcome.SUCCEEDED
            ending = Ending(outcome=outcome, at=ports.world.now(), nonce=f"end-{job_id}")
            finish_job(ports, FinishJob(held=hold, ending=ending))
            del self.held[job_id]
