"""The AWS emulator (`python -m infra.local.emulator.server`): ministack behind uvicorn, persisted by snapshots.

`admission` says who may speak to it.
A forked child writes each snapshot, so serving goes on meanwhile. Where snapshots lie is `snapshots`;
what is inside ministack is `pinned`.
"""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import uvicorn

from chalicelib.aws.endpoint import Keys
from infra.local import open_files
from infra.local.emulator import clean_stop, keys, pinned, pinned_calls, pinned_query, snapshots
from infra.local.emulator.admission import Admission, own_origins
from infra.local.emulator.pinned_calls import DirectCalls

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Coroutine[Any, Any, None]]

logger = logging.getLogger("emulator")

# Two snapshots begin at least this far apart: a write is in a snapshot after this and twice the time of writing one.
PACE = 0.5
LONGEST_SNAPSHOT = 15.0
READS = ("Get", "Query", "Scan", "BatchGet", "TransactGet", "Describe", "List")


@dataclass(slots=True, kw_only=True)
class EmulatorServer:
    """ministack as an ASGI application that takes a snapshot after writes."""

    ministack: ModuleType
    direct: DirectCalls
    folder: Path | None
    restored: Callable[[], None]
    number: int = 0
    written: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answers as ministack does, and notes writes."""
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
            return
        target = _target(scope)
        if target.endswith(".ReceiveMessage"):
            await _until_hung_up(self.ministack.app, scope, receive, send)
            return
        if self.direct.takes(scope, target):
            await self.direct.answer(scope, target, await _whole_body(receive), send)
        else:
            await self.ministack.app(scope, receive, send)
        if _writes(scope["method"], target):
            self.written.set()

    async def _live(self, scope: Message, receive: Receive, send: Send) -> None:
        async def when_started(message: Message) -> None:
            self.restored()
            pinned.forbid_own_save(self.ministack)
            await send(message)

        snapping = asyncio.create_task(self._snap_when_written()) if self.folder else None
        await self.ministack.app(scope, receive, when_started)
        if snapping:
            snapping.cancel()

    async def _snap_when_written(self) -> None:
        while True:
            await self.written.wait()
            self.written.clear()
            begun = time.monotonic()
            if not await self._snap():
                self.written.set()
            await asyncio.sleep(max(0.05, begun + PACE - time.monotonic()))

    async def _snap(self) -> bool:
        self.number += 1
        child = os.fork()
        if child == 0:
            _write_and_exit(self)
        return await _ended_well(child)

    def save(self, *, without: tuple[str, ...]) -> None:
        """Write a snapshot of the present state."""
        if self.folder:
            snapshots.write(self.folder / "snapshots", self.number, pinned.state_files(self.ministack, without))


def main(port: int, key: Keys, folder: Path | None) -> None:
    """Serves on loopback until told to stop; then all state, queues too, is on disk and the stop is a clean one.

    key: with which requests must be signed.
    """
    # ministack verifies presigned addresses once more, with the key in its environment.
    os.environ.update(keys.as_environment(key))
    clean = clean_stop.begin(folder) if folder else True
    _settle_files(folder)
    ministack = pinned.load()
    pinned.parse_once(pinned.dynamodb())
    pinned_query.read_by_page(pinned.dynamodb())
    pinned.receive_in_turn(pinned.queues())
    server = EmulatorServer(
        ministack=ministack,
        direct=pinned_calls.direct_calls(ministack, pinned.dynamodb(), pinned.queues()),
        folder=folder,
        restored=pinned.restore_without(ministack, () if clean else (pinned.QUEUES,)),
        number=snapshots.next_number(folder / "snapshots") if folder else 0,
    )
    gc.freeze()
    _serve(Admission(app=server, keys=key, origins=_origins(port)), port)
    if folder:
        server.number += 1
        server.save(without=())
        clean_stop.end(folder)


def _settle_files(folder: Path | None) -> None:
    open_files.raise_limit()
    if folder:
        snapshots.clear_unfinished(folder / "snapshots")
        newest = snapshots.newest_whole(folder / "snapshots")
        os.environ["STATE_DIR"] = str(newest or folder / "nothing")


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


def _writes(method: str, target: str) -> bool:
    """Return True if a request may have changed what a snapshot holds; queues are not in it."""
    if not target:
        return method not in {"GET", "HEAD", "OPTIONS"}
    service, _, action = target.rpartition(".")
    return service != "AmazonSQS" and not action.startswith(READS)


async def _until_hung_up(app: Application, scope: Message, receive: Receive, send: Send) -> None:
    """Cancel a long poll whose client has disconnected, so that no message is received for nobody."""
    body = await _whole_body(receive)
    told = [{"type": "http.request", "body": body, "more_body": False}]
    never = asyncio.Event()

    async def replay() -> Message:
        if not told:
            await never.wait()
        return told.pop()

    answer = asyncio.create_task(app(scope, replay, send))
    hang_up = asyncio.create_task(_hung_up(receive))
    await asyncio.wait((answer, hang_up), return_when=asyncio.FIRST_COMPLETED)
    hang_up.cancel()
    if not answer.done():
        answer.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await answer


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


def _write_and_exit(server: EmulatorServer) -> None:
    """Write a snapshot in the forked child and exit. It keeps no socket, so that its parent's end frees the ports."""
    code = 1
    try:
        gc.disable()
        os.closerange(3, 65_536)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        pinned.share_instead_of_copying()
        server.save(without=(pinned.QUEUES,))
        code = 0
    except Exception:
        logger.exception("a snapshot could not be written")
    finally:
        os._exit(code)


async def _ended_well(child: int) -> bool:
    for _ in range(int(LONGEST_SNAPSHOT / 0.02)):
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status == 0
        await asyncio.sleep(0.02)
    # Another thread may have held a lock when the child was forked; then it waits for ever.
    logger.error("a snapshot took more than %s s and was given up", LONGEST_SNAPSHOT)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


if __name__ == "__main__":
    main(int(sys.argv[1]), keys.read(Path(sys.argv[2])), Path(sys.argv[3]) if len(sys.argv) > 3 else None)
