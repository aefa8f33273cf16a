"""Check large packages after their upload, one process at a time: what is damaged is taken from its release."""

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Invalid, NotFound, Stale
from chalicelib.kernel.releases.delivery import (
    LONGEST_CHECK,
    MOST_CHECKS,
    PackageCheck,
    PendingDelivery,
    pending_notice,
    taken,
)
from chalicelib.kernel.releases.release import Package
from chalicelib.use_cases.enqueue_delivery import enqueue_delivery
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.releases.check_package import check_stored
from slipway_formats.release_id import of_version


def attempt_check(ports: Ports, delivery_id: str) -> None:
    """Check a package if that is due and no other process does it; its notice follows, or its refusal."""
    now, delivery = ports.clock.now(), ports.outbox.find(delivery_id)
    if delivery is None or delivery.due_at > now or not isinstance(delivery.what, PackageCheck):
        return None
    found = ports.releases.find_release(delivery.what.notice.release)
    package = found.package if found is not None else None
    if found is None or package is None or package.object != delivery.what.object:
        return _end(ports, delivery, found.refused if found is not None else "")
    if not package.is_checking:
        return _notify(ports, delivery, delivery.what)
    if delivery.attempts >= MOST_CHECKS:
        return _refuse(ports, delivery, package, "it could not be read to its end: upload it again")
    return _check(ports, delivery, package)


def _check(ports: Ports, delivery: PendingDelivery, package: Package) -> None:
    try:
        claimed = ports.outbox.save(taken(delivery, ports.clock.now(), LONGEST_CHECK))
    except Stale:
        return None
    check = _check_in(claimed)
    try:
        check_stored(ports, check.notice.release, package)
    except (Invalid, NotFound) as fault:
        return _refuse(ports, claimed, package, fault.message)
    ports.package_records.pass_check(check.notice.release, package)
    return _notify(ports, claimed, check)


def _notify(ports: Ports, delivery: PendingDelivery, check: PackageCheck) -> None:
    following = pending_notice(check.object, check.notice, ports.clock.now())
    ports.outbox.settle(delivery.id, (following,))
    enqueue_delivery(ports, following)


def _refuse(ports: Ports, delivery: PendingDelivery, package: Package, why: str) -> None:
    ports.package_records.refuse_package(_check_in(delivery).notice.release, package, why)
    _end(ports, delivery, why)


def _end(ports: Ports, delivery: PendingDelivery, why: str) -> None:
    """Remove the package that no release has, and its check."""
    check = _check_in(delivery)
    key = check.notice.release
    ports.packages.remove(check.object)
    entry = AuditEntry(
        id=f"{delivery.id}/package-refused",
        at=ports.clock.now(),
        by="slipway",
        act="package-refused",
        subject=of_version(key.namespace, key.application, key.version),
        project=check.notice.project,
        notes=why or "its release is gone, or has another package",
    )
    ports.outbox.give_up(delivery.id, entry)


def _check_in(delivery: PendingDelivery) -> PackageCheck:
    if not isinstance(delivery.what, PackageCheck):
        raise TypeError(f"{delivery.id} is no check")
    return delivery.what
