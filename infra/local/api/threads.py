"""Run calls in threads: few per caller, and none while a call waits for an event."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Executor
from contextvars import copy_context
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeVar

from chalicelib.kernel.waiting import SECONDS_LEFT, Suspended
from infra.local.api.gateway import Call

Result = TypeVar("Result")

OF_A_CALLER = 16
"""Threads that one caller may use."""

SHOWN = ("authorization", "x-escape-token", "x-apikey", "cookie", "identity")
ONCE = "idempotency-key"


@dataclass(slots=True)
class _Share:
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(OF_A_CALLER))
    users: int = 0


@dataclass(frozen=True, slots=True)
class Threads:
    """Threads in which calls are answered."""

    executor: Executor
    shares: dict[bytes, _Share] = field(default_factory=dict)

    async def answer(
        self, call: Call, work: Callable[[Call], Result], gone: Callable[[], Awaitable[object]] | None = None
    ) -> Result | None:
        """Return the result of the work, or None when the client disconnected while the call waited.

        gone: completes when the client disconnects.
        """
        # A call with an Idempotency-Key is executed once, so it cannot be started again after a wait.
        may_wait = not any(name == ONCE for name, _ in call.headers)
        loop, deadline = asyncio.get_running_loop(), None
        disconnecting = asyncio.ensure_future(gone()) if gone is not None and may_wait else None
        try:
            while True:
                left = float("inf") if deadline is None else max(0.0, deadline - loop.time())
                try:
                    return await self._run(call, work, left if may_wait else 0.0)
                except Suspended as suspended:
                    deadline = deadline or loop.time() + suspended.longest
                    if await _is_gone(suspended, deadline - loop.time(), disconnecting):
                        return None
        finally:
            if disconnecting is not None:
                disconnecting.cancel()

    async def _run(self, call: Call, work: Callable[[Call], Result], left: float) -> Result:
        async with self._share(_caller(call)):
            context = copy_context()
            context.run(SECONDS_LEFT.set, left)
            return await asyncio.get_running_loop().run_in_executor(self.executor, context.run, work, call)

    @contextlib.asynccontextmanager
    async def _share(self, caller: bytes) -> AsyncIterator[None]:
        share = self.shares.setdefault(caller, _Share())
        share.users += 1
        try:
            async with share.slots:
                yield
        finally:
            share.users -= 1
            if not share.users:
                self.shares.pop(caller, None)


def _caller(call: Call) -> bytes:
    """Identify a caller by its unverified credentials; callers without any share one identity."""
    shown = [f"{name}:{value}" for name, value in call.headers if name in SHOWN]
    return sha256("\n".join(shown).encode("utf-8", "surrogatepass")).digest() if shown else b""


async def _is_gone(suspended: Suspended, seconds: float, disconnecting: "asyncio.Future[object] | None") -> bool:
    """Wait for the event. Return True when the client disconnected first."""
    loop, event = asyncio.get_running_loop(), asyncio.Event()

    def wake() -> None:
        loop.call_soon_threadsafe(event.set)

    cancel = suspended.listen(wake)
    waiting = asyncio.ensure_future(event.wait())
    try:
        watched: set[asyncio.Future[Any]] = {waiting} if disconnecting is None else {waiting, disconnecting}
        await asyncio.wait(watched, timeout=max(0.0, seconds), return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
        cancel()
    return disconnecting is not None and disconnecting.done()
