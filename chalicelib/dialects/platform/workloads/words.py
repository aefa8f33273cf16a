"""Read what runners ask and report about jobs of workloads, and show the answers."""

from datetime import datetime
from typing import cast

from chalicelib.dialects.platform.jobs.words import read_held
from chalicelib.dialects.platform.workloads import shapes
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.workloads.pods import Pod, PodPhase
from chalicelib.use_cases.jobs.workload_jobs import Assignment, ReportPods, SettleJob
from chalicelib.use_cases.workloads.services import FindService, ServiceEndpoint
from slipway_formats.workloads.manifest_writer import written_manifest


def read_settle(request: Request) -> SettleJob:
    """Read which job asks, and the manifest that its runner has read."""
    body = request.body(shapes.SettleBody)
    return SettleJob(held=read_held(request, body), manifest=body.manifest, commit=body.commit, notes=tuple(body.notes))


def read_pods(request: Request) -> ReportPods:
    """Read the pods of a job."""
    body = request.body(shapes.PodsBody)
    return ReportPods(held=read_held(request, body), number=body.report, pods=tuple(_pod(one) for one in body.pods))


def _pod(body: shapes.PodBody) -> Pod:
    return Pod(
        name=body.name,
        phase=PodPhase(body.phase),
        started_at=_instant(body.started_at),
        restarts=body.restarts,
        exit_code=body.exit_code,
        ready=body.ready,
        address=body.address,
        image=body.image,
        node=body.node,
        reason=body.reason,
    )


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def read_service(request: Request) -> FindService:
    """Read for which path the caller looks for a service."""
    return FindService(path=request.query.text("path") or "", by=request.asker)


def read_open_service(request: Request) -> FindService:
    """Read for which path anybody looks for a service that needs no login."""
    return FindService(path=request.query.text("path") or "")


def show_service(endpoint: ServiceEndpoint) -> Reply:
    """Show where a service answers."""
    published = endpoint.published
    return json_reply(
        {
            "workload": endpoint.workload,
            "prefix": published.prefix,
            "rewrite": published.rewrite or "/",
            "timeout_ms": published.timeout_ms,
            "sticky_sessions": published.sticky_sessions,
            "addresses": list(endpoint.addresses),
        }
    )


def show_assignment(assignment: Assignment) -> Reply:
    """Show what the job does."""
    return json_reply(
        {
            "workload": assignment.workload.id,
            "namespace": assignment.workload.namespace,
            "duty": assignment.duty.value,
            "manifest": cast("Json", written_manifest(assignment.manifest)),
            "secrets": dict(assignment.secrets),
        }
    )


def show_noted(is_noted: bool) -> Reply:  # noqa: FBT001 - an answer
    """Show whether the report is the newest."""
    return json_reply({"noted": is_noted})
