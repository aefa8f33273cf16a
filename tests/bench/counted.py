"""What one step that needs no machine uses of AWS, counted over a run of 50 that is triggered by HTTP.

As on Lambda, the API and the function behind the queues are two processes that share nothing, both warm: neither has
seen the run's plan before. Each call to AWS takes 5 ms of the story's time. Of a message, sending, receiving and
deleting it count, none together with others. The sweep's queries are the same whether runs go on or not: not counted.
"""

import time
from dataclasses import dataclass, field
from datetime import timedelta

from chalicelib.adapter_context import AdapterContext, Process
from chalicelib.adapters import ports_on
from chalicelib.aws.calls import Answer, Aws, AwsRequest, Send
from chalicelib.functions import advance
from chalicelib.use_cases.ports.bundle import Ports, Settings
from infra import resources
from tests.bench import pipelines, prices
from tests.bench.door import Door, door_to
from tests.bench.meter import Meter
from tests.bench.pipelines import NOOP, PROJECT, WAIT
from tests.bench.post import Post
from tests.fakes.world import FakeWorld

STEPS = 50
CALL_LENGTH = timedelta(milliseconds=5)
MOST_DELIVERIES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a run used. calls: of Lambda. milliseconds: of all its handlers, on this machine, without the meter."""

    steps: int
    meter: Meter
    calls: int
    milliseconds: float

    @property
    def writes(self) -> float:
        """Write units a step."""
        return self.meter.writes / self.steps

    @property
    def reads(self) -> float:
        """Read units a step."""
        return self.meter.reads / self.steps

    @property
    def requests(self) -> float:
        """Requests to SQS a step."""
        return self.meter.sqs() / self.steps

    @property
    def price(self) -> float:
        """USD per million steps, by list prices."""
        meter = self.meter
        units = meter.writes * prices.WRITE_UNIT + meter.reads * prices.READ_UNIT
        queues = meter.sqs(fifo=True) * prices.SQS_FIFO + meter.sqs(fifo=False) * prices.SQS_STANDARD
        objects = meter.of("s3", "PutObject") * prices.S3_PUT + meter.of("s3", "GetObject") * prices.S3_GET
        work = prices.API_CALL + prices.lambda_price(self.calls, self.milliseconds)
        return (units + queues + objects + work) / self.steps * prices.MILLION


@dataclass(slots=True, kw_only=True)
class CountedHouse:
    """An installation of two processes whose every call is counted, but for what `is_counting` says.

    is_alone: it is one process, as on one machine.
    """

    aws: Aws
    prefix: str
    world: FakeWorld = field(default_factory=FakeWorld)
    is_counting: bool = False
    is_alone: bool = False
    meter: Meter = field(init=False)
    post: Post = field(init=False)
    clients: list[Aws] = field(default_factory=list)
    function: Ports = field(init=False)
    door: Door = field(init=False)

    def __post_init__(self) -> None:
        self.meter, self.post = Meter(self.prefix), Post(self.world)
        resources.create_tables(self.aws, self.prefix)
        resources.create_bucket(self.aws, self.prefix)
        self.function = self._process()
        self.door = door_to(self.function if self.is_alone else self._process())
        self.door.ask("POST", f"/api/v1/state/{PROJECT}/add-project", {"name": PROJECT})

    def close(self) -> None:
        """Close what is open."""
        for client in self.clients:
            client.close()

    def usage(self, pipeline: dict[str, object], steps: int) -> Usage:
        """What a run of the pipeline uses, once the processes are warm."""
        name = str(pipeline["name"])
        self.door.ask("POST", f"/api/v1/pipelines/by-project/{PROJECT}/add", pipeline)
        self._run(name)
        begun = time.perf_counter()
        calls = self._run(name)
        milliseconds = 1000 * (time.perf_counter() - begun)
        self.meter, self.is_counting = Meter(self.prefix), True
        self._run(name)
        self.is_counting = False
        return Usage(steps=steps, meter=self.meter, calls=calls, milliseconds=milliseconds)

    def _run(self, pipeline: str) -> int:
        """How many calls of Lambda a run takes to its good end."""
        told = self.door.ask("POST", f"{pipelines.path_of(pipeline)}/trigger", {})
        calls = 1 + self.deliver()
        seen = self._uncounted(f"/api/v1/runs/{told['id']}")
        if seen["phase"] != "succeeded":
            raise AssertionError(f"a run of {pipeline} is {seen['phase']}: {seen['reason']}")
        return calls

    def _uncounted(self, path: str) -> dict[str, str]:
        counting, self.is_counting = self.is_counting, False
        seen: dict[str, str] = self.door.ask("GET", path)
        self.is_counting = counting
        return seen

    def deliver(self) -> int:
        """Work off one message after the other, letting time pass to the next; how many there were."""
        for count in range(MOST_DELIVERIES):
            letter = self.post.next()
            if letter is None:
                return count
            self.note_delivery(letter.group)
            if advance.work_off(self.function, letter.event)["batchItemFailures"]:
                raise AssertionError(f"a message could not be worked off: {letter.body}")
        raise AssertionError("messages without end")

    def note_delivery(self, group: str) -> None:
        """Count that a message is received and deleted."""
        if self.is_counting:
            kind = "fifo" if group else "standard"
            self.meter.requests.update((f"sqs {kind} ReceiveMessage", f"sqs {kind} DeleteMessage"))

    def _process(self) -> Ports:
        client = Aws(endpoint=self.aws.endpoint, clock=self.aws.clock, interceptor=self._interceptor)
        self.clients.append(client)
        process = Process(is_alone=self.is_alone)
        context = AdapterContext(
            aws=lambda: client, prefix=self.prefix, clock=self.world, ids=self.world, process=process
        )
        return ports_on(context, Settings())

    def _interceptor(self, ask: AwsRequest, send: Send) -> Answer:
        self.world.at += CALL_LENGTH
        if not self.is_counting:
            return self.post.interceptor(ask, send)
        return self.meter.interceptor(ask, lambda inner: self.post.interceptor(inner, send))


def chain_usage(house: CountedHouse) -> Usage:
    """Of a run of 50 steps that do nothing, in sequence."""
    return house.usage(pipelines.chain("counted-chain", NOOP, STEPS), STEPS)


def timer_usage(house: CountedHouse) -> Usage:
    """Of a run of 50 steps that wait a second each, in sequence."""
    return house.usage(pipelines.chain("counted-timers", WAIT, STEPS), STEPS)
