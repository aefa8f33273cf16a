"""A platform whose tables, queues, bucket and secrets hold what an earlier version wrote, with the app of today.

The stand-in of AWS is the one of the crash test, in this process; clock, ids and queues are ours, so that what was
written at an instant goes on from that instant. Other people's addresses are a server of this machine.
"""

import json
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

from chalice.app import Chalice

from app import OPERATIONS
from chalicelib.adapter_context import AdapterContext
from chalicelib.adapters import BUCKET, ports_on
from chalicelib.aws.calls import Answer, Aws, AwsRequest, Clock, Send
from chalicelib.functions import advance, checks, effects, live, sweep
from chalicelib.http.app_context import context_of
from chalicelib.http.site.match import table_of
from chalicelib.http.site.mount import mount, routes_of
from chalicelib.use_cases.ports.bundle import Ports, Settings
from chalicelib.use_cases.ports.clock import Called
from infra import resources
from tests.crash.mail import Mail, as_event
from tests.crash.near import Near
from tests.crash.world import CrashWorld
from tests.fakes.live import FakeLive
from tests.http.gateway import Gateway
from tests.http.house import Answered, ask_app

PREFIX = "kept-"
TABLES = ("projects", "inventory", "runs", "logs", "access", "audit")
QUEUES = ("events", "timers", "effects", "live")
GATEWAY = Gateway(routes_of(OPERATIONS, table_of(OPERATIONS)))
MOST_ROUNDS = 60
LARGEST_BATCH = 25
"""Items that DynamoDB takes at once."""

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NOBODY: Mapping[str, str] = {}


@dataclass
class LaterWorld(CrashWorld):
    """A clock that moves when told to; ids as the true world's, secrets by number. salt: no other world's."""

    salt: str = ""

    def later(self) -> "LaterWorld":
        """One of its own, where this one is."""
        return replace(self, lock=Lock())

    def identifier(self) -> str:
        """The next id: 10 letters of time, 16 by number."""
        with self.lock:
            self.ids += 1
            chance = int.from_bytes(sha256(f"{self.salt} id {self.ids}".encode()).digest()[:10], "big")
        number = int(self.at.timestamp() * 1000) << 80 | chance
        return "".join(CROCKFORD[number >> 5 * place & 31] for place in reversed(range(26)))

    def secret(self) -> str:
        """The next secret."""
        with self.lock:
            self.secrets += 1
            return sha256(f"{self.salt} secret {self.secrets}".encode()).hexdigest()


class Post(Protocol):
    """What is asked in place of an address."""

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Called:
        """What it answers."""


@dataclass(frozen=True)
class Elsewhere:
    """The port Outside: whatever address is called, this is asked in its place."""

    post: Post


@dataclass
class Place:
    """The app over its stores. callers: the headers by which each is known, by what they are called.

    live: connections of those who watch.
    """

    near: Near
    world: LaterWorld
    mail: Mail
    outside: Post
    callers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    live: FakeLive = field(default_factory=FakeLive)
    lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.ports = self._made_ports()
        self.app = Chalice("kept", configure_logs=False, env={})
        mount(self.app, OPERATIONS, context_of(lambda: self.ports))

    @cached_property
    def aws(self) -> Aws:
        """A client, which never pauses."""
        clock = Clock(now=lambda: datetime.now(UTC), sleep=lambda _: None, dice=lambda: 0.0)
        return self.near.aws(clock, self._interceptor)

    def ask(
        self, method: str, target: str, body: object = None, *, by: str = "", headers: Mapping[str, str] = NOBODY
    ) -> Answered:
        """The answer to a request. body: bytes as they are, anything else as JSON. by: one of the callers."""
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        place = GATEWAY.place(method, target.partition("?")[0])
        sent = {**(self.callers[by] if by else NOBODY), **headers}
        return ask_app(self.app, method, target, content, headers=sent, place=place)

    def done(
        self, method: str, target: str, body: object = None, *, by: str = "root", headers: Mapping[str, str] = NOBODY
    ) -> Any:  # noqa: ANN401 - whatever the body says
        """What a request answers, which goes well."""
        answered = self.ask(method, target, body, by=by, headers=headers)
        assert answered.status in (200, 201), f"{method} {target}: {answered.status} {answered.text}"
        return answered.json if "json" in answered.headers.get("Content-Type", "") else answered.text

    def sweep(self) -> None:
        """The function of every minute, and then the queues'."""
        sweep.sweep(self.ports)
        self.deliver()

    def deliver(self) -> None:
        """Work off what the queues hold and may be delivered now."""
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
                    self.mail.settle(letters, handlers[queue](self.ports, as_event(letters)))
        raise AssertionError("the queues do not come to rest")

    def phase(self, run: str) -> str:
        """How far a run is."""
        return str(self.done("GET", f"/api/v1/runs/{run}")["phase"])

    def pass_time(self, seconds: float) -> None:
        """Time passes, with a sweep and what follows from it at its end."""
        self.world.move(timedelta(seconds=seconds))
        self.sweep()

    def objects(self) -> Iterator[str]:
        """The names of what is in the bucket."""
        answer = self.aws.call("s3", "ListObjectsV2", {"Bucket": PREFIX + BUCKET})
        return (one["Key"] for one in answer.get("Contents", ()))

    def item_keys(self, table: str) -> set[tuple[str, str]]:
        """The keys of all that stands in a table."""
        asked = {"TableName": PREFIX + table, "ProjectionExpression": "pk, sk"}
        return {(item["pk"]["S"], item["sk"]["S"]) for item in self.aws.call("dynamodb", "Scan", asked)["Items"]}

    def _made_ports(self) -> Ports:
        made = ports_on(
            AdapterContext(aws=lambda: self.aws, prefix=PREFIX, clock=self.world, ids=self.world), Settings()
        )
        return replace(made, outside=Elsewhere(self.outside), live=self.live)

    def _interceptor(self, ask: AwsRequest, send: Send) -> Answer:
        if ask.service != "sqs":
            return send(ask)
        with self.lock:  # a sweep sends from many threads
            return self.mail.interceptor(ask, send)


def empty_place(near: Near, world: LaterWorld, outside: Post) -> Place:
    """A platform that holds nothing."""
    place = Place(near, world, Mail(world), outside)
    resources.create_tables(place.aws, PREFIX)
    resources.create_bucket(place.aws, PREFIX)
    near.keep_all()
    return place


def load(place: Place, folder: Path) -> None:
    """Put what is written in a folder into the place."""
    for table in TABLES:
        puts = [{"PutRequest": {"Item": item}} for item in lines(folder / f"{table}.jsonl")]
        for begin in range(0, len(puts), LARGEST_BATCH):
            some = puts[begin : begin + LARGEST_BATCH]
            place.aws.call("dynamodb", "BatchWriteItem", {"RequestItems": {PREFIX + table: some}})
    for written in lines(folder / "objects.jsonl"):
        body = b64decode(written["content"])
        asked = {"Bucket": PREFIX + BUCKET, "Key": written["key"], "Body": body, "ContentType": written["type"]}
        place.aws.call("s3", "PutObject", asked)
    for name, value in json.loads((folder / "secrets.json").read_text()).items():
        place.aws.call("secretsmanager", "CreateSecret", {"Name": name, "SecretString": value})
    for queue in QUEUES:
        for sent in lines(folder / f"{queue}.jsonl"):
            place.aws.call("sqs", "SendMessage", sent)


def lines(path: Path) -> list[dict[str, Any]]:
    """The lines of a file, each a piece of JSON."""
    return [json.loads(line) for line in path.read_text().splitlines()]
