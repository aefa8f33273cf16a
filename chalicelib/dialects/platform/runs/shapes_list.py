"""Shapes of lists of runs."""

from chalicelib.http.query import PagedQuery
from chalicelib.http.shape import Shape


class AwaitedShape(Shape):
    """A gate or step that waits for people. node, execution: as a decision names it. given: who has approved.

    users, teams: who decides; where there are none, whoever may write, or admins where `admins` is true.
    """

    execution: int
    node: str
    name: str
    stage: str
    environment: str
    description: str
    since: str
    expires_at: str | None
    users: list[str]
    teams: list[str]
    admins: bool
    quorum: int
    given: list[str]


class CountsShape(Shape):
    """How many gates and steps a run has; how many are done, ended badly, and wait for a person.

    done: of a run of over ten that has not ended, to a tenth of them.
    """

    total: int
    done: int
    bad: int
    waiting: int


class RunSummaryShape(Shape):
    """A run with counts of its gates and steps in place of them. environments: its own and its stages'."""

    id: str
    project: str
    kind: str
    environment: str
    name: str
    run_nr: int
    phase: str
    reason: str
    started_by: str
    trigger: str
    created_at: str
    ended_at: str | None
    releases: list[str]
    environments: list[str]
    counts: CountsShape
    awaits: list[AwaitedShape]


class FoundRunsShape(Shape):
    """A page of runs, newest first. next: what to give as `page_from`; also after a short page there may be more."""

    items: list[RunSummaryShape]
    next: str | None


class RunsQuery(PagedQuery):
    """Which runs are looked for. status: a phase, `open`, `ended` or `waiting`. by: a name, or `me`. since: RFC 3339.

    waiting_for: `me` or nothing.
    """

    project: str = ""
    status: str = ""
    kind: str = ""
    release: str = ""
    environment: str = ""
    by: str = ""
    since: str = ""
    waiting_for: str = ""
