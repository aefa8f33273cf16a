"""All ports in one bundle. They are defined by noun in the modules beside it; wiring fills them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from slipway_formats.frozen import frozen

if TYPE_CHECKING:  # a function imports the ports that it uses: all of them cost 25 ms
    from chalicelib.use_cases.ports.access import Access, Audits, Idempotency, Secrets
    from chalicelib.use_cases.ports.archives import Archives
    from chalicelib.use_cases.ports.call_slots import CallSlots
    from chalicelib.use_cases.ports.clock import Clock, Ids, Live, Outside
    from chalicelib.use_cases.ports.deliveries import Outbox
    from chalicelib.use_cases.ports.feed import Feed
    from chalicelib.use_cases.ports.freezes import FreezeRecords
    from chalicelib.use_cases.ports.insights import Insights
    from chalicelib.use_cases.ports.installation import Installation
    from chalicelib.use_cases.ports.issuer import Issuer
    from chalicelib.use_cases.ports.live import Viewers
    from chalicelib.use_cases.ports.locks import Locks, Watermarks
    from chalicelib.use_cases.ports.logs import Logs
    from chalicelib.use_cases.ports.mail import Mail
    from chalicelib.use_cases.ports.numbers import Numbers
    from chalicelib.use_cases.ports.projects import Definitions, Deployments, Projects
    from chalicelib.use_cases.ports.releases import (
        Applications,
        Links,
        Namespaces,
        PackageRecords,
        Packages,
        Releases,
        Search,
        Tags,
        UnitHooks,
    )
    from chalicelib.use_cases.ports.runners import Runners
    from chalicelib.use_cases.ports.runs import Jobs, Queue, Runs
    from chalicelib.use_cases.ports.subscriptions import SubscriptionRecords
    from chalicelib.use_cases.ports.task_templates import TaskTemplates
    from chalicelib.use_cases.ports.trains import Snapshots, Templates, Trains, Variables
    from chalicelib.use_cases.ports.workloads import Workloads


USUAL_LOG_PACE = 0.2


@frozen
class Settings:
    """Settings of an installation. public_url: the URL that clients use, without a trailing slash.

    live_url: where WebSockets are opened.

    sweep_ahead: how far a sweep looks ahead; more than the interval of sweeps, so that a gate opens to the second.

    timezone: IANA name of the zone in which times without a zone are meant.

    executor: by which workloads run in a pool of which no runner has spoken yet; blank if they do not.

    trusts_identity_header: whoever can reach the platform may say by a header who they are. identity_secret: who sends
    it beside that header may, too; empty for nobody.

    opens_deploy_reads: whoever can reach the platform may read through the Deploy API, as its original lets them.

    pool_projects: the only projects whose jobs a pool does; a pool that is not named does jobs of all.

    keep_runs: how long an ended run stays in the tables before it is archived; None for ever.

    idle_pause: seconds after which an idle runner asks for work again; None for what is left of its own wait.

    log_pace: seconds between two pieces of a log that nobody watches.

    hash_cost: of the hash of a new password, as scrypt counts it; what is kept says its own.

    production: patterns of the names of environments that are production. fresh_login: how long after a login one may
    let something in there by the console; zero for as long as the session lasts.
    """

    public_url: str = "http://127.0.0.1:8000"
    live_url: str = "ws://127.0.0.1:8000/live"
    trusts_identity_header: bool = False
    identity_secret: str = field(default="", repr=False)
    opens_deploy_reads: bool = False
    sweep_ahead: timedelta = timedelta(seconds=90)
    timezone: str = "UTC"
    executor: str = ""
    pool_projects: Mapping[str, frozenset[str]] = field(default_factory=dict)
    idle_pause: float | None = None
    keep_runs: timedelta | None = None
    production: tuple[str, ...] = ("prod*",)
    fresh_login: timedelta = timedelta(hours=1)
    log_pace: float = USUAL_LOG_PACE
    hash_cost: int = 2**14

    def pool_defect(self, pool: str, project: str) -> str:
        """Return why the pool does no jobs of the project; blank if it does."""
        allowed = self.pool_projects.get(pool)
        return "" if allowed is None or project in allowed else f"pool {pool} does no jobs of project {project}"


@dataclass(frozen=True, kw_only=True)
class Ports:
    """All ports."""

    clock: Clock
    ids: Ids
    settings: Settings
    runs: Runs
    archives: Archives
    jobs: Jobs
    runners: Runners
    logs: Logs
    locks: Locks
    watermarks: Watermarks
    call_slots: CallSlots
    numbers: Numbers
    queue: Queue
    outside: Outside
    mail: Mail
    live: Live
    feed: Feed
    viewers: Viewers
    projects: Projects
    definitions: Definitions
    deployments: Deployments
    namespaces: Namespaces
    applications: Applications
    releases: Releases
    tags: Tags
    package_records: PackageRecords
    links: Links
    hooks: UnitHooks
    search: Search
    packages: Packages
    outbox: Outbox
    trains: Trains
    snapshots: Snapshots
    templates: Templates
    variables: Variables
    workloads: Workloads
    task_templates: TaskTemplates
    installation: Installation
    freezes: FreezeRecords
    subscriptions: SubscriptionRecords
    insights: Insights
    access: Access
    issuer: Issuer
    audits: Audits
    idempotency: Idempotency
    secrets: Secrets
