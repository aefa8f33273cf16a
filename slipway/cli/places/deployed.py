"""What is deployed, by the states of an environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def deployed_in(environment: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the deployments of an environment that are there, by name.

    Left out is what was destroyed, and the account that a build keeps of what it built.
    """
    return {name: one for name, one in (environment.get("deployments") or {}).items() if _is_there(one)}


def _is_there(deployment: Mapping[str, Any]) -> bool:
    stage = (deployment.get("stages") or {}).get("deploy") or {}
    status = (stage.get("status") or {}).get("status") or "empty"
    return bool(stage.get("version")) or status != "empty"
