"""What became of many decisions that one form asked for."""

from collections.abc import Sequence

from chalicelib.dialects.console.frame.decide import DecideByForm, check_all_fresh
from chalicelib.dialects.console.frame.plain_text import plain
from chalicelib.http.refuse import STATUSES
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.explanation.place import title_of
from chalicelib.kernel.faults import Conflict, Fault, NotFound
from chalicelib.use_cases.overview.approvals import Decided, DecideMany, decide_many
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

DONE = {
    ActKind.APPROVED: "approved",
    ActKind.REJECTED: "rejected",
    ActKind.CANCELLED: "cancelled",
    ActKind.RETRIED: "retried",
}


@frozen
class Outcome:
    """What became of a decision. tone: ok, or bad with the reason why it was refused."""

    run: str
    words: str
    tone: str


@frozen
class Outcomes:
    """What became of each decision. fault: of the first, if all came too late."""

    all: Sequence[Outcome] = ()
    fault: Fault | None = None

    @property
    def status(self) -> int | None:
        """Return the status of the page that tells of them; None for the usual one."""
        return STATUSES[type(self.fault)] if self.fault is not None else None


def decide_by_forms(ports: Ports, decisions: Sequence[DecideByForm]) -> Outcomes:
    """Make decisions, and return what became of each.

    Faults: Forbidden or NotFound for who may make none of them; Invalid; Unauthenticated, before any is made.
    """
    check_all_fresh(ports, decisions)
    decided = decide_many(ports, DecideMany(decisions=tuple(one.decision for one in decisions)))
    faults = [one.fault for one in decided]
    return Outcomes(
        all=_outcomes(ports, decided),
        fault=faults[0] if all(isinstance(fault, Conflict) for fault in faults) else None,
    )


def _outcomes(ports: Ports, decided: Sequence[Decided]) -> Sequence[Outcome]:
    """Return what became of each decision; runs that the reader may not read are not named."""
    seen = [one.decision.run for one in decided if not isinstance(one.fault, NotFound)]
    titles = {run.id: title_of(ports.runs.plan(run.plan)) for run in ports.runs.find_runs(seen)}
    return [_outcome(one, titles.get(one.decision.run, "")) for one in decided]


def _outcome(decided: Decided, of: str) -> Outcome:
    decision = decided.decision
    what = of or f"run …{decision.run[-6:]}"
    if decided.fault is not None:
        return Outcome(run=decision.run, words=f"{what}: {plain(decided.fault.message)}", tone="bad")
    return Outcome(run=decision.run, words=f"{what}: {DONE[decision.kind]}", tone="ok")
