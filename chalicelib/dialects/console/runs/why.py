"""What holds a run, as its page shows it: each with who may act, and what the reader may do about it right there."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from chalicelib.dialects.console.frame.change import ChangePart, change_part
from chalicelib.dialects.console.frame.forms import Button, Question
from chalicelib.dialects.console.frame.plain_text import plain
from chalicelib.kernel.access.principal import Principal, is_admin, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.explanation.hold import Deciders, Hold, HoldKind, Pool
from chalicelib.use_cases.overview.approvals import PendingApproval
from slipway_formats.frozen import frozen

DECIDED = frozenset({HoldKind.APPROVAL, HoldKind.TASK, HoldKind.EXTERNAL})
PASSED_OVER = frozenset({HoldKind.APPROVAL, HoldKind.EXTERNAL, HoldKind.TESTS, HoldKind.TIME, HoldKind.TASK})
"""What may be let count as done."""

PHASES = {
    HoldKind.APPROVAL: Phase.WAITING_PERSON,
    HoldKind.TASK: Phase.WAITING_PERSON,
    HoldKind.EXTERNAL: Phase.WAITING_PERSON,
    HoldKind.TESTS: Phase.WAITING_PERSON,
    HoldKind.PROMOTION: Phase.WAITING_PERSON,
    HoldKind.PAUSED: Phase.WAITING_PERSON,
    HoldKind.TIME: Phase.WAITING_TIME,
    HoldKind.FREEZE: Phase.WAITING_TIME,
    HoldKind.RETRY: Phase.WAITING_TIME,
    HoldKind.TURN: Phase.WAITING_LOCK,
    HoldKind.LOCK: Phase.WAITING_LOCK,
    HoldKind.RUNNER: Phase.QUEUED,
    HoldKind.STARTING: Phase.STARTING,
    HoldKind.STOPPING: Phase.STOPPING,
    HoldKind.FAILED: Phase.FAILED,
    HoldKind.BROKEN: Phase.BROKEN,
    HoldKind.REJECTED: Phase.REJECTED,
    HoldKind.CANCELLED: Phase.CANCELLED,
    HoldKind.SUPERSEDED: Phase.SUPERSEDED,
}

Shown = Mapping[tuple[str, int, str], PendingApproval]
"""What may be decided about, by run, stage execution and node."""


@frozen
class WhyItem:
    """One thing that holds the run. address: of the step. facts: what is to be known besides.

    lines: the last ones of its log. question: about its node. change: what a decision lets in. promotes: the stage that
    may be promoted to, else empty.
    """

    hold: Hold
    phase: Phase
    where: str
    address: str
    who: str
    facts: tuple[str, ...]
    question: Question
    change: ChangePart | None = None
    lines: tuple[str, ...] = ()
    promotes: str = ""

    @property
    def since(self) -> datetime | None:
        """Return since when it holds."""
        return self.hold.since


def why_items(by: Principal, project: str, holds: Sequence[Hold], shown: Shown) -> Sequence[WhyItem]:
    """Return what holds the run, for this reader. project: of the run. shown: what may be decided about."""
    return [_why_item(by, project, hold, shown.get((hold.run, hold.execution, hold.node))) for hold in holds]


def is_decided_by(by: Principal, project: str, hold: Hold) -> bool:
    """Whether a hold waits for a word of this reader."""
    return any(_decisions(by, project, hold))


def _why_item(by: Principal, project: str, hold: Hold, pending: PendingApproval | None) -> WhyItem:
    is_promotable = hold.kind is HoldKind.PROMOTION and may(by, Level.WRITE, project)
    return WhyItem(
        hold=hold,
        phase=PHASES[hold.kind],
        where=" / ".join(hold.path) or "the run",
        address=f"{hold.execution}/{hold.node}" if hold.node else "",
        who=_who(hold.deciders),
        facts=tuple(_facts(hold)),
        lines=tuple(map(plain, hold.log.lines)) if hold.log is not None else (),
        question=_question(by, project, hold, pending.digest if pending is not None else ""),
        change=change_part(pending.changes) if pending is not None else None,
        promotes=hold.stage if is_promotable else "",
    )


def _question(by: Principal, project: str, hold: Hold, digest: str) -> Question:
    return Question(
        path=f"/runs/{hold.run}/decisions",
        id=f"{hold.run}-{hold.execution}/{hold.node}",
        hidden=(("node", hold.node), ("execution", str(hold.execution)), ("changes", digest)),
        buttons=tuple(_decisions(by, project, hold)),
    )


def _decisions(by: Principal, project: str, hold: Hold) -> Iterator[Button]:
    if not hold.node:
        return
    if hold.kind in DECIDED and hold.deciders is not None and _may_decide(by, hold.deciders):
        yield Button(value="approve", word="Done" if hold.kind is HoldKind.TASK else "Approve", tone="primary")
        yield Button(value="reject", word="Not done" if hold.kind is HoldKind.TASK else "Reject", tone="danger")
    if hold.kind in PASSED_OVER and may(by, Level.OWNER, project):
        yield Button(value="override", word="Override")


def _may_decide(by: Principal, deciders: Deciders) -> bool:
    if is_admin(by) or by.name in deciders.users or by.groups & set(deciders.teams):
        return True
    return bool(deciders.level) and may(by, Level(deciders.level), deciders.project)


def _who(deciders: Deciders | None) -> str:
    if deciders is None:
        return ""
    named = [*deciders.users, *(f"team {team}" for team in deciders.teams)]
    level = f"whoever has {deciders.level} in {deciders.project}" if deciders.level else "an admin"
    return (" or ".join(named) or level) + (", but not who began it" if deciders.no_self_approval else "")


def _facts(hold: Hold) -> Iterator[str]:
    if hold.quorum is not None and hold.quorum > 1:
        yield f"{len(hold.given)} of {hold.quorum} approvals are given"
    yield from (f"{one.by} approved{f': {one.notes}' if one.notes else ''}" for one in hold.given)
    if hold.place is not None:
        yield f"number {hold.place} in line"
    if hold.pool is not None:
        yield _pool(hold.pool)


def _pool(pool: Pool) -> str:
    if pool.up:
        return f"pool {pool.name}: {pool.up} up, {pool.busy} of {pool.slots} slots busy"
    return f"no runner of pool {pool.name} is up"
