"""The AWS emulator (`python -m infra.local.emulator.server`): ministack behind uvicorn, with its state on disk.

`admission` says who may speak to it, `state` how its state is written and read, `pinned` what is inside ministack.
"""

import asyncio
import contextlib
import gc
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import uvicorn

from chalicelib.aws.endpoint import Keys
from infra.local import open_files
from infra.local.emulator import keys, older_state, pinned, pinned_calls, pinned_polls, pinned_query, state
from infra.local.emulator.admission import Admission, own_origins
from infra.local.emulator.journal.folder import JournalFolder
from infra.local.emulator.pinned_calls import DirectCalls
from infra.local.emulator.state import State
from infra.local.one_piece import OnePieceProtocol

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Coroutine[Any, Any, None]]

JOURNALS = "journal"
READS = ("Get", "Query", "Scan", "BatchGet", "TransactGet", "Describe", "List")
OF_ITEMS = frozenset({"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"})
OF_MESSAGES = frozenset(
    f"{action}{batch}"
    for action in ("SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility")
    for batch in ("", "Batch")
)


@dataclass(slots=True, kw_only=True)
class EmulatorServer:
    """ministack as an ASGI application that answers once what it tells of is on disk. state: None keeps none."""

    ministack: ModuleType
    direct: DirectCalls
    state: State | None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answers as ministack does."""
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
            return
        target = _target(scope)
        answer = send if self.state is None else _after_writing(self.state, send, _defines(scope, target))
        if self.direct.takes(scope, target):
            body = await _whole_body(receive)
            await _answered(target, body, receive, self.direct.answer(scope, target, body, answer))
        elif target == pinned_polls.RECEIVES:
            body = await _whole_body(receive)
            await _answered(target, body, receive, self.ministack.app(scope, _replayed(body), answer))
        else:
            await self.ministack.app(scope, receive, answer)

    async def _live(self, scope: Message, receive: Receive, send: Send) -> None:
        tending: list[asyncio.Task[None]] = []

        async def when_started(message: Message) -> None:
            if message["type"] == "lifespan.startup.complete":
                pinned.forbid_own_save(self.ministack)
                if self.state:
                    self.state.begin()
                    tending.append(asyncio.create_task(self.state.tend()))
                gc.freeze()
            await send(message)

        await self.ministack.app(scope, receive, when_started)
        for task in tending:
            task.cancel()
        if self.state:
            await self.state.end()


def main(port: int, key: Keys, folder: Path | None) -> None:
    """Serves on loopback until told to stop. key: with which requests must be signed. folder: for the state."""
    # ministack verifies presigned addresses once more, with the key in its environment.
    os.environ.update(keys.as_environment(key))
    open_files.raise_limit()
    journals = JournalFolder(folder / JOURNALS) if folder else None
    if folder and journals and journals.base is None:
        older_state.choose(folder)
    ministack = pinned.load()
    pinned.parse_once(pinned.dynamodb())
    pinned_query.read_by_page(pinned.dynamodb())
    pinned.receive_in_turn(pinned.queues())
    held = state.of(ministack, journals, folder) if folder and journals else None
    pinned_polls.sleep_between_looks(pinned.queues())
    direct = pinned_calls.direct_calls(ministack, pinned.dynamodb(), pinned.queues())
    server = EmulatorServer(ministack=ministack, direct=direct, state=held)
    _serve(Admission(app=server, keys=key, origins=_origins(port)), port)


def _origins(port: int) -> frozenset[str]:
    """Return the origins whose pages may use presigned URLs: the emulator's own, and those of the platform's API."""
    api = os.environ.get("SLIPWAY_PORT", "")
    return own_origins((port, *([int(api)] if api.isdecimal() else [])), os.environ.get("SLIPWAY_PUBLIC_URL", ""))


def _serve(server: Admission, port: int) -> None:
    config = uvicorn.Config(
        server,
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http=OnePieceProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )
    # uvicorn raises the signal again once it has stopped; the state has to be saved first.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    uvicorn.Server(config).run()


def _target(scope: Message) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"x-amz-target"), "")


def _defines(scope: Message, target: str) -> bool:
    """Return True if a request may change more than items, messages and objects, whose changes are noted one by one."""
    service, _, action = target.rpartition(".")
    if service.startswith("DynamoDB"):
        return not action.startswith(READS) and action not in OF_ITEMS
    if service == "AmazonSQS":
        return action not in OF_MESSAGES and not action.startswith(READS)
    if target:
        return not action.startswith(READS)
    return scope["method"] not in {"GET", "HEAD", "OPTIONS"} and "/" not in scope["path"].strip("/")


def _after_writing(state: State, send: Send, defines: bool) -> Send:  # noqa: FBT001 - private, and called once
    """Hold an answer back until all that it may tell of is on disk."""

    async def held(message: Message) -> None:
        if message["type"] == "http.response.start":
            if defines:
                state.note_definitions()
            await state.settled()
        await send(message)

    return held


async def _answered(target: str, body: bytes, receive: Receive, answering: Coroutine[Any, Any, None]) -> None:
    """Cancel a long poll whose client has disconnected, so that no message is received for nobody."""
    if not pinned_polls.may_wait(target, body):
        await answering
        return
    answer = asyncio.create_task(answering)
    hang_up = asyncio.create_task(_hung_up(receive))
    await asyncio.wait((answer, hang_up), return_when=asyncio.FIRST_COMPLETED)
    hang_up.cancel()
    if not answer.done():
        answer.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await answer


def _replayed(body: bytes) -> Receive:
    told = [{"type": "http.request", "body": body, "more_body": False}]
    never = asyncio.Event()

    async def replay() -> Message:
        if not told:
            await never.wait()
        return told.pop()

    return replay


async def _whole_body(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


if __name__ == "__main__":
    main(int(sys.argv[1]), keys.read(Path(sys.argv[2])), Path(sys.argv[3]) if len(sys.argv) > 3 else None)
