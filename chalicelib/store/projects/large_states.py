"""Store states that do not fit into an item: compressed, in parts, once for each content.

A part's key names the digest of the whole, so that parts are written before what refers to them, and a state that comes
again in the history is stored once. They lie in a partition of their deployment, and go with its history.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from pynamodb.expressions.operand import Path

from chalicelib.kernel.projects.deployment import Deployment, DeploymentState
from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.packing import packed, unpacked
from chalicelib.store.dynamo.tables import Reading, Table
from chalicelib.store.projects.keys import parts_partition
from slipway_formats.frozen import frozen

DIGEST, PART = "state_digest", "part"
"""Attributes: of an item, the digest of the state that is stored elsewhere; of a part, its bytes."""

PART_SIZE = 350_000
PAGE = 100


@frozen
class LargeState:
    """A state that is stored in parts. digest: of `content`, which is packed."""

    digest: str
    content: bytes


def large_state(state: DeploymentState) -> LargeState:
    """Return the state to store in parts."""
    content = packed(DeploymentState, state)
    return LargeState(digest=sha256(content).hexdigest(), content=content)


def attributes_of(state: LargeState | None) -> Mapping[str, Any]:
    """Return the attributes of an item whose state is stored elsewhere."""
    return {} if state is None else {DIGEST: state.digest}


def write_parts(table: Table, deployment: Deployment, state: LargeState) -> None:
    """Write the parts of a state of the deployment. Writing them again changes nothing."""
    partition, content = parts_partition(deployment), state.content
    starts = range(0, len(content), PART_SIZE)
    table.write_many(
        [
            {"pk": partition, "sk": f"{state.digest}#{number:04d}", PART: content[start : start + PART_SIZE]}
            for number, start in enumerate(starts)
        ]
    )


def read_state(table: Table, deployment: Deployment, item: Item) -> DeploymentState | None:
    """Return the state that the item refers to; None if it refers to none."""
    digest = item.get(DIGEST)
    if digest is None:
        return None
    mine = (Path("pk") == parts_partition(deployment)) & Path("sk").startswith(f"{digest}#")
    return unpacked(DeploymentState, b"".join(part[PART] for part in table.every(mine, Reading(consistent=True))))


def remove_parts(table: Table, deployment: Deployment) -> None:
    """Delete all parts of states of the deployment; idempotent."""
    for keys in _pages(table, deployment):
        table.write_many(removed=keys)


def _pages(table: Table, deployment: Deployment) -> Iterator[list[Key]]:
    mine, reading = Path("pk") == parts_partition(deployment), Reading(consistent=True, limit=PAGE)
    while items := table.query(mine, reading).items:
        yield [Key(str(item["pk"]), str(item["sk"])) for item in items]
