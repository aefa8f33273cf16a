"""The outbox of webhook deliveries: attempts, back-off and giving up.

An upload stores a notice; processing the notice stores one call for each hook. Both stay in the outbox until they are
delivered, and are retried when due. Stored by: store/runs/deliveries.py; performed by: use_cases/releases/deliver.py.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import assert_never

from chalicelib.kernel.releases.release import ReleaseKey
from slipway_formats.frozen import frozen

LONGEST_ATTEMPT = timedelta(seconds=30)
"""After this time an attempt is presumed crashed, and the delivery is due again."""

LONGEST_CHECK = timedelta(minutes=16)
"""Likewise of the check of a package, for which a Lambda function has 15 minutes."""

MOST_CHECKS = 3
FIRST_PAUSE = timedelta(seconds=5)
MOST_DOUBLINGS = 12
ID_LENGTH = 32


@frozen
class Patience:
    """How long calls are tried. pause: the longest between attempts. attempts: more than fit into the time."""

    trying: timedelta
    pause: timedelta
    attempts: int


OF_HOOKS = Patience(trying=timedelta(minutes=15), pause=timedelta(minutes=5), attempts=20)
OF_EVENTS = Patience(trying=timedelta(hours=12), pause=timedelta(hours=1), attempts=40)


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
class EventCall:
    """A call to a subscription: one event of the feed, by its id. body: JSON, as sent. project: of the event."""

    subscription: str
    event: str
    body: str
    project: str


@frozen
class PendingDelivery:
    """A notice or call to deliver. since: when created. due_at: when to try next. attempts: made so far."""

    id: str
    what: UploadNotice | HookCall | PackageCheck | EventCall
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


def pending_event(call: EventCall, at: datetime) -> PendingDelivery:
    """Create the delivery of an event to a subscription: sent again, it is the same."""
    return PendingDelivery(id=_id("event", call.subscription, call.event), what=call, since=at, due_at=at)


def taken(owed: PendingDelivery, now: datetime, length: timedelta = LONGEST_ATTEMPT) -> PendingDelivery:
    """Start an attempt: count it, and hide the delivery for as long as it may take."""
    return replace(owed, due_at=now + length, attempts=owed.attempts + 1)


def put_off(owed: PendingDelivery, now: datetime) -> PendingDelivery | None:
    """Schedule a retry after a failed attempt, with exponential back-off; None when the time to try is over."""
    patience = _patience(owed)
    if now >= owed.since + patience.trying:
        return None
    pause = min(FIRST_PAUSE * 2 ** min(owed.attempts - 1, MOST_DOUBLINGS), patience.pause)
    return replace(owed, due_at=min(now + pause, owed.since + patience.trying))


def is_broken_off(owed: PendingDelivery) -> bool:
    """Return whether so many attempts were begun as only those can be that crash the process."""
    return owed.attempts >= _patience(owed).attempts


def _patience(owed: PendingDelivery) -> Patience:
    return OF_EVENTS if isinstance(owed.what, EventCall) else OF_HOOKS


def _id(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()[:ID_LENGTH]


def turn_of(what: UploadNotice | HookCall | PackageCheck | EventCall) -> str:
    """Return on whose behalf who is called, so that a receiver that hangs is before no other one."""
    match what:
        case HookCall(namespace=namespace, application=application, kind=kind):
            return f"{what.project} {namespace}/{application} {kind}"
        case EventCall(subscription=webhook):
            return f"{what.project} {webhook}"
        case UploadNotice() | PackageCheck():
            return what.project
        case _:
            assert_never(what)
