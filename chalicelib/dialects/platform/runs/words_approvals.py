"""Read requests about what waits for people across runs, and show it."""

from collections.abc import Sequence

from chalicelib.dialects.platform.changes.words import shown_changes
from chalicelib.dialects.platform.runs import shapes_approvals
from chalicelib.dialects.platform.runs.words import DECISIONS
from chalicelib.dialects.platform.runs.words_list import shown_awaited, shown_summary
from chalicelib.http.refuse import STATUSES
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.engine.run import Results
from chalicelib.kernel.projects.cell import Cell
from chalicelib.kernel.releases.release import Release
from chalicelib.use_cases.overview.approvals import (
    ApprovalOf,
    Decided,
    DecideMany,
    ListApprovals,
    PendingApproval,
    PendingApprovals,
)
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.runs.decide import DecideNode
from slipway_formats.release_id import of_version


def read_approvals(request: Request) -> ListApprovals:
    """Read whose approvals to list. Faults: Invalid."""
    size = request.query.whole("page_size", default=10, least=1, most=100)
    return ListApprovals(
        by=request.asker,
        mine=request.query.flag("mine"),
        whole=request.query.flag("whole"),
        project=request.query.text("project") or "",
        page=Page(size=size, after=request.query.text("page_from") or None),
    )


def read_approval(request: Request) -> ApprovalOf:
    """Read which approval is wanted. Faults: Invalid."""
    number = request.query.text("execution")
    return ApprovalOf(
        by=request.asker,
        run=request.parameters["run"],
        node=request.parameters["node"],
        execution=request.query.whole("execution", default=1, least=1, most=10**6) if number else None,
    )


def read_decisions(request: Request) -> DecideMany:
    """Read several decisions."""
    body = request.body(shapes_approvals.DecisionsBody)
    decisions = (
        DecideNode(
            run=one.run,
            kind=DECISIONS[one.decision],
            by=request.asker,
            node=one.node,
            execution=one.execution,
            notes=one.notes,
            changes=one.digest,
        )
        for one in body.decisions
    )
    return DecideMany(decisions=tuple(decisions))


def show_approvals(found: PendingApprovals) -> Reply:
    """Show a page of what waits."""
    return json_reply({"items": [_shown(one) for one in found.approvals], "next": found.after})


def show_approval(one: PendingApproval) -> Reply:
    """Show what waits at a node."""
    return json_reply(_shown(one))


def show_decided(decided: Sequence[Decided]) -> Reply:
    """Show what became of each decision."""
    return json_reply({"items": [_shown_decided(one) for one in decided]})


def _shown(one: PendingApproval) -> Json:
    return {
        **shown_awaited(one.awaited),
        "run": shown_summary(one.run),
        "tests": [_shown_results(results) for results in one.results],
        "releases": [_shown_release(release) for release in one.releases],
        "there": [_shown_there(cell) for cell in one.there],
        "changes": shown_changes(one.changes, one.digest),
    }


def _shown_results(results: Results) -> Json:
    return {
        "stage": results.stage,
        "name": results.name,
        "at": results.at.isoformat(),
        "passed": results.passed,
        "failed": results.failed,
        "skipped": results.skipped,
    }


def _shown_release(release: Release) -> Json:
    metadata = release.metadata
    return {
        "id": of_version(release.namespace, metadata.name, metadata.version),
        "by": release.by,
        "at": release.at.isoformat(),
        "branch": metadata.branch,
        "revision": metadata.git_revision,
        "message": metadata.revision_message,
        "author": metadata.revision_author,
        "yanked": release.yanked is not None,
    }


def _shown_there(cell: Cell) -> Json:
    return {
        "deployment": cell.deployment,
        "application": cell.application,
        "version": cell.version or None,
        "since": cell.since.isoformat(),
        "by": cell.by,
    }


def _shown_decided(one: Decided) -> Json:
    return {
        "run": one.decision.run,
        "node": one.decision.node if isinstance(one.decision, DecideNode) else "",
        "status": STATUSES[type(one.fault)] if one.fault is not None else 200,
        "phase": one.phase.value if one.phase is not None else None,
        "message": one.fault.message if one.fault is not None else "",
    }
