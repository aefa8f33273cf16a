"""Ports on the adapters that stand behind them, each imported and made when it is first used, once.

So a function pays for what it touches alone. A new adapter is one line in `ports_on` and one function below it. The
environment and the clock are not known here: wiring.py reads them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from chalicelib.kernel.frozen import frozen
from chalicelib.use_cases.ports.bundle import Ports, Settings

if TYPE_CHECKING:
    from chalicelib.aws.calls import Aws
    from chalicelib.gateways.live import Sockets
    from chalicelib.store.dynamo.tables import Tables
    from chalicelib.use_cases.ports.access import Access, Audits, Idempotency, Secrets
    from chalicelib.use_cases.ports.clock import Live, Outside, World
    from chalicelib.use_cases.ports.deliveries import OwedBook
    from chalicelib.use_cases.ports.live import Viewers
    from chalicelib.use_cases.ports.projects import Definitions, Deployments, Projects
    from chalicelib.use_cases.ports.releases import Inventory, Packages
    from chalicelib.use_cases.ports.runs import Jobs, Locks, Logs, Numbers, Queue, Runs, Watermarks

Port = TypeVar("Port")
BUCKET = "packages"
LARGEST_DIRECT = 4 * 1024 * 1024
"""Bytes of a package that fit through Lambda; on one machine any do."""


@dataclass(slots=True, kw_only=True)
class Process:
    """What this process has to offer. waits: whether callers may wait here for news, which Lambda does not bear.

    bell: told the name of a queue after something was sent to it. sockets: WebSocket connections that end here.
    """

    waits: bool = False
    bell: Callable[[str], None] | None = None
    sockets: Sockets | None = None

    def ring(self, queue: str) -> None:
        """Tell who listens, if somebody does."""
        if self.bell is not None:
            self.bell(queue)


@frozen
class Ground:
    """What adapters stand on. aws: made when it is first asked for. prefix: of all names there.

    calls_private: whether webhooks may go to addresses of this machine and its networks.
    """

    aws: Callable[[], Aws]
    prefix: str
    world: World
    process: Process = field(default_factory=Process)
    calls_private: bool = False

    def tables(self) -> Tables:
        """The tables of the installation."""
        from chalicelib.store.dynamo.tables import Tables

        return Tables(aws=self.aws(), prefix=self.prefix)


class Later(Generic[Port]):
    """Stands for an adapter until it is first used, then hands everything on to it."""

    def __init__(self, make: Callable[[], Port]) -> None:
        self._make = make
        self._lock = Lock()
        self._made: Port | None = None

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the adapter has
        with self._lock:
            if self._made is None:
                self._made = self._make()
        found = getattr(self._made, name)
        setattr(self, name, found)  # the next use finds it at once
        return found


def later(make: Callable[[], Port]) -> Port:
    """An adapter that is made when it is first used."""
    return cast("Port", Later(make))


def ports_on(ground: Ground, settings: Settings) -> Ports:
    """Everything outside, on this ground."""
    return Ports(
        world=ground.world,
        settings=settings,
        runs=later(lambda: _runs(ground)),
        jobs=later(lambda: _jobs(ground)),
        logs=later(lambda: _logs(ground)),
        locks=later(lambda: _locks(ground)),
        watermarks=later(lambda: _watermarks(ground)),
        numbers=later(lambda: _numbers(ground)),
        queue=later(lambda: _queue(ground)),
        outside=later(lambda: _outside(ground)),
        live=later(lambda: _live(ground)),
        viewers=later(lambda: _viewers(ground)),
        projects=later(lambda: _projects(ground)),
        definitions=later(lambda: _definitions(ground)),
        deployments=later(lambda: _deployments(ground)),
        inventory=later(lambda: _inventory(ground)),
        packages=later(lambda: _packages(ground)),
        owed=later(lambda: _owed(ground)),
        access=later(lambda: _access(ground)),
        audits=later(lambda: _audits(ground)),
        idempotency=later(lambda: _idempotency(ground)),
        secrets=later(lambda: _secrets(ground)),
    )


def _runs(ground: Ground) -> Runs:
    from chalicelib.store.runs.runs import StoredRuns

    return StoredRuns(ground.tables(), ground.world.identifier)


def _jobs(ground: Ground) -> Jobs:
    from chalicelib.store.runs.jobs import StoredJobs

    return StoredJobs(ground.tables(), ground.world.identifier)


def _logs(ground: Ground) -> Logs:
    from chalicelib.store.runs.log_archive import LogArchive
    from chalicelib.store.runs.logs import StoredLogs

    archive = LogArchive(ground.aws(), f"{ground.prefix}{BUCKET}")
    return StoredLogs(ground.tables(), archive, ground.world.identifier)


def _locks(ground: Ground) -> Locks:
    from chalicelib.store.runs.locks import StoredLocks

    return StoredLocks(ground.tables(), ground.world.identifier)


def _watermarks(ground: Ground) -> Watermarks:
    from chalicelib.store.runs.watermarks import StoredWatermarks

    return StoredWatermarks(ground.tables())


def _numbers(ground: Ground) -> Numbers:
    from chalicelib.store.runs.numbers import StoredNumbers

    return StoredNumbers(ground.tables())


def _queue(ground: Ground) -> Queue:
    from chalicelib.gateways.queues import Queues

    return Queues(ground.aws(), ground.prefix, ground.world.now, ground.process.ring)


def _outside(ground: Ground) -> Outside:
    from chalicelib.gateways.outside import HttpOutside

    return HttpOutside(allows_private=ground.calls_private)


def _live(ground: Ground) -> Live:
    from chalicelib.gateways.live import GatewayLive, ProcessLive

    return ProcessLive(sockets=ground.process.sockets) if ground.process.waits else GatewayLive(ground.aws())


def _viewers(ground: Ground) -> Viewers:
    from chalicelib.store.access.viewers import StoredViewers

    return StoredViewers(tables=ground.tables(), world=ground.world)


def _projects(ground: Ground) -> Projects:
    from chalicelib.store.projects.projects import StoredProjects

    return StoredProjects(tables=ground.tables())


def _definitions(ground: Ground) -> Definitions:
    from chalicelib.store.projects.definitions import StoredDefinitions

    return StoredDefinitions(tables=ground.tables())


def _deployments(ground: Ground) -> Deployments:
    from chalicelib.store.projects.deployments import StoredDeployments

    return StoredDeployments(tables=ground.tables())


def _inventory(ground: Ground) -> Inventory:
    from chalicelib.store.releases.inventory import StoredInventory

    return StoredInventory(tables=ground.tables())


def _packages(ground: Ground) -> Packages:
    from chalicelib.store.releases.package_objects import S3Packages

    largest = None if ground.process.waits else LARGEST_DIRECT
    return S3Packages(aws=ground.aws(), bucket=f"{ground.prefix}{BUCKET}", largest_direct=largest)


def _owed(ground: Ground) -> OwedBook:
    from chalicelib.store.runs.deliveries import StoredOwed

    return StoredOwed(tables=ground.tables(), identifier=ground.world.identifier)


def _access(ground: Ground) -> Access:
    from chalicelib.store.access.access import StoredAccess

    return StoredAccess(ground.tables(), ground.world)


def _audits(ground: Ground) -> Audits:
    from chalicelib.store.audit.audits import StoredAudits

    return StoredAudits(tables=ground.tables(), world=ground.world)


def _idempotency(ground: Ground) -> Idempotency:
    from chalicelib.store.access.idempotency import StoredIdempotency

    return StoredIdempotency(tables=ground.tables())


def _secrets(ground: Ground) -> Secrets:
    from chalicelib.gateways.secrets import AwsSecrets

    return AwsSecrets(aws=ground.aws(), prefix=ground.prefix)
