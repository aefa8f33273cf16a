"""Read of which environments the history or the difference is wanted, and show it."""

from chalicelib.dialects.platform.changes.words import shown_deployment_change
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.projects.deployment import running_version
from chalicelib.use_cases.overview.environment_diff import CompareEnvironments, EnvironmentDiff, Moment
from chalicelib.use_cases.overview.environment_history import EnvironmentHistory, PastChange, PastChanges
from chalicelib.use_cases.ports.runs import Page


def read_history(request: Request) -> EnvironmentHistory:
    """Read which page of which history is wanted. Faults: Invalid."""
    size = request.query.whole("page_size", default=50, least=1, most=200)
    return EnvironmentHistory(
        project=request.parameters["project"],
        environment=request.parameters["environment"],
        page=Page(size=size, after=request.query.text("page_from") or None),
    )


def read_diff(request: Request) -> CompareEnvironments:
    """Read what is compared: two environments, or one at two instants. Faults: Invalid."""
    query = request.query
    old = query.needed("old")
    return CompareEnvironments(
        by=request.asker,
        project=request.parameters["project"],
        old=Moment(environment=old, at=query.instant("old_at")),
        new=Moment(environment=query.text("new") or old, at=query.instant("new_at")),
    )


def show_history(found: PastChanges) -> Reply:
    """Show a page of a history."""
    return json_reply({"items": [_shown(one) for one in found.changes], "next": found.after})


def show_diff(diff: EnvironmentDiff) -> Reply:
    """Show what differs."""
    return json_reply(
        {"deployments": [shown_deployment_change(one) for one in diff.differing], "same": list(diff.same)}
    )


def _shown(one: PastChange) -> Json:
    change = one.change
    return {
        "at": change.at.isoformat(),
        "deployment": one.deployment,
        "action": change.action.value if change.action is not None else None,
        "went_well": change.went_well,
        "release": change.release or (change.state.release if change.state is not None else "") or None,
        "version": running_version(change.state),
        "by": change.by,
        "run": change.run or None,
    }
