"""The State Service over HTTP: the three calls of remote state. Source: reference/escape.md 5.2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slipway.client import Client, segment
from slipway.client_error import ApiError
from slipway.perform.faults import StatesError
from slipway.perform.state import Node, Place, States
from slipway_formats.override import override


class HttpStates(States):
    """Implement slipway.perform.state.States with a client."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @override
    def load(self, place: Place) -> Mapping[str, Any]:
        try:
            answer = self._client.get(_environment(place), full="true")
        except ApiError as error:
            raise StatesError(f"cannot load the state of {_named(place)}: {error}") from error
        if not isinstance(answer, dict):
            raise StatesError(f"cannot load the state of {_named(place)}: it is no mapping")
        return answer

    @override
    def put(self, place: Place, node: Node) -> None:
        body = {"path": node.path, "root_stage": node.root_stage, "state": dict(node.state)}
        try:
            self._client.put(f"{_environment(place)}deployments/", body, deployment=node.root)
        except ApiError as error:
            raise StatesError(f"cannot save the state of {node.path} in {_named(place)}: {error}") from error

    @override
    def delete(self, place: Place, deployment: str) -> None:
        try:
            self._client.delete(f"{_environment(place)}deployments/", deployment=deployment)
        except ApiError as error:
            raise StatesError(f"cannot forget {deployment} in {_named(place)}: {error}") from error


def _environment(place: Place) -> str:
    return f"/api/v1/state/{segment(place.project)}/environments/{segment(place.environment)}/"


def _named(place: Place) -> str:
    return f"{place.project}/{place.environment}"
