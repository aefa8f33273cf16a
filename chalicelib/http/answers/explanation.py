"""What holds a run, in the one shape in which every dialect shows it."""

from datetime import datetime

from chalicelib.http.reply import Json
from chalicelib.http.shape import LenientShape, Shape
from chalicelib.kernel.explanation.hold import Deciders, Explanation, Hold, Pool, RunTitle
from chalicelib.kernel.explanation.runner import Runner, is_up


class ExplainQuery(LenientShape):
    """explain: also what holds a run."""

    explain: bool = False


class DecidersShape(Shape):
    """Who may act: the users and teams, else whoever has the level in the project.

    no_self_approval: not who began the run.
    """

    project: str
    users: list[str]
    teams: list[str]
    level: str
    no_self_approval: bool


class GivenShape(Shape):
    """An approval that was given."""

    by: str
    at: str
    notes: str


class RunTitleShape(Shape):
    """A run. title: as people name it, such as web/release#12."""

    run: str
    title: str


class PoolRunnerShape(Shape):
    """A runner as it last spoke. drained_by: who keeps new jobs from it; left out if nobody does.

    labels: what else it says of itself, by name; left out if nothing.
    """

    name: str
    up: bool
    seen_at: str
    slots: int | None
    busy: int | None
    version: str
    drained_by: str = ""
    labels: dict[str, str] = {}


class PoolShape(Shape):
    """A pool. up: how many of its runners are; slots, busy: of those."""

    name: str
    up: int
    slots: int
    busy: int
    last_seen_at: str | None
    runners: list[PoolRunnerShape]


class LogTailShape(Shape):
    """The last lines of a job's log."""

    job: str
    lines: list[str]


class HoldShape(Shape):
    """One thing that holds the run. path: names of stage and step, below those of the runs that lead to it.

    run: in which it is. who: may act. quorum, given: of approvals. earliest: when it goes on by itself. expires_at:
    when it ends badly by itself. holder, place: of a lock, or in the line of a pool. log: of a step that failed.
    """

    kind: str
    reason: str
    run: str
    path: list[str]
    stage: str
    execution: int
    node: str
    since: str | None
    who: DecidersShape | None
    quorum: int | None
    given: list[GivenShape]
    earliest: str | None
    expires_at: str | None
    holder: RunTitleShape | None
    place: int | None
    pool: PoolShape | None
    superseded_by: RunTitleShape | None
    log: LogTailShape | None


class ExplanationShape(Shape):
    """Why a run does not go on, or how it ended badly. at: when this was so."""

    run: str
    phase: str
    at: str
    holds: list[HoldShape]


def explain_field(explanation: Explanation | None) -> dict[str, Json]:
    """Return the key `explain`, which every dialect puts beside its own; nothing if it was not asked for."""
    return {} if explanation is None else {"explain": shown_explanation(explanation)}


def shown_explanation(explanation: Explanation) -> dict[str, Json]:
    """Return the explanation as JSON."""
    return {
        "run": explanation.run,
        "phase": explanation.phase,
        "at": explanation.at.isoformat(),
        "holds": [_shown_hold(one, explanation.at) for one in explanation.holds],
    }


def _shown_hold(hold: Hold, now: datetime) -> Json:
    return {
        "kind": hold.kind.value,
        "reason": hold.reason,
        "run": hold.run,
        "path": list(hold.path),
        "stage": hold.stage,
        "execution": hold.execution,
        "node": hold.node,
        "since": _instant(hold.since),
        "who": _shown_deciders(hold.deciders),
        "quorum": hold.quorum,
        "given": [{"by": one.by, "at": one.at.isoformat(), "notes": one.notes} for one in hold.given],
        "earliest": _instant(hold.earliest),
        "expires_at": _instant(hold.expires_at),
        "holder": _shown_title(hold.holder),
        "place": hold.place,
        "pool": _shown_pool(hold.pool, now),
        "superseded_by": _shown_title(hold.superseded_by),
        "log": {"job": hold.log.job, "lines": list(hold.log.lines)} if hold.log is not None else None,
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _shown_deciders(deciders: Deciders | None) -> Json:
    if deciders is None:
        return None
    return {
        "project": deciders.project,
        "users": list(deciders.users),
        "teams": list(deciders.teams),
        "level": deciders.level,
        "no_self_approval": deciders.no_self_approval,
    }


def _shown_title(title: RunTitle | None) -> Json:
    return {"run": title.run, "title": title.title} if title is not None else None


def _shown_pool(pool: Pool | None, now: datetime) -> Json:
    if pool is None:
        return None
    return {
        "name": pool.name,
        "up": pool.up,
        "slots": pool.slots,
        "busy": pool.busy,
        "last_seen_at": _instant(pool.last_seen_at),
        "runners": [{"name": one.name, **shown_load(one, up=is_up(one, now))} for one in pool.runners],
    }


def shown_load(runner: Runner, *, up: bool) -> dict[str, Json]:
    """Return whether a runner is up, what it holds and can, and its version."""
    return {
        "up": up,
        "seen_at": runner.seen_at.isoformat(),
        "slots": runner.slots,
        "busy": runner.busy,
        "version": runner.version,
        **({"drained_by": runner.drained_by} if runner.drained_by else {}),
        **({"labels": dict(runner.labels)} if runner.labels else {}),
    }
