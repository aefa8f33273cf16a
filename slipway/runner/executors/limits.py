"""Limits of a pod's processes: memory by rlimit, processors by affinity. Each process of a pod has them for itself."""

from __future__ import annotations

import os
import shutil
from decimal import Decimal

from slipway_formats.workloads.manifest import Manifest
from slipway_formats.workloads.quantity import whole_of

# The data of a process is what it has allocated: its address space is far more, also where it uses little.
_LIMITED = 'ulimit -d "$1" || exit 125; shift; exec "$@"'


def limited(words: tuple[str, ...], manifest: Manifest, place: int = 0) -> tuple[str, ...]:
    """Return the command that runs these words within the manifest's limits. place: of the pod among its replicas."""
    if manifest.memory_limit:
        words = ("sh", "-c", _LIMITED, "sh", str(-(-whole_of(manifest.memory_limit) // 1024)), *words)
    processors = _processors(manifest, place)
    return ("taskset", "-c", ",".join(map(str, processors)), *words) if processors else words


def _processors(manifest: Manifest, place: int) -> list[int]:
    """Return on which processors a pod may run; none for all. Pods of a workload begin at different ones."""
    if not manifest.cpu_limit or shutil.which("taskset") is None or not hasattr(os, "sched_getaffinity"):
        return []
    allowed = sorted(os.sched_getaffinity(0))
    most = -(-whole_of(manifest.cpu_limit, Decimal("0.001")) // 1000)
    return [allowed[(place * most + number) % len(allowed)] for number in range(most)] if most < len(allowed) else []
