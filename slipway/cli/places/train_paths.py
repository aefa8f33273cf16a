"""Trains and snapshots as people name them, and their paths in the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode
from slipway.cli.show.nearest import did_you_mean

if TYPE_CHECKING:
    from slipway.client import Client

TRAINS = "/api/v1/trains"
SNAPSHOTS = "/api/v1/snapshots"
LATEST = "latest"


def train_path(train: int) -> str:
    """Return the path of a train."""
    return f"{TRAINS}/{train}"


def snapshots_path(train: int) -> str:
    """Return the path of a train's snapshots."""
    return f"{train_path(train)}/snapshots"


def application_in(reference: str) -> dict[str, str]:
    """Return the application that PROJECT or PROJECT/APPLICATION names, as the API takes it."""
    project, _, application = reference.partition("/")
    return {"project": project, "application": application.strip("/") or project}


def train_name(train: Mapping[str, Any]) -> str:
    """Return a train's name: PROJECT/NUMBER, with the application between where it has another name."""
    project, application = train["project"], train["application"]
    return f"{project}/{train['number']}" if application == project else f"{project}/{application}/{train['number']}"


def find_train(api: Client, reference: str) -> dict[str, Any]:
    """Return a train by its id, PROJECT/NUMBER, or PROJECT/APPLICATION/NUMBER. Faults: CommandError.

    PROJECT, or PROJECT/APPLICATION/, stands for what holds the snapshots of no train there.
    """
    if reference.isdecimal():
        found: dict[str, Any] = api.get(train_path(int(reference)))
        return found
    project, _, rest = reference.partition("/")
    application, _, number = rest.rpartition("/")
    if not project:
        raise CommandError(f"{reference} is no train", "name it by id, or as PROJECT/NUMBER", code=ExitCode.USAGE)
    application = application or project
    if not number:
        page = api.get(TRAINS, project=project, application=application, unplanned="true")
        return _only(page["items"], f"{reference} has no snapshots without a train", "name a train as PROJECT/NUMBER")
    page = api.get(TRAINS, project=project, application=application, number=number)
    if not page["items"]:
        raise CommandError(f"no train {reference}", _meant(api, project, reference), code=ExitCode.NOT_FOUND)
    return dict(page["items"][0])


def find_snapshot(api: Client, train: int, number: str) -> dict[str, Any]:
    """Return a snapshot of a train by its number; `latest` for the latest one. Faults: CommandError."""
    if number == LATEST:
        head = api.get(train_path(train))["latest"]
        missing = f"train {train} has no open snapshot"
        return api.get(f"{snapshots_path(train)}/{_only([head] if head else [], missing)['id']}")  # type: ignore[no-any-return]
    page = api.get(snapshots_path(train), number=number)
    return _only(page["items"], f"no snapshot {number} in train {train}", "see `slipway snapshot list`")


def _meant(api: Client, project: str, reference: str) -> str:
    known = [train_name(one) for one in api.get(TRAINS, project=project, page_size="200")["items"]]
    return did_you_mean(reference, known) or "see `slipway train list`"


def _only(found: list[dict[str, Any]], missing: str, hint: str = "") -> dict[str, Any]:
    if not found:
        raise CommandError(missing, hint, code=ExitCode.NOT_FOUND)
    return found[0]
