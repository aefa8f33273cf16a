"""What the house owes to other people's addresses, whatever becomes of the process that promised it.

After an upload a notice is owed; from the notice a call of each hook that hears of it. Both are kept until they are
settled, and are due again a while after each attempt. Pure; who keeps them: ports_owed.py; performs: perform_owed.py.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.releases.release import ReleaseKey

LONGEST_TRYING = timedelta(minutes=15)
LONGEST_ATTEMPT = timedelta(seconds=30)
"""After so long whoever was at it is taken for dead."""

MOST_ATTEMPTS = 20
"""More than fit in the time of trying: whoever is at it dies of it again and again."""

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=5)
MOST_DOUBLINGS = 6
ID_LENGTH = 32


@frozen
class UploadNotice:
    """That a release has got its package. by: who uploaded it. project: that owned the namespace then."""

    release: ReleaseKey
    project: str
    by: str


@frozen
class HookCall:
    """A call of one hook. namespace, application: whose it is; the second is empty for a namespace's own.

    body: JSON, as it is sent. project: to whose audit log it belongs.
    """

    namespace: str
    application: str
    kind: str
    body: str
    project: str


@frozen
class PendingDelivery:
    """Something owed. since: when it was promised. due_at: when it is to be tried. attempts: how often it was."""

    id: str
    what: UploadNotice | HookCall
    since: datetime
    due_at: datetime
    attempts: int = 0
    version: int = 0


def pending_notice(package: str, notice: UploadNotice, at: datetime) -> PendingDelivery:
    """Answers the notice as owed. package: the name of its object, of which there is one for each upload."""
    return PendingDelivery(id=_id("notice", package), what=notice, since=at, due_at=at)


def pending_call(notice: PendingDelivery, call: HookCall, at: datetime) -> PendingDelivery:
    """Answers the call that follows from a notice, as owed."""
    name = _id(notice.id, call.namespace, call.application, call.kind)
    return PendingDelivery(id=name, what=call, since=at, due_at=at)


def taken(owed: PendingDelivery, now: datetime) -> PendingDelivery:
    """Answers it as it stands while somebody is at it."""
    return replace(owed, due_at=now + LONGEST_ATTEMPT, attempts=owed.attempts + 1)


def put_off(owed: PendingDelivery, now: datetime) -> PendingDelivery | None:
    """Answers it after an attempt that failed: due after a pause, longer each time; nothing when it is given up."""
    if now >= owed.since + LONGEST_TRYING:
        return None
    pause = min(FIRST_PAUSE * 2 ** min(owed.attempts - 1, MOST_DOUBLINGS), LONGEST_PAUSE)
    return replace(owed, due_at=min(now + pause, owed.since + LONGEST_TRYING))


def _id(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()[:ID_LENGTH]
