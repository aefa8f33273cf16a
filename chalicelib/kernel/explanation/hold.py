"""What holds a run: one record for each thing, the same for every dialect."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.explanation.runner import Runner
from chalicelib.kernel.plans.plan import Plan
from slipway_formats.frozen import frozen


class HoldKind(StrEnum):
    """What a run waits for, or how a part of it ended that ended badly.

    STARTING, STOPPING: the platform, or who does the work, is asked and has not answered yet. TURN: an earlier run of
    the same definition. PAUSED: somebody lets nothing begin. FREEZE: its environment takes nothing in.
    """

    APPROVAL = "approval"
    TASK = "manual-task"
    EXTERNAL = "external-approval"
    TESTS = "test-results"
    PROMOTION = "promotion"
    TIME = "time"
    RETRY = "retry"
    TURN = "turn"
    PAUSED = "paused"
    FREEZE = "freeze"
    LOCK = "lock"
    RUNNER = "runner"
    STARTING = "starting"
    STOPPING = "stopping"
    FAILED = "failed"
    BROKEN = "broken"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"


@frozen
class Deciders:
    """Who may act: the users and teams that are named, else whoever has the level in the project.

    no_self_approval: not who began the run, or let the stage begin.
    """

    project: str
    users: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    level: str = ""
    no_self_approval: bool = False


@frozen
class Given:
    """An approval that was given."""

    by: str
    at: datetime
    notes: str = ""


@frozen
class RunTitle:
    """A run, by its id and as people type it: `web/release#12`. words: what it does, where that says more."""

    run: str
    title: str = ""
    words: str = ""

    def __str__(self) -> str:
        """Return how people are told of it."""
        return self.words or self.title or f"run {self.run}"


@frozen
class Pool:
    """A pool of runners. slots, busy: of those that are up and say so."""

    name: str
    runners: tuple[Runner, ...] = ()
    up: int = 0
    slots: int = 0
    busy: int = 0
    last_seen_at: datetime | None = None


@frozen
class LogTail:
    """The last lines of a job's log."""

    job: str
    lines: tuple[str, ...]


@frozen
class Hold:
    """One thing that holds a run. path: names of the stage and the step, below those of the runs that lead to it.

    run: in which it is, the run itself or one that it started. node: key; empty for a stage or a run. since: when it
    began to hold. quorum, given: of approvals. earliest: when it goes on by itself, in the pipeline's zone. expires_at:
    when it ends badly by itself. lock, holder, place: of a lock; place also in the line of a pool. log: of a step that
    ended badly.
    """

    kind: HoldKind
    reason: str
    run: str
    path: tuple[str, ...] = ()
    stage: str = ""
    execution: int = 0
    node: str = ""
    since: datetime | None = None
    deciders: Deciders | None = None
    quorum: int | None = None
    given: tuple[Given, ...] = ()
    earliest: datetime | None = None
    expires_at: datetime | None = None
    lock: str = ""
    holder: RunTitle | None = None
    place: int | None = None
    pool: Pool | None = None
    superseded_by: RunTitle | None = None
    log: LogTail | None = None


@frozen
class LockLine:
    """A lock: its holder, and the runs that wait for it, in order, each with its stage execution (0: as a whole)."""

    holder: RunTitle | None = None
    waiting: tuple[tuple[str, int], ...] = ()


@frozen
class PoolLine:
    """A pool, and the jobs of each project that wait for it, in order: projects take turns, so nobody's place says
    anything about another's.

    long: projects with too many to be read. full: how many jobs at once, of each project at its limit.
    """

    pool: Pool
    waiting: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    long: frozenset[str] = frozenset()
    full: Mapping[str, int] = field(default_factory=dict)


@frozen
class Facts:
    """What an explanation needs to know of a run besides the run and its plan. zone: of the pipeline.

    children: the runs that steps started, with their plans, by id; whom one may not see is left out. locks: by name.
    pools: by name. logs: by job. superseded_by: by run, the one that has passed it.
    """

    now: datetime
    zone: str = "UTC"
    children: Mapping[str, tuple[Plan, Run]] = field(default_factory=dict)
    locks: Mapping[str, LockLine] = field(default_factory=dict)
    pools: Mapping[str, PoolLine] = field(default_factory=dict)
    logs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    superseded_by: Mapping[str, RunTitle] = field(default_factory=dict)


@frozen
class Explanation:
    """Why a run does not go on, or how it ended badly; nothing holds a run that moves, or has succeeded. at: when."""

    run: str
    phase: str
    at: datetime
    holds: tuple[Hold, ...] = ()
