"""Binds each port to its adapter, which is imported and created on first use.

So a function pays only for what it uses. A new adapter is one line in `ports_on` and one function below it. The
environment and the clock are read in wiring.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from chalicelib import adapters_of_access, adapters_of_feed, adapters_of_mail
from chalicelib.adapter_context import AdapterContext
from chalicelib.lazy_adapter import lazy
from chalicelib.use_cases.ports.bundle import Ports, Settings

if TYPE_CHECKING:
    from chalicelib.store.feed.writer import FeedWriter
    from chalicelib.store.runs.jobs import StoredJobs
    from chalicelib.store.runs.plans import Plans
    from chalicelib.use_cases.ports.archives import Archives
    from chalicelib.use_cases.ports.call_slots import CallSlots
    from chalicelib.use_cases.ports.clock import Live, Outside
    from chalicelib.use_cases.ports.deliveries import Outbox
    from chalicelib.use_cases.ports.freezes import FreezeRecords
    from chalicelib.use_cases.ports.installation import Installation
    from chalicelib.use_cases.ports.locks import Locks, Watermarks
    from chalicelib.use_cases.ports.logs import Logs
    from chalicelib.use_cases.ports.numbers import Numbers
    from chalicelib.use_cases.ports.projects import Definitions, Projects
    from chalicelib.use_cases.ports.releases import (
        Applications,
        Links,
        Namespaces,
        Packages,
        Search,
        Tags,
        UnitHooks,
    )
    from chalicelib.use_cases.ports.runners import Runners
    from chalicelib.use_cases.ports.runs import Queue
    from chalicelib.use_cases.ports.task_templates import TaskTemplates
    from chalicelib.use_cases.ports.trains import Templates, Trains, Variables
    from chalicelib.use_cases.ports.workloads import Workloads

BUCKET = "packages"
LARGEST_DIRECT = 4 * 1024 * 1024
"""Bytes of a package that fit through Lambda; unlimited on one machine."""


def ports_on(context: AdapterContext, settings: Settings) -> Ports:
    """Return all ports for a context."""
    live, queue = lazy(lambda: _live(context)), lazy(lambda: _queue(context))
    writer = lazy(lambda: adapters_of_feed.feed_writer(context, live, queue))
    plans = lazy(lambda: _plans(context))
    shared = _Shared(plans, lazy(lambda: adapters_of_feed.jobs(context, plans)), live, queue, writer)
    return _bound(context, settings, shared)


class _Shared(NamedTuple):
    """What several adapters use."""

    plans: Plans
    jobs: StoredJobs
    live: Live
    queue: Queue
    writer: FeedWriter


def _bound(context: AdapterContext, settings: Settings, shared: _Shared) -> Ports:
    return Ports(
        clock=context.clock, ids=context.ids, settings=settings,
        runs=lazy(lambda: adapters_of_feed.runs(context, shared.plans, shared.writer, shared.jobs)),
        archives=lazy(lambda: _archives(context)), jobs=shared.jobs,
        runners=lazy(lambda: _runners(context)), logs=lazy(lambda: _logs(context)),
        locks=lazy(lambda: _locks(context)),
        watermarks=lazy(lambda: _watermarks(context)), call_slots=lazy(lambda: _call_slots(context)),
        numbers=lazy(lambda: _numbers(context)),
        queue=shared.queue,
        outside=lazy(lambda: _outside(context)),
        mail=lazy(lambda: adapters_of_mail.mail(context)),
        live=shared.live, feed=lazy(lambda: adapters_of_feed.feed(context)),
        viewers=lazy(lambda: adapters_of_access.viewers(context)),
        projects=lazy(lambda: _projects(context)),
        definitions=lazy(lambda: _definitions(context)),
        deployments=lazy(lambda: adapters_of_feed.deployments(context, shared.writer)),
        namespaces=lazy(lambda: _namespaces(context)),
        applications=lazy(lambda: _applications(context)),
        releases=lazy(lambda: adapters_of_feed.releases(context, shared.writer)),
        tags=lazy(lambda: _tags(context)),
        package_records=lazy(lambda: adapters_of_feed.package_records(context, shared.writer)),
        links=lazy(lambda: _links(context)), hooks=lazy(lambda: _hooks(context)),
        search=lazy(lambda: _search(context)),
        packages=lazy(lambda: _packages(context)),
        outbox=lazy(lambda: _outbox(context)), insights=lazy(lambda: adapters_of_feed.insights(context)),
        subscriptions=lazy(lambda: adapters_of_feed.subscriptions(context)),
        trains=lazy(lambda: _trains(context)),
        snapshots=lazy(lambda: adapters_of_feed.snapshots(context, shared.plans, shared.writer)),
        templates=lazy(lambda: _templates(context)),
        variables=lazy(lambda: _variables(context)),
        workloads=lazy(lambda: _workloads(context)), task_templates=lazy(lambda: _task_templates(context)),
        installation=lazy(lambda: _installation(context)), freezes=lazy(lambda: _freezes(context)),
        access=lazy(lambda: adapters_of_access.access(context)),
        issuer=lazy(lambda: adapters_of_access.issuer(context)),
        audits=lazy(lambda: adapters_of_access.audits(context)),
        idempotency=lazy(lambda: adapters_of_access.idempotency(context)),
        secrets=lazy(lambda: adapters_of_access.secrets(context)),
    )  # fmt: skip


def _plans(context: AdapterContext) -> Plans:
    from chalicelib.store.runs.archive.archived_runs import ArchivedRuns
    from chalicelib.store.runs.archive.run_objects import RunObjects
    from chalicelib.store.runs.keys import RUNS
    from chalicelib.store.runs.plans import Plans

    table = context.tables().of(RUNS)
    objects = RunObjects(context.aws(), f"{context.prefix}{BUCKET}")
    return Plans(table, ArchivedRuns(table, objects))


def _archives(context: AdapterContext) -> Archives:
    from chalicelib.store.runs.archives import StoredArchives

    return StoredArchives(aws=context.aws(), bucket=f"{context.prefix}{BUCKET}")


def _runners(context: AdapterContext) -> Runners:
    from chalicelib.store.runs.runners import StoredRunners

    return StoredRunners(context.tables())


def _logs(context: AdapterContext) -> Logs:
    from chalicelib.store.runs.log_archive import LogArchive
    from chalicelib.store.runs.logs import StoredLogs

    archive = LogArchive(context.aws(), f"{context.prefix}{BUCKET}")
    return StoredLogs(context.tables(), archive, context.ids.identifier)


def _locks(context: AdapterContext) -> Locks:
    from chalicelib.store.runs.locks import StoredLocks

    return StoredLocks(context.tables(), context.ids.identifier)


def _watermarks(context: AdapterContext) -> Watermarks:
    from chalicelib.store.runs.watermarks import StoredWatermarks

    return StoredWatermarks(context.tables())


def _call_slots(context: AdapterContext) -> CallSlots:
    from chalicelib.store.runs.call_slots import StoredCallSlots

    return StoredCallSlots(context.tables())


def _numbers(context: AdapterContext) -> Numbers:
    from chalicelib.store.runs.numbers import StoredNumbers

    return StoredNumbers(context.tables())


def _queue(context: AdapterContext) -> Queue:
    from chalicelib.gateways.queues import Queues

    return Queues(context.aws(), context.prefix, context.clock.now, context.process.ring)


def _outside(context: AdapterContext) -> Outside:
    from chalicelib.gateways.outside import HttpOutside

    return HttpOutside(allows_private=context.calls_private)


def _live(context: AdapterContext) -> Live:
    from chalicelib.gateways.live import GatewayLive, ProcessLive

    if context.process.waits:
        return ProcessLive(sockets=context.process.sockets)
    return GatewayLive(context.aws(), adapters_of_access.viewers(context))


def _projects(context: AdapterContext) -> Projects:
    from chalicelib.store.dynamo.records import Recent
    from chalicelib.store.projects.projects import RECENT, StoredProjects

    now = context.clock.now
    return StoredProjects(tables=context.tables(), recent=Recent(now, kept=RECENT), every=Recent(now, kept=RECENT))


def _definitions(context: AdapterContext) -> Definitions:
    from chalicelib.store.dynamo.records import Recent
    from chalicelib.store.projects.definitions import RECENT, StoredDefinitions

    return StoredDefinitions(tables=context.tables(), recent=Recent(context.clock.now, kept=RECENT))


def _namespaces(context: AdapterContext) -> Namespaces:
    from chalicelib.store.dynamo.remembered import WhileUnchanged
    from chalicelib.store.releases.namespaces import StoredNamespaces

    return StoredNamespaces(tables=context.tables(), owners=WhileUnchanged(context.process.remembered))


def _applications(context: AdapterContext) -> Applications:
    from chalicelib.store.releases.applications import StoredApplications

    return StoredApplications(tables=context.tables())


def _tags(context: AdapterContext) -> Tags:
    from chalicelib.store.releases.tags import StoredTags

    return StoredTags(tables=context.tables())


def _links(context: AdapterContext) -> Links:
    from chalicelib.store.releases.links import StoredLinks

    return StoredLinks(tables=context.tables())


def _hooks(context: AdapterContext) -> UnitHooks:
    from chalicelib.store.releases.hooks import StoredHooks

    return StoredHooks(tables=context.tables())


def _search(context: AdapterContext) -> Search:
    from chalicelib.store.releases.search import StoredSearch

    return StoredSearch(tables=context.tables())


def _packages(context: AdapterContext) -> Packages:
    from chalicelib.store.releases.package_objects import S3Packages

    largest = None if context.process.waits else LARGEST_DIRECT
    return S3Packages(aws=context.aws(), bucket=f"{context.prefix}{BUCKET}", largest_direct=largest)


def _outbox(context: AdapterContext) -> Outbox:
    from chalicelib.store.runs.deliveries import StoredOutbox

    return StoredOutbox(tables=context.tables(), identifier=context.ids.identifier)


def _trains(context: AdapterContext) -> Trains:
    from chalicelib.store.trains.trains import StoredTrains

    return StoredTrains(tables=context.tables())


def _templates(context: AdapterContext) -> Templates:
    from chalicelib.store.trains.templates import StoredTemplates

    return StoredTemplates(tables=context.tables())


def _variables(context: AdapterContext) -> Variables:
    from chalicelib.store.trains.variables import StoredVariables

    return StoredVariables(tables=context.tables())


def _workloads(context: AdapterContext) -> Workloads:
    from chalicelib.store.workloads.workloads import StoredWorkloads

    return StoredWorkloads(tables=context.tables(), identifier=context.ids.identifier)


def _task_templates(context: AdapterContext) -> TaskTemplates:
    from chalicelib.store.workloads.task_templates import S3TaskTemplates

    return S3TaskTemplates(aws=context.aws(), bucket=f"{context.prefix}{BUCKET}")


def _freezes(context: AdapterContext) -> FreezeRecords:
    from chalicelib.store.installation.freezes import StoredFreezes

    return StoredFreezes(context.tables(), context.clock.now)


def _installation(context: AdapterContext) -> Installation:
    from chalicelib.store.installation.installation import StoredInstallation

    return StoredInstallation(tables=context.tables())
