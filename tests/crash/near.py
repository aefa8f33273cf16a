"""AWS in this process: the stand-in's own code behind our own client, without the sockets, and set back in a moment.

A crash test tells thousands of small stories: over HTTP each would take ten times as long. That the same code answers
alike over HTTP is what the tests of the stores show. Queues stand in mail.py.
"""

import importlib
import pickle
from collections.abc import Coroutine, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from math import inf
from threading import Lock
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from chalicelib.aws.calls import Aws, Clock, Interceptor, passthrough
from chalicelib.aws.endpoint import endpoint_from
from chalicelib.aws.http_pool import READ_SECONDS, HttpPool
from chalicelib.aws.http_reply import Reply
from infra.local.emulator import pinned

ADDRESS = "http://127.0.0.1:1"
"""Where nobody listens."""

BY_BOTOCORE = ("s3", "secretsmanager")
SERVICES = ("dynamodb", *BY_BOTOCORE)
pinned.parse_once(pinned.dynamodb())

State = bytes
Answered = tuple[int, dict[str, str], str | bytes]


class NearWire(HttpPool):
    """A wire that ends in this process. One call at a time, as in the stand-in's own process."""

    def __init__(self, module: ModuleType, lock: Lock) -> None:
        super().__init__(ADDRESS)
        self._module = module
        self._lock = lock

    def post(self, headers: Mapping[str, str], body: bytes, *, read_seconds: float = READ_SECONDS) -> Reply:
        """What the stand-in answers."""
        assert read_seconds > 0
        with self._lock:
            status, _, answer = _done(self._module.handle_request("POST", "/", dict(headers), body, {}))
        return Reply(status, _as_bytes(answer))


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """The stand-in in this process."""

    modules: Mapping[str, ModuleType] = field(
        default_factory=lambda: {one: importlib.import_module(f"ministack.services.{one}") for one in SERVICES}
    )
    lock: Lock = field(default_factory=Lock)
    clients: dict[str, Any] = field(default_factory=dict)

    def aws(self, clock: Clock, interceptor: Interceptor = passthrough) -> Aws:
        """A client of its own."""
        wires: dict[str, HttpPool] = {"dynamodb": NearWire(self.modules["dynamodb"], self.lock)}
        address = endpoint_from({"AWS_ENDPOINT_URL": ADDRESS})
        made = Aws(endpoint=address, clock=clock, interceptor=interceptor, _pools=wires, _clients=self.clients)
        for service in BY_BOTOCORE:
            if service not in self.clients:
                made.client(service).meta.events.register(f"before-send.{service}", _Door(self, service))
        return made

    def state(self) -> State:
        """All that it holds, by value."""
        return pickle.dumps({place: store._data for place, store in self._stores()})

    def restore(self, state: State) -> None:
        """Hold again what it held then."""
        held = pickle.loads(state)  # noqa: S301 - of our own making, and a third of the time that copying takes
        for place, store in self._stores():
            store._data = held[place]

    def likeness(self) -> bytes:
        """The same whenever it holds the same, whenever that was written."""
        for done in self.modules["dynamodb"]._txn_idempotency._data.values():
            done["completed_at"] = inf
        written = BytesIO()
        pickler = pickle.Pickler(written)
        # Each value in full: how often one is shared is no part of what is held.
        pickler.fast = True
        pickler.dump([(place, store._data) for place, store in self._stores() if store._data])
        return written.getvalue()

    def clear(self) -> None:
        """Hold nothing."""
        for _, store in self._stores():
            store._data = {}

    def keep_all(self) -> None:
        """Let nothing expire: the stand-in's reaper goes by the true clock, which is ahead of that of stories."""
        self.modules["dynamodb"]._ttl_settings._data.clear()

    def items(self, table: str) -> list[Mapping[str, Any]]:
        """The items of a table as they are kept, by no call: half of the calls of a story were to look at it."""
        held = next(one for place, one in self.modules["dynamodb"]._tables._data.items() if place[-1] == table)
        return [item for partition in held["items"].values() for item in partition.values()]

    def objects(self) -> list[str]:
        """The keys of all objects."""
        return [key for bucket in self.modules["s3"]._buckets._data.values() for key in bucket["objects"]]

    def secrets(self) -> list[str]:
        """The names of all secrets that can be read."""
        kept = self.modules["secretsmanager"]._secrets._data.values()
        return [one["Name"] for one in kept if not one.get("DeletedDate")]

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
        module = self.near.modules[self.service]
        with self.near.lock:
            status, answered, answer = _done(
                module.handle_request(
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
