"""How the removal of projects and environments is asked for and told."""

from chalicelib.dialects.state.words import origin_of
from chalicelib.http.reply import Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.use_cases.removal.project import RemoveEnvironment
from chalicelib.use_cases.removal.removal import Removed


def read_remove_environment(request: Request) -> RemoveEnvironment:
    """Which environment is to go."""
    return RemoveEnvironment(
        origin=origin_of(request), project=request.parameters["project"], name=request.parameters["environment"]
    )


def show_removed(removed: Removed) -> Reply:
    """What was removed, and whether that was all."""
    return json_reply({"removed": dict(removed.counts), "stopping": removed.stopping, "complete": removed.is_complete})
