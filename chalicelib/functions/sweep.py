"""The Lambda that runs every minute: has what is due soon looked at or performed, and seals the audit log."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib import wiring
from chalicelib.functions.worker import attempt
from chalicelib.use_cases.ports import Ports
from chalicelib.use_cases.ports_runs import SHARDS
from chalicelib.use_cases.seal_audit import seal_audit
from chalicelib.use_cases.sweep import sweep_owed, sweep_shard


@dataclass(slots=True)
class Minutes:
    """Which minute was the last, in this process. Another process may count the same one: sealing twice is no harm."""

    last: datetime | None = None

    def is_new(self, now: datetime) -> bool:
        """Whether this is another minute than when it was asked before."""
        before, self.last = self.last, now.replace(second=0, microsecond=0)
        return self.last != before


MINUTES = Minutes()


def handle(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Sweep and seal."""
    return sweep(wiring.ports(), MINUTES)


def sweep(ports: Ports, minutes: Minutes | None = None) -> dict[str, Any]:
    """Sweep all shards in parallel; seal once a minute, however often sweeps come and at whichever second.

    minutes: those in which sweeps came before; nothing when none did.
    """
    with ThreadPoolExecutor(max_workers=SHARDS) as pool:
        done = list(pool.map(partial(_swept, ports), range(SHARDS)))
    owed = attempt(lambda: sweep_owed(ports, ports.settings.sweep_ahead), part="owed")
    now = ports.world.now()
    sealed = (minutes or Minutes()).is_new(now) and attempt(lambda: seal_audit(ports, now), part="seal")
    return {"swept": sum(done), "owed": owed, "sealed": sealed}


def _swept(ports: Ports, shard: int) -> bool:
    return attempt(lambda: sweep_shard(ports, shard, ports.settings.sweep_ahead), shard=str(shard))
