"""Eight clients at once on one unit, by HTTP: each registers the version that it was told is next, and reads."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException
from threading import Lock
from typing import Any

from tests.bench.budgets import Key
from tests.bench.figures import Figure, Measured
from tests.bench.platform import Platform

CLIENTS = 8
RELEASES = 25
"""Of each client."""

LOST = (400, 409)
"""What who comes second at a version is told; reference/escape.md 1.4."""

UNIT = "/api/v1/inventory/crowd/units/app"


@dataclass(slots=True, kw_only=True)
class Crowd:
    """What its clients were answered: requests, races lost, and what failed for a reason of ours."""

    platform: Platform
    asked: int = 0
    lost: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)

    def client(self, _: int) -> None:
        """Registers its releases."""
        for _ in range(RELEASES):
            while (version := self._registered()) is None:
                pass
            for path in (f"v{version}/", "latest/", f"v{version}/diff/", f"v{version}/previous/", "?page_size=20"):
                self._ask("GET", f"{UNIT}/versions/{path}")

    def _registered(self) -> str | None:
        """The version that was registered; nothing when another client was first."""
        status, content = self._ask("GET", f"{UNIT}/next-version?prefix=1.")
        if status != 200:
            return None
        version = content.decode()
        metadata = {"name": "app", "version": version, "project": "crowd", "description": version}
        status, _ = self._ask("POST", "/api/v1/inventory/crowd/register", metadata, may_lose=True)
        return version if status == 200 else None

    def _ask(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, may_lose: bool = False
    ) -> tuple[int, bytes]:
        try:
            status, content = self.platform.answered(method, path, body)
        except (OSError, HTTPException) as error:
            status, content = 0, repr(error).encode()
        is_lost = may_lose and status in LOST and (b"already exists" in content)
        with self.lock:
            self.asked += 1
            self.lost += is_lost
            if status != 200 and not is_lost:
                self.failed[f"{status} {method} {path.partition('?')[0].rpartition('/')[2]}: {content[:80]!r}"] += 1
        return status, content


def crowd(platform: Platform) -> Iterator[tuple[Key, Figure]]:
    """How many requests failed. Nothing counts unless every release of every client is listed after it."""
    platform.ask("POST", "/api/v1/inventory/crowd/register", {"name": "app", "version": "1.0", "project": "crowd"})
    seen, begun = Crowd(platform=platform), time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(seen.client, range(CLIENTS)))
    taken = time.perf_counter() - begun
    listed = platform.ask("GET", f"{UNIT}/versions/")
    if listed != [f"1.{number}" for number in reversed(range(CLIENTS * RELEASES + 1))]:
        raise AssertionError(f"{len(listed)} versions are listed, not those that were registered")
    note = f"of {seen.asked}, {seen.asked / taken:.0f} a second; {seen.lost} came second at a version and were told so"
    worst = "".join(f"; {count} times {what}" for what, count in seen.failed.most_common(3))
    yield Key.PARALLEL, Measured(value=seen.failed.total(), note=note + worst)
