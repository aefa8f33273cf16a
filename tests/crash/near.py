"""AWS in this process: the stand-in's own code behind our own client, without the sockets, and set back in a moment.

A crash test tells thousands of small stories: over HTTP each would take ten times as long. That the same code answers
alike over HTTP is what the tests of the stores show. Queues stand in mail.py.
"""

import importlib
import json
import pickle
from collections.abc import Coroutine, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from threading import RLock
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from chalicelib.aws.calls import Answer, Aws, AwsRequest, Clock, Interceptor, Send, parsed, passthrough
from chalicelib.aws.endpoint import endpoint_from
from chalicelib.aws.http_reply import Reply
from infra.local.emulator import pinned
from tests.crash.held import Held, Items, Likeness, Others, written
from tests.crash.outcome import Outcome, outcome
from tests.crash.spoils import READS

ADDRESS = "http://127.0.0.1:1"
"""Where nobody listens."""

BY_BOTOCORE = ("s3", "secretsmanager")
SERVICES = ("dynamodb", *BY_BOTOCORE)
pinned.parse_once(pinned.dynamodb())
ITEMS = Items(pinned.dynamodb())
OF_ITEMS = frozenset({("dynamodb", "_tables"), ("dynamodb", "_txn_idempotency")})
"""The stores that `held` follows, item by item. Of DynamoDB nothing else changes once its tables are there."""
OF_TABLES = frozenset({"CreateTable", "DescribeTable", "UpdateTimeToLive", "DescribeTimeToLive"})
"""What is asked where a house is built."""

Asked = tuple[Likeness, str, str, bytes]
State = bytes
Place = tuple[str, str]
"""A store of a service."""

CHANCE: Mapping[Place, frozenset[str]] = {
    ("s3", "_buckets"): frozenset({"last_modified"}),
    ("secretsmanager", "_secrets"): frozenset({"ARN", "CreatedDate", "LastChangedDate", "LastAccessedDate"}),
}
"""What an entry of a store, and each part of one, has by the true clock or by chance."""
PARTS = {"objects": dict, "Versions": lambda versions: dict(enumerate(versions.values()))}
"""The parts of entries, by what is no chance: versions are named by it."""

Answered = tuple[int, dict[str, str], str | bytes]


