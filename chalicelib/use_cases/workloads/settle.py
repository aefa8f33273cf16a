"""Let a workload take its name, once its manifest is known, and begin what it says."""

from dataclasses import replace

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Conflict, Invalid, NotFound
from chalicelib.kernel.workloads.publishing import prefix_defect
from chalicelib.kernel.workloads.transitions import followed_by, kept_by_next, refused, replaced, require_free, settled
from chalicelib.kernel.workloads.workload import Workload, WorkloadPhase
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.workloads.begin import begin_run, is_running, stop_run
from chalicelib.use_cases.workloads.rolling import serves_on, stop_followed
from slipway_formats.frozen import frozen
from slipway_formats.workloads.manifest import Manifest, WorkloadKind


@frozen
class Settlement:
    """What is known of a workload's manifest. commit: at which it was read. notes: what of it does not apply."""

    manifest: Manifest
    commit: str = ""
    notes: tuple[str, ...] = ()


def settle_workload(ports: Ports, workload: Workload, found: Settlement, entry: AuditEntry | None = None) -> Workload:
    """Let the workload take its name from whoever had it, and begin its run; repeating it changes nothing.

    workload: not stored yet, if there is an entry. Faults: Conflict if the name or prefix is in use; Invalid if the
    prefix is the platform's; Stale.
    """
    saved, before = retry_on_conflict(ports, lambda: _settle(ports, workload, found, entry))
    if before is not None:
        _stop_replaced(ports, before, saved)
    if saved.is_current and saved.kind is not WorkloadKind.CRONJOB:
        begin_run(ports, saved, saved.run)
    return saved


def _stop_replaced(ports: Ports, before: Workload, saved: Workload) -> None:
    """Stop what does not serve until the pods of the new workload are ready."""
    why = f"workload {saved.id}, which replaces it"
    # What a cronjob has started are jobs of their own, which its update takes over.
    if saved.follows != before.id and before.kind is not WorkloadKind.CRONJOB:
        stop_run(ports, before.run, why)
    if not saved.follows:
        stop_followed(ports, before, why)


def refuse_workload(ports: Ports, workload_id: str, message: str) -> None:
    """Note why a workload cannot run; one that has its name is not refused any more. Faults: Stale."""

    def refuse() -> None:
        known = ports.workloads.workload(workload_id)
        refusal = refused(known, message[:2000], ports.clock.now())
        if refusal != known:
            ports.workloads.save(refusal)

    retry_on_conflict(ports, refuse)


def _settle(
    ports: Ports, workload: Workload, found: Settlement, entry: AuditEntry | None
) -> tuple[Workload, Workload | None]:
    """Return the workload as it is stored now, and the one that it took its name from."""
    known = ports.workloads.find_workload(workload.id) or workload
    if known.phase is not WorkloadPhase.PENDING:
        return known, None
    if defect := prefix_defect(found.manifest):
        raise Invalid.single("published.prefix", defect)
    holder = ports.workloads.find_named(known.project, known.environment, found.manifest.name)
    now = ports.clock.now()
    fresh = replace(settled(known, found.manifest, found.commit, now), notes=found.notes, updates=holder is not None)
    if fresh.lasts:
        fresh = replace(kept_by_next(fresh, now), follows=followed_by(fresh, holder))
    elif fresh.kind is WorkloadKind.CRONJOB and holder is not None:
        fresh = replace(fresh, jobs=holder.jobs)
    require_free(holder, fresh, is_running=is_running(ports, holder))
    gone = replaced(holder, fresh, now) if holder is not None else None
    return ports.workloads.save(fresh, replaces=gone, entry=entry), holder


def current_workload(ports: Ports, workload_id: str) -> Workload:
    """Return a workload that is not gone, or serves until its update is ready. Faults: Conflict."""
    try:
        workload = ports.workloads.workload(workload_id)
    except NotFound as missing:
        raise Conflict(f"workload {workload_id} is not there any more") from missing
    is_open = workload.phase in (WorkloadPhase.PENDING, WorkloadPhase.CURRENT)
    if not is_open and not serves_on(ports, workload):
        raise Conflict(f"workload {workload_id} is {workload.phase}")
    return workload
