"""Delete workloads: their pods stop, their ports close, their names and prefixes are free."""

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.workloads.transitions import deleted
from chalicelib.kernel.workloads.workload import Workload, titled
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.workloads.begin import stop_run
from chalicelib.use_cases.workloads.in_state import record_deleted
from chalicelib.use_cases.workloads.rolling import stop_followed
from slipway_formats.frozen import frozen
from slipway_formats.workloads.manifest import WorkloadKind


@frozen
class RemoveWorkload:
    """Delete the workload of this kind and name in an environment of a project, in which the caller may write.

    id: of the one that is meant, and of none that has its name now; empty for whichever has it.
    """

    origin: Origin
    project: str
    environment: str
    kind: WorkloadKind
    name: str
    id: str = ""


def remove_workload(ports: Ports, command: RemoveWorkload) -> Workload:
    """Delete the workload, stop its run, and return it; jobs that a cronjob started keep running.

    Faults: NotFound; Conflict for a deployment that belongs to a service; Stale.
    """
    gone = retry_on_conflict(ports, lambda: _delete(ports, command), since=command.origin.at)
    if gone.kind is not WorkloadKind.CRONJOB:
        why = f"{command.origin.by.name}, who deleted {gone.kind} {gone.name}"
        stop_run(ports, gone.run, why)
        stop_followed(ports, gone, why)
    if gone.lasts:
        record_deleted(ports, gone, command.origin.by.name)
    return gone


def _delete(ports: Ports, command: RemoveWorkload) -> Workload:
    found = ports.workloads.find_named(command.project, command.environment, command.name)
    entry = _entry(command, found)
    if (before := _done_before(ports, entry)) is not None:
        return before
    if found is None or found.kind is not command.kind:
        if found is not None and (found.kind, command.kind) == (WorkloadKind.SERVICE, WorkloadKind.DEPLOYMENT):
            raise Conflict(f"deployment {command.name} belongs to service {command.name}: delete that")
        raise NotFound(f"no {command.kind} {command.name[:100]}")
    if command.id not in ("", found.id):
        raise Conflict(f"{titled(found)} is another one: it was deployed since")
    return ports.workloads.save(deleted(found, ports.clock.now()), entry=entry)


def _done_before(ports: Ports, entry: AuditEntry) -> Workload | None:
    """Return what this very request deleted before, as its audit entry says."""
    known = ports.audits.entries([entry.id]).get(entry.id)
    return None if known is None else ports.workloads.find_workload(known.details.get("workload", ""))


def _entry(command: RemoveWorkload, found: Workload | None) -> AuditEntry:
    subject = f"{command.environment}/{command.name}"
    details = {"workload": found.id} if found is not None else {}
    action = AuditAction(act=f"deleted-{command.kind}", subject=subject, project=command.project, details=details)
    return entry_of(command.origin, action)
