"""How large the state of a deployment may be."""

import json

from chalicelib.kernel.codec import encode
from chalicelib.kernel.faults import TooLarge
from chalicelib.kernel.projects.deployment import DeploymentState, StateCode

LARGEST_STATE = 5 * 1024**2
"""Bytes of a root deployment with all nested in it, as JSON."""

LARGEST_FIRST = 3_000_000
"""Bytes when a change begins: what scripts then put out must fit as well, or what they did could not be recorded."""

BEGINNING = frozenset({StateCode.PENDING, StateCode.RUNNING_PRE_STEP})


def require_size(root: DeploymentState, place: str, *, begins: bool = False) -> None:
    """Refuse a state that is too large. place: names it. begins: a change of the deployment does. Faults: TooLarge."""
    text = json.dumps(encode(DeploymentState, root), ensure_ascii=False, separators=(",", ":"))
    size, most = len(text.encode()), LARGEST_FIRST if begins else LARGEST_STATE
    if size > most:
        when = "before a change " if begins else ""
        raise TooLarge(f"deployment {root.name} in {place} has {size} bytes of state, {when}at most {most} are taken")


def begins_change(state: DeploymentState) -> bool:
    """Whether the state is the first that is written of a change."""
    return any(stage.status is not None and stage.status.code in BEGINNING for stage in state.stages.values())
