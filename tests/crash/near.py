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
from threading import Lock
from types import ModuleType
from typing import Any, NamedTuple
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
Place = tuple[str, str]
"""A store of a service."""

CHANCE: Mapping[Place, frozenset[str]] = {
    ("dynamodb", "_tables"): frozenset({"_index_members"}),  # who is in which index, found when first asked for
    ("dynamodb", "_txn_idempotency"): frozenset({"completed_at"}),
    ("s3", "_buckets"): frozenset({"last_modified"}),
    ("secretsmanager", "_secrets"): frozenset({"ARN", "CreatedDate", "LastChangedDate", "LastAccessedDate"}),
}
"""What an entry of a store, and each part of one, has by the true clock, by chance, or only for speed."""
PARTS = {"objects": dict, "Versions": lambda versions: dict(enumerate(versions.values()))}
"""The parts of entries, by what is no chance: versions are named by it."""

Answered = tuple[int, dict[str, str], str | bytes]


class Held(NamedTuple):
    """What it held at some time. likeness: the same for what is the same."""

    state: State
    likeness: bytes


class NearWire(HttpPool):
    """A wire that ends in this process. One call at a time, as in the stand-in's own process."""

    def __init__(self, near: "Near") -> None:
        super().__init__(ADDRESS)
        self._near = near

    def post(self, headers: Mapping[str, str], body: bytes, *, read_seconds: float = READ_SECONDS) -> Reply:
        """What the stand-in answers."""
        assert read_seconds > 0
        with self._near.lock:
            module = self._near.module("dynamodb")
            status, _, answer = _done(module.handle_request("POST", "/", dict(headers), body, {}))
        return Reply(status, _as_bytes(answer))


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """The stand-in in this process."""

    modules: Mapping[str, ModuleType] = field(
        default_factory=lambda: {one: importlib.import_module(f"ministack.services.{one}") for one in SERVICES}
    )
    lock: Lock = field(default_factory=Lock)
    clients: dict[str, Any] = field(default_factory=dict)
    _owed: list[Held] = field(default_factory=list)
    """What it is to hold once anybody looks."""

    def aws(self, clock: Clock, interceptor: Interceptor = passthrough) -> Aws:
        """A client of its own."""
        wires: dict[str, HttpPool] = {"dynamodb": NearWire(self)}
        address = endpoint_from({"AWS_ENDPOINT_URL": ADDRESS})
        made = Aws(endpoint=address, clock=clock, interceptor=interceptor, _pools=wires, _clients=self.clients)
        for service in BY_BOTOCORE:
            if service not in self.clients:
                made.client(service).meta.events.register(f"before-send.{service}", _Door(self, service))
        return made

    def state(self) -> State:
        """All that it holds, by value."""
        self._look()
        return pickle.dumps({place: store._data for place, store in self._stores()})

    def hold(self, held: Held) -> None:
        """Hold again what it held then, as soon as anybody looks: an attempt passes through many states unseen."""
        self._owed[:] = [held]

    def restore(self, state: State) -> None:
        """Hold again what it held then."""
        self._owed.clear()
        held = pickle.loads(state)  # noqa: S301 - of our own making, and a third of the time that copying takes
        for place, store in self._stores():
            store._data = held[place]

    def likeness(self) -> bytes:
        """The same whenever it holds the same, whenever that was written."""
        if self._owed:
            return self._owed[0].likeness
        stores = [(place, _without(CHANCE.get(place), store._data)) for place, store in self._stores() if store._data]
        written = BytesIO()
        pickler = pickle.Pickler(written)
        # Each value in full: how often one is shared is no part of what is held.
        pickler.fast = True
        pickler.dump(stores)
        return written.getvalue()

    def held(self) -> Held:
        """What it holds now, to be held again."""
        return self._owed[0] if self._owed else Held(self.state(), self.likeness())

    def clear(self) -> None:
        """Hold nothing."""
        self._owed.clear()
        for _, store in self._stores():
            store._data = {}

    def keep_all(self) -> None:
        """Let nothing expire: the stand-in's reaper goes by the true clock, which is ahead of that of stories."""
        self.module("dynamodb")._ttl_settings._data.clear()

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

    def _look(self) -> None:
        if self._owed:
            self.restore(self._owed[0].state)

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
        with self.near.lock:
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
