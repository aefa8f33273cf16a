"""What the audit log says of versions that workflow requests have built for trains: which snapshot carries each."""

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.trains.train import Train
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.trains import SNAPSHOT

BY = Principal(name="the build")
GAVE = "gave-built-version"


def giving_origin(ports: Ports, run: str) -> Origin:
    """Return where the request for the snapshot comes from: the same whenever the run's end is heard of."""
    return Origin(by=BY, at=ports.clock.now(), seed=f"built-version/{run}")


def given_entry(origin: Origin, train: Train, *, snapshot: int | None, why_not: str = "") -> AuditEntry:
    """Return the audit entry of a version that was given to a train, or why it was not."""
    action = AuditAction(
        act=GAVE,
        subject=f"{train.project}/{train.application}/{train.number}",
        key="train",
        project=train.project,
        notes=why_not,
        details={SNAPSHOT: str(snapshot)} if snapshot is not None else {},
    )
    return entry_of(origin, action)


def find_given(ports: Ports, run: str) -> AuditEntry | None:
    """Return the audit entry of what a run has built, once it was given to a train or refused."""
    entry = entry_of(giving_origin(ports, run), AuditAction(act=GAVE, subject="", key="train"))
    return ports.audits.entries([entry.id]).get(entry.id)


def given_snapshot(ports: Ports, run: str) -> int | None:
    """Return the id of the snapshot that carries what a run has built, if there is one."""
    known = find_given(ports, run)
    return int(known.details[SNAPSHOT]) if known is not None and SNAPSHOT in known.details else None
