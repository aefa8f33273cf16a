"""Make, list and lift freezes, and stop the line and let it go on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta
from hashlib import sha256

from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.engine.freezing import FreezesChanged
from chalicelib.kernel.faults import Conflict, Invalid, NotFound
from chalicelib.kernel.plans.check_work import window_defects
from chalicelib.kernel.plans.freezes import Freeze, Freezes, Interval, Passers, end_of, is_over, next_of
from chalicelib.kernel.plans.work import Window
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.audit.repeated import was_done
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import SHARDS
from chalicelib.use_cases.retry import retry_on_conflict
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

MOST_FREEZES, MOST_OF_PROJECTS = 20, 200
"""Of one project, or of the installation itself, and of all projects together, which leave it its own: all are in one
record, and each run keeps those of its environments."""

LONGEST_TEXTS = 1500
"""Bytes of the reason of a freeze and of what says who may pass, together."""

LONGEST_STOP = timedelta(days=7)
LONGEST_HELD = timedelta(days=400)
"""How far ahead what is held by a freeze may be due."""

MOST_WOKEN, AT_ONCE = 5000, 500
"""Waiting runs of a shard that hear at once of a lifted freeze, and how many of them by one message."""


@frozen
class CreateFreeze:
    """Freeze environments. project, environment: empty for all."""

    origin: Origin
    during: Interval | Window
    reason: str
    project: str = ""
    environment: str = ""
    passers: Passers = field(default_factory=Passers)


@frozen
class StopLine:
    """Let nothing more enter environments for a while from now on. project, environment: empty for all."""

    origin: Origin
    length: timedelta
    reason: str
    project: str = ""
    environment: str = ""


@frozen
class RemoveFreeze:
    """Lift a freeze of a project, or of the installation."""

    origin: Origin
    id: str
    project: str = ""


@frozen
class ResumeLine:
    """Lift all stops of a project, or all of the installation itself."""

    origin: Origin
    project: str = ""


@frozen
class FreezesQuery:
    """Query: the freezes that are not over. project: only those that concern it; empty for all."""

    by: Principal
    project: str = ""


@frozen
class FreezeView:
    """A freeze. holds_until: when the time ends in which it holds now; next: when it holds next."""

    freeze: Freeze
    holds_until: datetime | None = None
    next: datetime | None = None


def freeze_id(origin: Origin) -> str:
    """Return the id of what a request freezes: short, for people type it."""
    return f"f{sha256(origin.seed.encode()).hexdigest()[:11]}"


def create_freeze(ports: Ports, command: CreateFreeze) -> FreezeView:
    """Freeze environments. Faults: Invalid; NotFound (what is frozen); Conflict if there are too many."""
    return _view(_create(ports, command.origin, _freeze(command)), command.origin.at)


def stop_line(ports: Ports, command: StopLine) -> FreezeView:
    """Stop the line from now on. Faults: Invalid, NotFound, Conflict if there are too many."""
    if not timedelta(minutes=1) <= command.length <= LONGEST_STOP:
        raise Invalid.single("seconds", f"should be between a minute and {LONGEST_STOP.days} days")
    during = Interval(begins=command.origin.at, ends=command.origin.at + command.length)
    made = CreateFreeze(
        origin=command.origin,
        during=during,
        reason=command.reason,
        project=command.project,
        environment=command.environment,
    )
    return _view(_create(ports, command.origin, replace(_freeze(made), is_stop=True)), command.origin.at)


def remove_freeze(ports: Ports, command: RemoveFreeze) -> None:
    """Lift a freeze, and let what it holds go on. Faults: NotFound."""
    action = AuditAction(act="removed-freeze", subject=f"freeze {command.id}", project=command.project)
    lifted = _lift(ports, command.origin, action, lambda one: (one.id, one.project) == (command.id, command.project))
    if not lifted and not was_done(ports, entry_of(command.origin, action)):
        raise NotFound(f"no {action.subject}{_of(command.project)}")


def resume_line(ports: Ports, command: ResumeLine) -> Sequence[str]:
    """Lift all stops of a project or of the installation; return their ids. What they hold goes on."""
    action = AuditAction(act="resumed-line", subject=f"the line{_of(command.project)}", project=command.project)
    return _lift(ports, command.origin, action, lambda one: one.is_stop and one.project == command.project)


def list_freezes(ports: Ports, query: FreezesQuery) -> Sequence[FreezeView]:
    """List the freezes that are not over and concern what the caller may read, in the order in which they were made."""
    now = ports.clock.now()
    return [_view(one, now) for one in visible_freezes(ports, query) if not is_over(one, now)]


def visible_freezes(ports: Ports, query: FreezesQuery) -> Sequence[Freeze]:
    """List all freezes that concern what the caller may read."""
    return [one for one in ports.freezes.current().all if _is_visible(query, one)]


def _view(freeze: Freeze, now: datetime) -> FreezeView:
    following = next_of(freeze, now)
    begins = following.begins if following is not None else None
    return FreezeView(freeze=freeze, holds_until=end_of(freeze, now), next=begins)


def _is_visible(query: FreezesQuery, freeze: Freeze) -> bool:
    if query.project and freeze.project not in {"", query.project}:
        return False
    return not freeze.project or may(query.by, Level.READ, freeze.project)


def _of(project: str) -> str:
    return f" of {project}" if project else ""


def _freeze(command: CreateFreeze) -> Freeze:
    return Freeze(
        id=freeze_id(command.origin),
        during=command.during,
        reason=command.reason,
        by=command.origin.by.name,
        at=command.origin.at,
        project=command.project,
        environment=command.environment,
        passers=command.passers,
    )


def _create(ports: Ports, origin: Origin, freeze: Freeze) -> Freeze:
    _check(ports, freeze)
    act = "stopped-line" if freeze.is_stop else "froze"
    action = AuditAction(act=act, subject=freeze.title, key=freeze.id, project=freeze.project, notes=freeze.reason)
    entry = entry_of(origin, action)

    def added() -> Freeze:
        known = ports.freezes.current()
        going = tuple(one for one in known.all if not is_over(one, origin.at))
        same = next((one for one in going if one.id == freeze.id), None)
        if same is not None:
            return same
        _refuse_more(going, freeze.project)
        ports.freezes.save(replace(known, all=(*going, freeze)), entry)
        return freeze

    return retry_on_conflict(ports, added, since=origin.at)


def _refuse_more(going: Sequence[Freeze], project: str) -> None:
    if sum(one.project == project for one in going) >= MOST_FREEZES:
        raise Conflict(f"there are {MOST_FREEZES} freezes{_of(project)} already, lift one")
    if project and sum(bool(one.project) for one in going) >= MOST_OF_PROJECTS:
        raise Conflict(f"there are {MOST_OF_PROJECTS} freezes of projects already")


def _check(ports: Ports, freeze: Freeze) -> None:
    defects = tuple(_defects(freeze))
    if defects:
        raise Invalid(defects)
    if freeze.project and freeze.environment:
        ports.projects.environment(freeze.project, freeze.environment)
    elif freeze.project:
        ports.projects.project(freeze.project)


def _defects(freeze: Freeze) -> Iterator[Defect]:
    if not freeze.reason.strip():
        yield Defect("reason", "is required")
    texts = (freeze.reason, *freeze.passers.users, *freeze.passers.teams, *freeze.passers.reasons)
    if sum(len(text.encode("utf-8", "surrogatepass")) for text in texts) > LONGEST_TEXTS:
        yield Defect("may_pass", f"is over {LONGEST_TEXTS} bytes, together with the reason")
    match freeze.during:
        case Window():
            yield from window_defects(freeze.during, freeze.at)
        case Interval(begins=begins, ends=ends):
            if ends <= begins:
                yield Defect("ends", "should be after begins")
            elif ends <= freeze.at:
                yield Defect("ends", "is past")


def _lift(ports: Ports, origin: Origin, action: AuditAction, is_lifted: Callable[[Freeze], bool]) -> Sequence[str]:
    """Lift freezes and wake what they hold: a repetition wakes again, for the first may have died before."""
    entry = entry_of(origin, action)

    def lifted() -> tuple[Freezes, Sequence[str]]:
        known = ports.freezes.current()
        left = tuple(one for one in known.all if not is_lifted(one))
        if len(left) == len(known.all):
            return known, ()
        return ports.freezes.save(replace(known, all=left), entry), [one.id for one in known.all if is_lifted(one)]

    freezes, ids = retry_on_conflict(ports, lifted, since=origin.at)
    if freezes.version:
        _wake(ports, freezes)
    return ids


def _wake(ports: Ports, freezes: Freezes) -> None:
    """Tell what may be held by a freeze that was lifted: all that is due before the last of its time could end."""
    now = ports.clock.now()
    event = FreezesChanged(at=now, version=freezes.version)
    for shard in range(SHARDS):
        due = [one.id for one in ports.runs.due(shard, now + LONGEST_HELD, MOST_WOKEN)]
        for first in range(0, len(due), AT_ONCE):
            key = f"freezes/{freezes.version}/{shard}/{first}"
            ports.queue.enqueue_for_all(due[first : first + AT_ONCE], (event,), key)
