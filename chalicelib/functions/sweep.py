"""The Lambda that runs every minute: sends ticks to what is due soon, and seals the audit log."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from chalicelib import wiring
from chalicelib.functions.worker import attempt
from chalicelib.use_cases.ports import Ports
from chalicelib.use_cases.ports_runs import SHARDS
from chalicelib.use_cases.seal_audit import seal_audit
from chalicelib.use_cases.sweep import sweep_shard


def handle(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Sweep and seal."""
    return sweep(wiring.ports())


def sweep(ports: Ports) -> dict[str, Any]:
    """Sweep all shards in parallel; seal once a minute, however often sweeps come."""
    with ThreadPoolExecutor(max_workers=SHARDS) as pool:
        done = list(pool.map(partial(_swept, ports), range(SHARDS)))
    now = ports.world.now()
    sealed = now.second == 0 and attempt(lambda: seal_audit(ports, now), part="seal")
    return {"swept": sum(done), "sealed": sealed}


def _swept(ports: Ports, shard: int) -> bool:
    return attempt(lambda: sweep_shard(ports, shard, ports.settings.sweep_ahead), shard=str(shard))
