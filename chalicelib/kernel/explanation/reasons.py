"""The reasons of holds, in words."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.kernel.explanation.hold import Deciders, Given, LockLine, Pool, PoolLine
from chalicelib.kernel.explanation.runner import KEPT_FOR, is_up
from chalicelib.kernel.plans.freezes import Freeze

UNITS = ((timedelta(days=1), "d"), (timedelta(hours=1), "h"), (timedelta(minutes=1), "min"))


def ago(length: timedelta) -> str:
    """A length of time in its largest unit: `2 h ago`."""
    for unit, word in UNITS:
        if length >= unit:
            return f"{length // unit} {word} ago"
    return f"{max(0, length // timedelta(seconds=1))} s ago"


def of_deciders(deciders: Deciders) -> str:
    """Who may act, in words."""
    named = (*(f"user {one}" for one in deciders.users), *(f"team {one}" for one in deciders.teams))
    who = " or ".join(named) or f"anybody with {deciders.level} in {deciders.project}"
    return f"{who}, but whoever began the run" if deciders.no_self_approval else who


def of_approval(deciders: Deciders, quorum: int, given: Sequence[Given]) -> str:
    """What an approval waits for, and what it has."""
    count = "1 approval" if quorum == 1 else f"{quorum} approvals"
    has = f"; given by {', '.join(one.by for one in given)}" if given else ""
    return f"waits for {count} by {of_deciders(deciders)}{has}"


def of_time(at: datetime) -> str:
    """Until when something waits."""
    return f"waits until {at.isoformat(sep=' ', timespec='seconds')}"


def of_freeze(freeze: Freeze, at: datetime) -> str:
    """What holds, by whom, until when, and with which words one may pass."""
    what = f"{freeze.title} {'was stopped' if freeze.is_stop else 'is frozen'} by {freeze.by}: {freeze.reason}"
    words = f"; it may be passed with: {', '.join(freeze.passers.reasons)}" if freeze.passers.reasons else ""
    return f"{what}; {of_time(at)}{words}"


def of_lock(what: str, line: LockLine | None, place: int | None) -> str:
    """Who holds what is waited for, and the place in the line."""
    holder = line.holder if line is not None else None
    by = f" is held by {holder}" if holder is not None else " goes to the next in line"
    return f"{what}{by}{_in_line(place)}"


def of_pool(line: PoolLine, project: str, place: int | None, now: datetime) -> str:
    """Why no runner has taken a job of the project."""
    pool, whose = line.pool, f" of {project}"
    where = f"; the line{whose} is long" if project in line.long else _in_line(place, whose)
    if not pool.up and (drained := [one for one in pool.runners if one.drained_by and is_up(one, now)]):
        by = ", ".join(dict.fromkeys(one.drained_by for one in drained))
        return f"every runner of pool {pool.name} that is up was drained by {by}{where}"
    if not pool.up:
        return f"no runner of pool {pool.name} is up; {_last_seen(pool, now)}"
    if project in line.full:
        return f"project {project} is at its limit of jobs at once, max_jobs {line.full[project]}{where}"
    if pool.slots and pool.busy >= pool.slots:
        many = "the slot" if pool.slots == 1 else f"all {pool.slots} slots"
        return f"{many} of pool {pool.name} {'is' if pool.slots == 1 else 'are'} busy{where}"
    return f"a runner of pool {pool.name} is up and should take it soon{where}"


def _last_seen(pool: Pool, now: datetime) -> str:
    if pool.last_seen_at is None:
        return f"none was seen in {KEPT_FOR.days} days"
    return f"the last was seen {ago(now - pool.last_seen_at)}"


def _in_line(place: int | None, whose: str = "") -> str:
    where = f"the line{whose}" if whose else "line"
    return f"; place {place} in {where}" if place is not None else ""
