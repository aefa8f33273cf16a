"""Show change sets."""

from typing import cast

from chalicelib.http.reply import Json
from chalicelib.kernel.changes.change_set import ChangeSet, Commit, DeploymentChange
from chalicelib.kernel.changes.steps import StepChange
from chalicelib.kernel.changes.values import ValueChange


def shown_changes(changes: ChangeSet, digest: str) -> Json:
    """Return a change set as JSON. digest: of all of it, which may be more than is shown."""
    return {
        "digest": digest,
        "deployments": [shown_deployment_change(one) for one in changes.deployments],
        "steps": [_shown_step(one) for one in changes.steps],
        "since": changes.since or None,
    }


def shown_deployment_change(one: DeploymentChange) -> Json:
    """Return what is done to a deployment as JSON."""
    between = one.between
    return {
        "project": one.project,
        "environment": one.environment,
        "deployment": one.deployment,
        "action": one.action.value,
        "application": one.application,
        "old": one.old or None,
        "new": one.new or None,
        "reason": one.reason,
        "inputs": [_shown_value(value) for value in one.inputs],
        "providers": [_shown_value(value) for value in one.providers],
        "commits": [_shown_commit(commit) for commit in between.commits] if between is not None else None,
        "files": [{"path": file.path, "kind": file.kind.value} for file in between.files] if between else None,
        "back": between is not None and between.is_back,
        "cut": between is not None and between.is_cut,
    }


def _shown_value(one: ValueChange) -> Json:
    # Inputs are JSON as they came.
    old, new = cast("Json", one.old), cast("Json", one.new)
    return {"name": one.name, "kind": one.kind.value, "secret": one.is_secret, "old": old, "new": new}


def _shown_commit(one: Commit) -> Json:
    return {
        "version": one.version,
        "revision": one.revision,
        "branch": one.branch,
        "message": one.message,
        "author": one.author,
        "by": one.by,
        "at": one.at.isoformat(),
    }


def _shown_step(one: StepChange) -> Json:
    return {
        "name": one.name,
        "does": one.does,
        "change": one.kind.value if one.kind is not None else None,
        "fields": list(one.fields),
    }
