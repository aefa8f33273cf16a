"""The outbox of webhook deliveries: attempts, back-off and giving up.

An upload stores a notice; processing the notice stores one call for each hook. Both stay in the outbox until they are
delivered, and are retried when due. Stored by: store/runs/deliveries.py; performed by: use_cases/releases/deliver.py.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from chalicelib.kernel.releases.release import ReleaseKey
from slipway_formats.frozen import frozen

LONGEST_TRYING = timedelta(minutes=15)
LONGEST_ATTEMPT = timedelta(seconds=30)
"""After this time an attempt is presumed crashed, and the delivery is due again."""

LONGEST_CHECK = timedelta(minutes=16)
"""Likewise of the check of a package, for which a Lambda function has 15 minutes."""

MOST_CHECKS = 3
MOST_ATTEMPTS = 20
"""More attempts than fit into LONGEST_TRYING: reached only if attempts crash the process."""

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=5)
MOST_DOUBLINGS = 6
ID_LENGTH = 32


@frozen
class UploadNotice:
    """A release's package was uploaded. by: the user. project: owner of the namespace at that time."""

    release: ReleaseKey
    project: str
    by: str


@frozen
class HookCall:
    """A call to one hook of an application, or of a namespace when `application` is empty.

    body: JSON, as sent. project: whose audit log records the call.
    """

    namespace: str
    application: str
    kind: str
    body: str
    project: str


@frozen
class PackageCheck:
    """A package is to be read to its end. object: where it is kept. notice: what follows if it is taken."""

    object: str
    notice: UploadNotice

    @property
    def project(self) -> str:
        """The project of the release."""
        return self.notice.project


@frozen
class PendingDelivery:
    """A notice or call to deliver. since: when created. due_at: when to try next. attempts: made so far."""

    id: str
    what: UploadNotice | HookCall | PackageCheck
    since: datetime
    due_at: datetime
    attempts: int = 0
    version: int = 0


def pending_notice(package: str, notice: UploadNotice, at: datetime) -> PendingDelivery:
    """Create the delivery of a notice. package: object name of the upload, unique; the id derives from it."""
    return PendingDelivery(id=_id("notice", package), what=notice, since=at, due_at=at)


def pending_check(package: str, notice: UploadNotice, at: datetime) -> PendingDelivery:
    """Create the check of a package. package: object name of the upload, unique; the id derives from it."""
    check = PackageCheck(object=package, notice=notice)
    return PendingDelivery(id=_id("check", package), what=check, since=at, due_at=at)


def pending_call(notice: PendingDelivery, call: HookCall, at: datetime) -> PendingDelivery:
    """Create the delivery of a call that follows from a notice. The id derives from both."""
    name = _id(notice.id, call.namespace, call.application, call.kind)
    return PendingDelivery(id=name, what=call, since=at, due_at=at)


def taken(owed: PendingDelivery, now: datetime, length: timedelta = LONGEST_ATTEMPT) -> PendingDelivery:
    """Start an attempt: count it, and hide the delivery for as long as it may take."""
    return replace(owed, due_at=now + length, attempts=owed.attempts + 1)


def put_off(owed: PendingDelivery, now: datetime) -> PendingDelivery | None:
    """Schedule a retry after a failed attempt, with exponential back-off; None when the time to try is over."""
    if now >= owed.since + LONGEST_TRYING:
        return None
    pause = min(FIRST_PAUSE * 2 ** min(owed.attempts - 1, MOST_DOUBLINGS), LONGEST_PAUSE)
    return replace(owed, due_at=min(now + pause, owed.since + LONGEST_TRYING))


def _id(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()[:ID_LENGTH]