@dataclass(slots=True, kw_only=True)
class Near:
    """The stand-in in this process. One call at a time, as in the stand-in's own process."""

    modules: Mapping[str, ModuleType] = field(
        default_factory=lambda: {one: importlib.import_module(f"ministack.services.{one}") for one in SERVICES}
    )
    lock: RLock = field(default_factory=RLock)
    clients: dict[str, Any] = field(default_factory=dict)
    remembers: bool = True
    """Whether a call is answered from memory."""
    _now: Held | None = None
    """What it holds, once anybody has asked."""
    _owed: Held | None = None
    """What it is to hold once anybody looks: an attempt passes through many states unseen."""
    _known: dict[Asked, tuple[Outcome, Held | None]] = field(default_factory=dict)

    def aws(self, clock: Clock, interceptor: Interceptor = passthrough) -> Aws:
        """A client of its own."""
        address = endpoint_from({"AWS_ENDPOINT_URL": ADDRESS})

        def intercept(ask: AwsRequest, send: Send) -> Answer:
            return interceptor(ask, lambda inner: self._answer(inner, send))

        made = Aws(endpoint=address, clock=clock, interceptor=intercept, _clients=self.clients)
        for service in BY_BOTOCORE:
            if service not in self.clients:
                made.client(service).meta.events.register(f"before-send.{service}", _Door(self, service))
        return made

    def forget(self) -> None:
        """Answer no call from memory that was made until now."""
        self._known.clear()

    def _answer(self, ask: AwsRequest, send: Send) -> Answer:
        """The answer: from memory if the same was asked when it held the same, as an attempt mostly asks."""
        with self.lock:
            if ask.operation in OF_TABLES:
                self._stop_following()
                return self._by_hand(ask)
            asked = (self.held().seen_by(ask), ask.service, ask.operation, written(ask.arguments))
            if asked not in self._known or not self.remembers:
                self._known[asked] = self._found(ask, send)
            known, after = self._known[asked]
            self._owed = after or self._owed
        return known.told()

    def _found(self, ask: AwsRequest, send: Send) -> tuple[Outcome, Held | None]:
        """What comes of a call, and what it then holds; None for what it held before."""
        before = self._looked()
        ITEMS.listen()
        found = outcome(ask, self._by_hand if ask.service == "dynamodb" else send)
        changes = ITEMS.heard()
        if ask.operation in READS:
            return found, None
        others = {} if ask.service == "dynamodb" else {ask.service: self._others(ask.service)}
        self._now = before.after(changes, others)
        return found, self._now

    def _by_hand(self, ask: AwsRequest) -> Answer:
        """The answer of DynamoDB, without a signature."""
        headers = {"x-amz-target": f"DynamoDB_20120810.{ask.operation}"}
        body = json.dumps(ask.arguments).encode()
        status, _, answer = _done(self.module("dynamodb").handle_request("POST", "/", headers, body, {}))
        return parsed("dynamodb", Reply(status, _as_bytes(answer)))

    def state(self) -> State:
        """All that it holds, by value."""
        self._look()
        return pickle.dumps({place: store._data for place, store in self._stores()})

    def restore(self, state: State) -> None:
        """Hold again what it held then."""
        self._stop_following()
        held = pickle.loads(state)  # noqa: S301 - of our own making, and a third of the time that copying takes
        for place, store in self._stores():
            store._data = held[place]

    def held(self) -> Held:
        """What it holds now, to be held again."""
        return self._owed or self._looked()

    def hold(self, held: Held) -> None:
        """Hold again what it held then, as soon as anybody looks."""
        self._owed = held

    def told(self) -> Held:
        """What it holds now, found by looking at all of it, as the first of a tree."""
        self._look()
        return Held(parts=ITEMS.parts(), others={one: self._others(one) for one in self.modules})

    def likeness(self) -> Likeness:
        """The same whenever it holds the same, whenever that was written."""
        return self.held().likeness

    def _looked(self) -> Held:
        """What it holds, in the modules."""
        self._look()
        if self._now is None:
            self._now = self.told()
        return self._now

    def _look(self) -> None:
        owed, now = self._owed, self._now
        self._owed = None
        if owed is None or owed is now:
            return
        assert now is not None, "what was held before all was restored is out of reach"
        ITEMS.go(now, owed)
        for service, others in owed.others.items():
            if others is not now.others[service]:
                self._hold_others(others)
        self._now = owed

    def _others(self, service: str) -> Others:
        stores = {place: store for place, store in self._stores() if place[0] == service and place not in OF_ITEMS}
        likeness = [(place, _without(CHANCE.get(place), store._data)) for place, store in stores.items() if store._data]
        return Others(pickle.dumps({place: store._data for place, store in stores.items()}), written(likeness))

    def _hold_others(self, others: Others) -> None:
        held = pickle.loads(others.state)  # noqa: S301 - of our own making
        for place, store in self._stores():
            if place in held:
                store._data = held[place]

    def _stop_following(self) -> None:
        """Whatever it holds now begins a tree of its own."""
        self._look()
        self._now = None
        self._known.clear()

    def clear(self) -> None:
        """Hold nothing."""
        self._stop_following()
        for _, store in self._stores():
            store._data = {}

    def keep_all(self) -> None:
        """Let nothing expire: the stand-in's reaper goes by the true clock, which is ahead of that of stories."""
        self.module("dynamodb")._ttl_settings._data.clear()
        self._stop_following()

    def items(self, table: str) -> list[Mapping[str, Any]]:
        """The items of a table as they are kept, by no call: half of the calls of a story were to look at it."""
        held = next(one for place, one in self.module("dynamodb")._tables._data.items() if place[-1] == table)
        return [item for partition in held["items"].values() for item in partition.values()]

    def objects(self) -> list[str]:
        """The keys of all objects."""
        return [key for bucket in self.module("s3")._buckets._data.values() for key in bucket["objects"]]

    def secrets(self) -> list[str]:
        """The names of all secrets that can be read."""
        kept = self.module("secretsmanager")._secrets._data.values()
        return [one["Name"] for one in kept if not one.get("DeletedDate")]

    def module(self, service: str) -> ModuleType:
        """The stand-in's own module of a service, which holds what it is to hold."""
        self._look()
        return self.modules[service]

    def _stores(self) -> Iterator[tuple[tuple[str, str], Any]]:
        for service, module in self.modules.items():
            for name, store in _stores_of(module):
                yield (service, name), store


@dataclass(frozen=True, slots=True)
class _Door:
    """Answers botocore instead of the network."""

    near: Near
    service: str

    def __call__(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        parts = urlsplit(request.url)
        headers = {name.lower(): _text(value) for name, value in request.headers.items()}
        status, answered, answer = _done(
            self.near.module(self.service).handle_request(
                request.method, unquote(parts.path), headers, _content(request.body), parse_qs(parts.query, True)
            )
        )
        return AWSResponse(request.url, status, answered, _Raw(_as_bytes(answer)))


@cache
def _stores_of(module: ModuleType) -> list[tuple[str, Any]]:
    return [(name, one) for name, one in vars(module).items() if type(one).__name__.endswith("ScopedDict")]


class _Raw(BytesIO):
    """A body as botocore wants to read it."""

    def stream(self, **_: object) -> Iterator[bytes]:
        """The whole."""
        yield self.read()


def _without(chance: frozenset[str] | None, held: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """All that is held, but what is there by chance."""
    if chance is None:
        return held
    return {
        key: {
            name: _without(chance, PARTS[name](value)) if name in PARTS else value
            for name, value in one.items()
            if name not in chance
        }
        for key, one in held.items()
    }


def _done(call: Coroutine[Any, Any, Answered]) -> Answered:
    """The answer of a call, which awaits nothing: so it needs no loop."""
    try:
        call.send(None)
    except StopIteration as end:
        answer: Answered = end.value
        return answer
    raise AssertionError("the stand-in awaits something")


def _content(body: Any) -> bytes:  # noqa: ANN401 - whatever botocore sends
    if body is None or isinstance(body, bytes | str):
        return _as_bytes(body or b"")
    return bytes(body.read())


def _as_bytes(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode()


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode()
