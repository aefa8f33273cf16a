"""What was done to a deployment: runs of its deployment job, what scripts of snapshots left, what clients wrote."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any

from slipway.cli.places.paths import environment_path, job_path
from slipway.cli.runs.executions import LARGEST, executions, pages
from slipway.client_error import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from slipway.client import Client

MISSING = 404
UNDER_WAY = ("pending", "running")
NOT_BEGUN = datetime.max.replace(tzinfo=UTC)
LONG_AGO = datetime.min.replace(tzinfo=UTC)


def deployment_history(api: Client, place: tuple[str, str, str], limit: int) -> list[dict[str, Any]]:
    """What was done to a deployment, newest first. place: its project, environment and name. Faults: ApiError."""
    runs = _runs(api, place, limit)
    scripts: list[dict[str, Any]] = []
    try:
        found = takewhile(partial(_is_since, _oldest(runs or (), limit)), _by_scripts(api, place, runs))
        scripts = list(islice(found, limit))
    except ApiError as error:
        # Of a deployment job that never ran there is nothing yet.
        if error.status != MISSING or runs is None:
            raise
    return sorted((*(runs or ()), *scripts), key=_began, reverse=True)[:limit]


def _runs(api: Client, place: tuple[str, str, str], limit: int) -> list[dict[str, Any]] | None:
    """The runs of the deployment job; None where there is none of the name."""
    try:
        return executions(api, job_path(*place), limit)
    except ApiError as error:
        if error.status == MISSING:
            return None
        raise


def _by_scripts(
    api: Client, place: tuple[str, str, str], runs: list[dict[str, Any]] | None
) -> Iterator[dict[str, Any]]:
    """Yield what no run of the deployment job has done, as one, newest first."""
    project, environment, deployment = place
    known = {one["id"] for one in runs or ()}
    path = f"{environment_path(project, environment)}deployments/history"
    for change in pages(api, path, LARGEST, deployment=deployment):
        if change["action"] and change["execution_id"] not in known:
            yield _as_run(change)
        elif not change["execution_id"] and not _status(change).startswith(UNDER_WAY):
            # A client writes each step on the way too: only how it ended counts.
            yield _as_written(change)


def last_writer(api: Client, place: tuple[str, str, str]) -> str:
    """Return who changed the deployment last; blank if nobody says."""
    project, environment, deployment = place
    path = f"{environment_path(project, environment)}deployments/history"
    try:
        newest = next(iter(api.get(path, deployment=deployment, page_size="1")), None)
    except ApiError:
        return ""
    return str(newest["by"]) if newest is not None else ""


def _as_written(change: Mapping[str, Any]) -> dict[str, Any]:
    version, status = str(_stage(change).get("version") or ""), _status(change)
    return {
        **_as_run({**change, "execution_id": change["id"], "action": "state"}),
        "version": version,
        "status": status,
    }


def _stage(change: Mapping[str, Any]) -> Mapping[str, Any]:
    stages = (change.get("deployment") or {}).get("stages") or {}
    found: Mapping[str, Any] = stages.get("deploy") or stages.get("build") or {}
    return found


def _status(change: Mapping[str, Any]) -> str:
    if change.get("deployment") is None:
        return "deleted"
    status = _stage(change).get("status")
    word = status.get("status") if status else ""
    return str(word or ("ok" if _stage(change).get("version") else "empty"))


def _as_run(change: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": change["execution_id"],
        "run_nr": None,
        "action": change["action"],
        "release_id": change["release_id"],
        "status": "ok" if change["went_well"] else "failed",
        "reason": "",
        "started_at": change["at"],
        "finished_at": change["at"],
        "started_by": change["by"],
    }


def _oldest(runs: Sequence[Mapping[str, Any]], limit: int) -> datetime:
    """When the last run that is shown began: what is older is not looked for."""
    return min(map(_began, runs)) if len(runs) == limit else LONG_AGO


def _is_since(oldest: datetime, one: Mapping[str, Any]) -> bool:
    return _began(one) >= oldest


def _began(one: Mapping[str, Any]) -> datetime:
    from slipway.cli.show.times import instant

    return instant(one.get("started_at")) or NOT_BEGUN
