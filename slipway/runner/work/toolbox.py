"""Tools of builds and deployments: the inventory and the state API over HTTP, with the job's own token."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from slipway.client import Client, Manners
from slipway.inventory import HttpInventory
from slipway.perform.build import Site
from slipway.perform.downloads import fetch_url
from slipway.perform.earlier import Attempt
from slipway.perform.faults import StageCancelledError
from slipway.perform.state import Place
from slipway.perform.unit import Toolbox
from slipway.plan.cache import PackageCache
from slipway.plan.fetch import Fetcher
from slipway.runner.workspace import Workspace
from slipway.states import HttpStates
from slipway.transfer import Progress

PACKAGES = ".packages"
_PATIENCE = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTools:
    """The tools, and the environment whose state is recorded."""

    toolbox: Toolbox
    site: Site


@contextmanager
def job_tools(workspace: Workspace, token: str) -> Iterator[JobTools]:
    """Open the tools of a job. If its lease is lost, they make no further calls."""
    job = workspace.job
    with Client(workspace.api, token, Manners(patience=_PATIENCE)) as client:
        workspace.held.on_lost.append(client.cut)
        if workspace.held.lost.is_set():
            client.cut("the lease of the job is lost")
        cache = PackageCache(folder=workspace.settings.work / PACKAGES)
        inventory = HttpInventory(client, project=job.project, run=job.run, progress=_stopping(workspace), cache=cache)
        toolbox = Toolbox(
            fetcher=Fetcher(inventory=inventory, cache=cache), shell=workspace.shell, log=workspace.log,
            environment=workspace.environment, fetch_url=partial(fetch_url, progress=_stopping(workspace)),
        )  # fmt: skip
        place = Place(project=job.project, environment=job.environment)
        is_first = job.attempt == 1 and workspace.held.lease.number == 1
        site = Site(
            place=place, states=HttpStates(client), clock=_now, user=job.started_by or workspace.settings.name,
            attempt=Attempt(run=job.run, is_first=is_first),
        )  # fmt: skip
        yield JobTools(toolbox=toolbox, site=site)


def _stopping(workspace: Workspace) -> Progress:
    """A progress callback that aborts a transfer when the job must stop."""

    def look(_: int, __: int) -> None:
        if workspace.held.stop.is_set():
            raise StageCancelledError("stopped")

    return look


def _now() -> datetime:
    return datetime.now(UTC)
