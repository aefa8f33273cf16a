"""What Escape's CLI asks of remote state, in its order: a build with one dependency, a deployment, and a destruction.

Made after the reference's account of the wire: every change of state is a PUT of the node that changed, by its path; a
PUT of the root carries all below it; the build's dependency lives in the root's stage `build`.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

ROOT, DEPENDENCY = "demo/rs", "demo/lib"
AT = "2026-06-01T12:00:00.123456789Z"


class Put(NamedTuple):
    """One PUT: the node's path, the stage of the root in which its child lives, and the node's state."""

    path: str
    root_stage: str
    state: dict[str, Any]


def build() -> Iterator[Put]:
    """The 16 PUTs of `run release -r` of a release with one dependency: eight each."""
    below = f"{ROOT}:{DEPENDENCY}"
    dependency: dict[str, Any] = {}
    for dependency in _steps(DEPENDENCY, "deploy", version="0.3"):
        yield Put(below, "build", dependency)
    for root in _steps(ROOT, "build", version="0.1.0"):
        yield Put(ROOT, "", _with(root, "build", {DEPENDENCY: dependency}))


def deploy() -> Iterator[Put]:
    """The eight PUTs of `run deploy -r`: the root's alone, with all that the build left."""
    *_, built = build()
    for root in _steps(ROOT, "deploy", version="0.1.0"):
        stages = {**built.state["stages"], **root["stages"]}
        yield Put(ROOT, "", {**root, "stages": stages})


def _steps(name: str, stage: str, *, version: str) -> Iterator[dict[str, Any]]:
    """The states of one node, from the first step to the end."""
    inputs, outputs = {"port": 80}, {"url": f"http://{name}"}
    codes = ("running_pre_step", "running_pre_step", "running_main_step", "running_post_step")
    for number, code in enumerate((*codes, "running_test_step", "running_test_step", "ok", "ok")):
        held: dict[str, Any] = {"version": version, "inputs": inputs}
        held |= {"calculated_inputs": inputs} if number > 0 else {}
        held |= {"calculated_outputs": outputs, "provides": ["site"]} if number > 2 else {}
        held["status"] = {"status": code, "updated_at": AT, "updated_by": ""}
        yield {"name": name, "release": name, "inputs": {}, "stages": {stage: held}}


def _with(state: dict[str, Any], stage: str, below: dict[str, Any]) -> dict[str, Any]:
    return {**state, "stages": {stage: {**state["stages"][stage], "deployments": below}}}
