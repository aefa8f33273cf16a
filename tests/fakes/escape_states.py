"""A State Service in memory: what slipway.perform.state.States asks for, keeping environments as JSON."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from slipway.perform.faults import StatesError
from slipway.perform.state import Node, Place, States


@dataclass(slots=True)
class MemoryStates(States):
    """Environments by place. puts: every put, in order, as path, stage of the root, and state."""

    environments: dict[Place, dict[str, Any]] = field(default_factory=dict)
    puts: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    broken: bool = False

    def load(self, place: Place) -> Mapping[str, Any]:
        return copy.deepcopy(self.environments.get(place, {}))

    def put(self, place: Place, node: Node) -> None:
        if self.broken:
            raise StatesError("the state service is away")
        state = json.loads(json.dumps(node.state))
        self.puts.append((node.path, node.root_stage, state))
        roots = self.environments.setdefault(place, {"name": place.environment}).setdefault("deployments", {})
        root, *below = node.path.split(":")
        assert root == node.root
        holder, stage = roots, node.root_stage
        for name in below:
            parent = holder.setdefault(root, {"name": root})
            holder = parent.setdefault("stages", {}).setdefault(stage, {}).setdefault("deployments", {})
            root, stage = name, "deploy"
        holder[root] = state

    def delete(self, place: Place, deployment: str) -> None:
        del self.environments[place]["deployments"][deployment]

    def stage(self, place: Place, path: str, stage: str = "deploy", root_stage: str = "deploy") -> dict[str, Any]:
        """What is kept of a stage of the deployment at a path."""
        root, *below = path.split(":")
        node = self.environments[place]["deployments"][root]
        for depth, name in enumerate(below):
            node = node["stages"][root_stage if depth == 0 else "deploy"]["deployments"][name]
        found: dict[str, Any] = node["stages"][stage]
        return found
