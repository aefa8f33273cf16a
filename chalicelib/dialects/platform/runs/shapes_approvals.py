"""Shapes of what waits for people, and of many decisions at once."""

from pydantic import Field

from chalicelib.dialects.platform.changes.shapes import ChangesShape
from chalicelib.dialects.platform.runs.shapes import DecisionBody
from chalicelib.dialects.platform.runs.shapes_list import AwaitedShape, RunSummaryShape
from chalicelib.http.shape import LenientShape, Shape
from chalicelib.use_cases.overview.approvals import MOST_DECISIONS


class TestsShape(Shape):
    """The latest results of a test set in a stage. stage: its key."""

    __test__ = False

    stage: str
    name: str
    at: str
    passed: int
    failed: int
    skipped: int


class BuiltShape(Shape):
    """A release that the run carries, and who registered it when, from which commit."""

    id: str
    by: str
    at: str
    branch: str
    revision: str
    message: str
    author: str
    yanked: bool


class ThereShape(Shape):
    """What is deployed now. version: null for none."""

    deployment: str
    application: str
    version: str | None
    since: str
    by: str


class ApprovalShape(AwaitedShape):
    """What waits for people in a run, with the run and what was tested and built.

    there: what is in the environment now of the applications whose releases the run carries. changes: what a decision
    lets in; its digest binds the decision to it.
    """

    run: RunSummaryShape
    tests: list[TestsShape]
    releases: list[BuiltShape]
    there: list[ThereShape]
    changes: ChangesShape


class ApprovalsShape(Shape):
    """A page of what waits, of the oldest run first. next: what to give as `page_from`."""

    items: list[ApprovalShape]
    next: str | None


class DecisionOfRunBody(DecisionBody):
    """A decision about what waits in a run."""

    run: str


class DecisionsBody(Shape):
    """Decisions, which are made in this order."""

    decisions: list[DecisionOfRunBody] = Field(min_length=1, max_length=MOST_DECISIONS)


class DecidedShape(Shape):
    """What became of a decision. status: as if it had been sent alone. message: why it was refused."""

    run: str
    node: str
    status: int
    phase: str | None
    message: str


class ManyDecidedShape(Shape):
    """What became of each decision, in their order."""

    items: list[DecidedShape]


class ApprovalsQuery(LenientShape):
    """What waits for whom. mine: for the caller's word alone. whole: with commits and files."""

    mine: bool = False
    whole: bool = False
    project: str = ""
    page_size: int = Field(default=10, ge=1, le=100)
    page_from: str = ""


class ApprovalQuery(LenientShape):
    """Which execution of a stage is meant; any if left out."""

    execution: int | None = Field(default=None, ge=1)
