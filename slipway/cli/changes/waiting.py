"""What waits at a node of a run, as the API shows it, with its change set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slipway.client_error import ApiError

if TYPE_CHECKING:
    from slipway.client import Client

NOT_FOUND = 404


def waiting_at(api: Client, run: str, node: str, execution: int | None = None) -> dict[str, Any] | None:
    """Return what waits at a node; None if nothing does. Faults: ApiError."""
    from slipway.client import segment

    query = {"execution": str(execution)} if execution is not None else {}
    try:
        found: dict[str, Any] = api.get(f"/api/v1/runs/{segment(run)}/approvals/{segment(node)}", **query)
    except ApiError as error:
        if error.status == NOT_FOUND:
            return None
        raise
    return found
