"""A pool as its runners make it."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.kernel.explanation.hold import Pool, PoolLine
from chalicelib.kernel.explanation.runner import Runner, is_known, is_up


def pool_of(name: str, runners: Sequence[Runner], now: datetime) -> Pool:
    """The pool of these runners, as it is now."""
    known = tuple(one for one in runners if is_known(one, now))
    up = [one for one in known if is_up(one, now) and not one.drained_by]
    return Pool(
        name=name,
        runners=known,
        up=len(up),
        slots=sum(one.slots or 0 for one in up),
        busy=sum(one.busy or 0 for one in up),
        last_seen_at=max((one.seen_at for one in known), default=None),
    )


def place_in(line: PoolLine, project: str, job: str) -> int | None:
    """The place of a job in its project's line, from 1; None when the line is long, or the job no longer there."""
    own = line.waiting.get(project, ())
    return own.index(job) + 1 if job in own else None
