"""What builds and deployments are performed with: the inventory and the state over HTTP, by the job's own token."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from slipway.client import Client, Manners
from slipway.inventory import HttpInventory
from slipway.perform.build import Site
from slipway.perform.downloads import fetch_url
from slipway.perform.faults import StageCancelledError
from slipway.perform.state import Place
from slipway.perform.unit import Bench
from slipway.plan.cache import PackageCache
from slipway.plan.fetch import Fetcher
from slipway.runner.workspace import Bay
from slipway.states import HttpStates
from slipway.transfer import Progress

PACKAGES = ".packages"
_PATIENCE = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outfit:
    """A bench, and the site whose state is kept account of."""

    bench: Bench
    site: Site


@contextmanager
def outfit(bay: Bay, token: str) -> Iterator[Outfit]:
    """What to work with while the block runs; when the lease is lost, it asks nothing more."""
    job = bay.job
    with Client(bay.api, token, Manners(patience=_PATIENCE)) as client:
        bay.held.on_lost.append(client.cut)
        if bay.held.lost.is_set():
            client.cut("the lease of the job is lost")
        cache = PackageCache(folder=bay.settings.work / PACKAGES)
        inventory = HttpInventory(client, project=job.project, run=job.run, progress=_stopping(bay), cache=cache)
        bench = Bench(
            fetcher=Fetcher(inventory=inventory, cache=cache), shell=bay.shell, log=bay.log,
            environment=bay.environment, fetch_url=fetch_url,
        )  # fmt: skip
        place = Place(project=job.project, environment=job.environment)
        site = Site(place=place, states=HttpStates(client), clock=_now, user=job.started_by or bay.settings.name)
        yield Outfit(bench=bench, site=site)


def _stopping(bay: Bay) -> Progress:
    """A progress that breaks off a long transfer when the job is to stop."""

    def look(_: int, __: int) -> None:
        if bay.held.stop.is_set():
            raise StageCancelledError("stopped")

    return look


def _now() -> datetime:
    return datetime.now(UTC)
