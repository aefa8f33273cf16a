"""Binds the feed, and the ports whose changes are written with it, to their adapters."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.adapter_context import AdapterContext
    from chalicelib.store.feed.writer import FeedWriter
    from chalicelib.store.runs.jobs import StoredJobs
    from chalicelib.store.runs.plans import Plans
    from chalicelib.use_cases.ports.clock import Live
    from chalicelib.use_cases.ports.feed import Feed
    from chalicelib.use_cases.ports.insights import Insights
    from chalicelib.use_cases.ports.projects import Deployments
    from chalicelib.use_cases.ports.releases import PackageRecords, Releases
    from chalicelib.use_cases.ports.runs import Queue, Runs
    from chalicelib.use_cases.ports.subscriptions import SubscriptionRecords
    from chalicelib.use_cases.ports.trains import Snapshots


def feed_writer(context: AdapterContext, live: Live, queue: Queue) -> FeedWriter:
    """Return what writes the feed, notifies those of this process who wait for it, and has webhooks called."""
    from chalicelib.kernel.faults import Fault
    from chalicelib.store.feed.writer import FeedWriter
    from chalicelib.use_cases.ports.feed import topic_of

    def notify(project: str) -> None:
        for topic in (topic_of(project), topic_of("")):
            live.push(topic, {})

    def call(number: int) -> None:
        # What is lost is found by the sweep.
        with suppress(Fault):
            queue.enqueue_dispatch(number)

    return FeedWriter(tables=context.tables(), notify=notify, call=call)


def feed(context: AdapterContext) -> Feed:
    """Return the adapter of the port Feed."""
    from chalicelib.store.feed.feed import StoredFeed

    return StoredFeed(tables=context.tables(), now=context.clock.now)


def subscriptions(context: AdapterContext) -> SubscriptionRecords:
    """Return the adapter of the port SubscriptionRecords."""
    from chalicelib.store.subscriptions.subscriptions import StoredSubscriptions

    return StoredSubscriptions(tables=context.tables(), identifier=context.ids.identifier)


def insights(context: AdapterContext) -> Insights:
    """Return the adapter of the port Insights."""
    from chalicelib.store.insights.insights import StoredInsights

    return StoredInsights(tables=context.tables(), identifier=context.ids.identifier)


def jobs(context: AdapterContext, plans: Plans) -> StoredJobs:
    """Return the adapter of the port Jobs, which is written with runs too."""
    from chalicelib.store.runs.jobs import StoredJobs

    process = context.process
    return StoredJobs(
        context.tables(),
        context.ids.identifier,
        plans.archived,
        remembered=process.remembered,
        shards=process.pool_shards,
    )


def runs(context: AdapterContext, plans: Plans, writer: FeedWriter, jobs: StoredJobs) -> Runs:
    """Return the adapter of the port Runs."""
    from chalicelib.store.dynamo.records import Recent
    from chalicelib.store.runs.runs import MOST_PROJECTS, RECENT, StoredRuns

    return StoredRuns(
        context.tables(),
        context.ids.identifier,
        plans,
        remembered=context.process.remembered,
        feed=writer,
        recent=Recent(context.clock.now, kept=RECENT, most=MOST_PROJECTS),
        jobs=jobs,
    )


def deployments(context: AdapterContext, writer: FeedWriter) -> Deployments:
    """Return the adapter of the port Deployments."""
    from chalicelib.kernel.projects.cell import Cell
    from chalicelib.store.dynamo.remembered import WhileUnchanged
    from chalicelib.store.projects.cells import MOST_KNOWN
    from chalicelib.store.projects.deployments import StoredDeployments

    known: WhileUnchanged[Sequence[Cell]] = WhileUnchanged(MOST_KNOWN if context.process.is_alone else 0, len)
    return StoredDeployments(tables=context.tables(), feed=writer, known=known)


def releases(context: AdapterContext, writer: FeedWriter) -> Releases:
    """Return the adapter of the port Releases."""
    from chalicelib.store.dynamo.remembered import WhileSame
    from chalicelib.store.releases.releases import MOST_LISTED, StoredReleases

    # Where another process answers the next request, what one remembers is of little use, and the mark costs a read.
    lists = WhileSame[str](MOST_LISTED if context.process.is_alone else 0)
    return StoredReleases(tables=context.tables(), feed=writer, lists=lists)


def package_records(context: AdapterContext, writer: FeedWriter) -> PackageRecords:
    """Return the adapter of the port PackageRecords."""
    from chalicelib.store.releases.packages import StoredPackageRecords

    return StoredPackageRecords(tables=context.tables(), feed=writer)


def snapshots(context: AdapterContext, plans: Plans, writer: FeedWriter) -> Snapshots:
    """Return the adapter of the port Snapshots."""
    from chalicelib.store.dynamo.records import LastSaved
    from chalicelib.store.trains.snapshots import StoredSnapshots

    return StoredSnapshots(
        tables=context.tables(),
        identifier=context.ids.identifier,
        plans=plans,
        feed=writer,
        last=LastSaved(context.process.remembered),
    )
