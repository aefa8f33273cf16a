"""Names and labels of what the executor makes in a cluster: they say whose it is, so that who comes later finds it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from slipway.runner.executors.port import Task
from slipway_formats.workloads.manifest import LASTING

DOMAIN = "slipway.dev"
MANAGED_BY = {"app.kubernetes.io/managed-by": "slipway"}
POOL, DEFINITION, WORKLOAD = f"{DOMAIN}/pool", f"{DOMAIN}/definition", f"{DOMAIN}/workload"
RUN, ATTEMPT, LASTS = f"{DOMAIN}/run", f"{DOMAIN}/attempt", f"{DOMAIN}/lasts"
HELD_UNTIL = f"{DOMAIN}/held-until"
"""An annotation: until when a runner has said that it holds an object. What nobody holds any more is an orphan."""

HOLD = timedelta(minutes=5)
LONGEST = 63
_LABEL = re.compile(r"([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?", re.ASCII)
_DIGITS = 8


def digest(*parts: str) -> str:
    """Return a few characters that stand for the parts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:_DIGITS]


def named(name: str, *parts: str) -> str:
    """Return a name of an object: short enough for labels, and another one for other parts."""
    return f"{name[: LONGEST - _DIGITS - 1].rstrip('-')}-{digest(*parts)}"


def namespace_of(namespace: str) -> str:
    """Return what a namespace is called in a cluster: itself, or where that cannot be, with a digest behind it."""
    plain = re.sub(r"[^a-z0-9-]", "-", namespace.lower()).strip("-")
    return plain if plain == namespace else named(plain or "x", namespace)


def service_name(name: str) -> str:
    """Return what a workload's Service is called; its name begins with a letter, unlike others."""
    return name if name[0].isalpha() else named(f"s-{name}", name)


def label_value(text: str) -> str:
    """Return a text as the value of a label."""
    if len(text) <= LONGEST and _LABEL.fullmatch(text):
        return text
    plain = re.sub(r"[^A-Za-z0-9._-]", "-", text).strip("-._")
    return f"{plain[: LONGEST - _DIGITS - 1]}.{digest(text)}".lstrip(".")


def labels_of(task: Task) -> dict[str, str]:
    """Return the labels of whatever belongs to a workload, the manifest's own among them."""
    ours = {POOL: task.pool, DEFINITION: task.manifest.name, WORKLOAD: task.workload}
    lasts = {LASTS: str(task.manifest.kind in LASTING).lower()}
    return {**task.manifest.labels, **MANAGED_BY, **lasts, **{key: label_value(text) for key, text in ours.items()}}


def labels_of_run(task: Task) -> dict[str, str]:
    """Return the labels of what belongs to one attempt of one run."""
    return {**labels_of(task), RUN: label_value(task.run), ATTEMPT: str(task.attempt)}


def selector_of(labels: Mapping[str, str]) -> str:
    """Return labels as a query selects by them."""
    return ",".join(f"{key}={value}" for key, value in sorted(labels.items()))


def own_selector(pool: str) -> dict[str, str]:
    """Return the labels of all that the runners of a pool have made."""
    return {**MANAGED_BY, POOL: label_value(pool)}


def held(now: datetime, until: timedelta = HOLD) -> dict[str, str]:
    """Return the annotation that says until when an object is held."""
    return {HELD_UNTIL: (now + until).isoformat(timespec="milliseconds")}
