"""A whole house on fakes: runs move, queues are worked off, the clock is set by hand."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.job import Ending, Job
from chalicelib.kernel.engine.message import (
    AttemptDelivery,
    GiveBuiltVersion,
    Happened,
    HappenedToEach,
    LookAtJob,
    LookAtRun,
    LookAtSuspension,
    LookAtTrain,
    LookAtWorkload,
    Message,
    PerformExternalCall,
    PushLog,
)
from chalicelib.kernel.engine.run import NodeState, Run
from chalicelib.kernel.plans.plan import Plan
from chalicelib.use_cases.enqueue_due import sweep_from
from chalicelib.use_cases.jobs.finish import FinishJob, finish_job
from chalicelib.use_cases.jobs.lease import Heartbeat, LeasedJob, LeaseJobs, lease_jobs
from chalicelib.use_cases.jobs.lease_expiry import look_at_job
from chalicelib.use_cases.logs.push_log import push_log
from chalicelib.use_cases.ports.bundle import Ports, Settings
from chalicelib.use_cases.releases.deliver import attempt_delivery
from chalicelib.use_cases.runs.advance import advance_run, start_run
from chalicelib.use_cases.runs.outgoing_calls import perform_external_call
from chalicelib.use_cases.runs.sweep import sweep_all
from chalicelib.use_cases.trains.pause_runs import pause_as_train_says
from chalicelib.use_cases.trains.sweep import sweep_trains
from chalicelib.use_cases.travel.built_versions import give_built_version
from chalicelib.use_cases.travel.scheduled_builds import build_on_schedule
from chalicelib.use_cases.workloads.look import look_at_workload
from chalicelib.use_cases.workloads.sweep import sweep_workloads
from tests.builders import ORIGIN
from tests.fakes.archives import FakeArchives
from tests.fakes.audits import FakeAudits
from tests.fakes.call_slots import FakeCallSlots
from tests.fakes.definitions import FakeDefinitions
from tests.fakes.deployments import FakeDeployments
from tests.fakes.feed import FakeFeed
from tests.fakes.freezes import FakeFreezes
from tests.fakes.idempotency import FakeIdempotency
from tests.fakes.insights import FakeInsights
from tests.fakes.installation import FakeInstallation
from tests.fakes.inventory import as_ports
from tests.fakes.issuer import FakeIssuer
from tests.fakes.jobs import FakeJobs
from tests.fakes.live import FakeLive, FakeOutside
from tests.fakes.locks import FakeLocks
from tests.fakes.logs import FakeLogs
from tests.fakes.mail import FakeMail
from tests.fakes.numbers import FakeNumbers
from tests.fakes.outbox import FakeOutbox
from tests.fakes.projects import FakeProjects
from tests.fakes.queue import FakeQueue
from tests.fakes.runners import FakeRunners
from tests.fakes.runs import FakeRuns
from tests.fakes.secrets import FakeSecrets
from tests.fakes.subscriptions import FakeSubscriptions
from tests.fakes.task_templates import FakeTaskTemplates
from tests.fakes.trains import FakeSnapshots, FakeTemplates, FakeTrains, FakeVariables
from tests.fakes.viewers import FakeViewers
from tests.fakes.watermarks import FakeWatermarks
from tests.fakes.workloads import FakeWorkloads
from tests.fakes.world import FakeWorld

NONE = cast("Any", None)
CHEAPEST = 16
"""What hashing a password costs here: at full cost it takes 50 ms, and tests make and show hundreds."""


@dataclass
class House:
    """Ports on fakes, each within reach of a test."""

    world: FakeWorld = field(default_factory=FakeWorld)
    runs: FakeRuns = field(default_factory=FakeRuns)
    archives: FakeArchives = field(default_factory=FakeArchives)
    jobs: FakeJobs = field(default_factory=FakeJobs)
    logs: FakeLogs = field(default_factory=FakeLogs)
    locks: FakeLocks = field(default_factory=FakeLocks)
    audits: FakeAudits = field(default_factory=FakeAudits)
    live: FakeLive = field(default_factory=FakeLive)
    viewers: FakeViewers = field(default_factory=FakeViewers)
    outside: FakeOutside = field(default_factory=FakeOutside)
    outbox: FakeOutbox = field(default_factory=FakeOutbox)
    mail: FakeMail = field(default_factory=FakeMail)
    feed: FakeFeed = field(default_factory=FakeFeed)
    subscriptions: FakeSubscriptions = field(default_factory=FakeSubscriptions)

    def __post_init__(self) -> None:
        self.queue = FakeQueue(self.world)
        self.runs.jobs, self.runs.audits, self.jobs.audits = self.jobs, self.audits, self.audits
        self.subscriptions.audits = self.audits
        self.runs.feed, self.feed.now = self.feed, self.world.now
        projects = FakeProjects(self.audits)
        trains = FakeTrains(self.audits, FakeVariables(self.audits))
        self.ports = Ports(
            clock=self.world,
            ids=self.world,
            settings=Settings(hash_cost=CHEAPEST),
            runs=self.runs,
            archives=self.archives,
            jobs=self.jobs,
            runners=FakeRunners(self.audits),
            logs=self.logs,
            locks=self.locks,
            watermarks=FakeWatermarks(),
            call_slots=FakeCallSlots(),
            numbers=FakeNumbers(),
            queue=self.queue,
            outside=self.outside,
            live=self.live,
            feed=self.feed,
            subscriptions=self.subscriptions,
            insights=FakeInsights(),
            mail=self.mail,
            viewers=self.viewers,
            projects=projects,
            definitions=FakeDefinitions(self.audits, projects),
            deployments=FakeDeployments(self.audits, projects, feed=self.feed),
            **as_ports(NONE),
            packages=NONE,
            outbox=self.outbox,
            trains=trains,
            snapshots=FakeSnapshots(trains, self.runs),
            templates=FakeTemplates(self.audits),
            variables=trains.scopes,
            workloads=FakeWorkloads(self.audits, projects),
            task_templates=FakeTaskTemplates(),
            installation=FakeInstallation(self.audits),
            freezes=FakeFreezes(self.audits),
            access=NONE,
            issuer=FakeIssuer(),
            audits=self.audits,
            idempotency=FakeIdempotency(),
            secrets=FakeSecrets(),
        )

    def start(self, plan: Plan) -> Run:
        """The plan's run, begun, and the queues worked off."""
        run = start_run(self.ports, plan, origin=ORIGIN)
        self.work_off()
        return self.runs.run(run.id)

    def work_off(self) -> None:
        """Deliver what is due until nothing is left."""
        while messages := self.queue.deliver():
            for message in messages:
                self.deliver(message)

    def deliver(self, message: Message) -> None:
        """Work one message off, as the functions do."""
        match message:
            case Happened():
                advance_run(self.ports, message.run, message.events)
            case HappenedToEach():
                self.ports.queue.enqueue_for_each(message.runs, message.events, message.key)
            case LookAtRun():
                advance_run(self.ports, message.run, ())
            case LookAtJob():
                look_at_job(self.ports, message.job)
            case LookAtWorkload():
                look_at_workload(self.ports, message.workload)
            case LookAtTrain():
                build_on_schedule(self.ports, message.train)
            case LookAtSuspension():
                pause_as_train_says(self.ports, message.train)
            case GiveBuiltVersion():
                give_built_version(self.ports, message.run)
            case PerformExternalCall():
                perform_external_call(self.ports, message.run, message.effect)
            case AttemptDelivery():
                attempt_delivery(self.ports, message.delivery)
            case PushLog():
                push_log(self.ports, message.connection)

    def pass_time(self, seconds: float) -> None:
        """Move the clock, sweep, and work off."""
        self.world.move(timedelta(seconds=seconds))
        sweep_all(self.ports, timedelta(0))
        sweep_workloads(self.ports, sweep_from(self.world.now(), timedelta(0)))
        sweep_trains(self.ports, sweep_from(self.world.now(), timedelta(0)))
        self.work_off()

    def lease(
        self, runner: str = "r1", slots: int = 1, nonce: str = "nonce-of-sixteen", *, says_began: bool = False
    ) -> list[LeasedJob]:
        """Jobs, leased."""
        secret = f"{nonce}-{self.world.secret()}"
        ask = LeaseJobs(pool="default", runner=runner, slots=slots, nonce=secret, says_began=says_began)
        return list(lease_jobs(self.ports, ask))

    def finish(self, leased: LeasedJob, outcome: Outcome = Outcome.SUCCEEDED, **outputs: str) -> Job:
        """The job ended by its runner."""
        ending = Ending(outcome=outcome, at=self.world.now(), outputs=outputs, nonce=f"end-{leased.job.id}")
        job = finish_job(self.ports, FinishJob(held=held(leased), ending=ending))
        self.work_off()
        return job

    def node(self, run: str, key: str) -> NodeState:
        """How far a node of the last stage execution is."""
        return self.runs.run(run).stages[-1].nodes[key]


def held(leased: LeasedJob, *, began: bool = False) -> Heartbeat:
    """What a runner shows for its job."""
    return Heartbeat(job=leased.job.id, token=leased.token, number=leased.job.leases, began=began)
