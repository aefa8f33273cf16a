"""A viewer who does not read costs the platform little, and not for long."""

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from infra.local.api.sockets import CONNECT, LARGEST_QUEUE, LONGEST_QUEUE, Live, Sockets


@pytest.mark.parametrize(("count", "size"), [(LONGEST_QUEUE + 2, 1), (6, LARGEST_QUEUE // 4)])
def test_who_does_not_read_is_dropped(count: int, size: int) -> None:
    live = Live()

    async def serve(threads: ThreadPoolExecutor) -> None:
        served = asyncio.create_task(
            Sockets(handlers={CONNECT: lambda *_: {"statusCode": 200}}, live=live, threads=threads).serve(
                {"query_string": b"", "headers": []}, _silent(), _blocked
            )
        )
        while not live.connections or live.loop is None:
            await asyncio.sleep(0.01)
        (name,) = live.connections
        await asyncio.sleep(0.1)
        for _ in range(count):
            live.send(name, "x" * size)
        await asyncio.wait_for(served, 10)

    with ThreadPoolExecutor(1) as threads:
        asyncio.run(serve(threads))

    assert live.connections == {}


def _silent() -> Any:  # noqa: ANN401 - as ASGI has it
    messages = iter([{"type": "websocket.connect"}])

    async def receive() -> dict[str, Any]:
        with contextlib.suppress(StopIteration):
            return next(messages)
        await asyncio.Event().wait()
        raise AssertionError

    return receive


async def _blocked(message: Any) -> None:  # noqa: ANN401 - as ASGI has it
    if message["type"] == "websocket.send":
        await asyncio.Event().wait()
