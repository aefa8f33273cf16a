"""Runs calls in threads: few of any one caller at once, and none while a call waits for news."""

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
"""Threads that one caller may occupy."""

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
        """What the work says to the call; nothing when the caller left while it waited. gone: ends when they leave."""
        # What is done under a key of the caller's is done once, and cannot be begun again after a wait.
        may_wait = not any(name == ONCE for name, _ in call.headers)
        loop, deadline = asyncio.get_running_loop(), None
        leaving = asyncio.ensure_future(gone()) if gone is not None and may_wait else None
        try:
            while True:
                left = float("inf") if deadline is None else max(0.0, deadline - loop.time())
                try:
                    return await self._run(call, work, left if may_wait else 0.0)
                except Suspended as suspended:
                    deadline = deadline or loop.time() + suspended.longest
                    if await _is_gone(suspended, deadline - loop.time(), leaving):
                        return None
        finally:
            if leaving is not None:
                leaving.cancel()

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
    """By what a caller is known here: all that they show, unproven; those who show nothing are one."""
    shown = [f"{name}:{value}" for name, value in call.headers if name in SHOWN]
    return sha256("\n".join(shown).encode("utf-8", "surrogatepass")).digest() if shown else b""


async def _is_gone(suspended: Suspended, seconds: float, leaving: "asyncio.Future[object] | None") -> bool:
    """Wait for the news; whether the caller left before it came."""
    loop, news = asyncio.get_running_loop(), asyncio.Event()

    def wake() -> None:
        loop.call_soon_threadsafe(news.set)

    cancel = suspended.listen(wake)
    waiting = asyncio.ensure_future(news.wait())
    try:
        watched: set[asyncio.Future[Any]] = {waiting} if leaving is None else {waiting, leaving}
        await asyncio.wait(watched, timeout=max(0.0, seconds), return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
        cancel()
    return leaving is not None and leaving.done()
