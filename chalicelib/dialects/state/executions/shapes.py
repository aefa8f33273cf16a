"""Shapes of executions and their logs."""

from typing import Literal

from pydantic import Field, JsonValue, RootModel

from chalicelib.dialects.state.builds.shapes import BuildShape, Status
from chalicelib.dialects.state.jobs.shapes import JobShape
from chalicelib.dialects.state.pipelines.shapes import PipelineShape
from chalicelib.http.answers.explanation import ExplainQuery, ExplanationShape
from chalicelib.http.query import PagedQuery
from chalicelib.http.shape import LenientShape, Shape


class CommitBody(Shape):
    """The commit that an execution builds."""

    revision: str = Field(min_length=1, max_length=100)
    branch: str = Field(default="", max_length=300)
    author: str = Field(default="", max_length=300)
    message: str = Field(default="", max_length=2000)


class CommitShape(Shape):
    """The commit that was built."""

    revision: str = ""
    branch: str = ""
    author: str = ""
    message: str = ""


class BuildExecutionShape(Shape):
    """A run of a build, with the build as it was when the run began."""

    id: str
    run_nr: int
    status: Status
    reason: str
    started_at: str | None
    finished_at: str | None
    started_by: str
    build: BuildShape
    commit: CommitShape
    release_id: str
    explain: ExplanationShape | None = None


class LineBody(Shape):
    """Text to append to a log."""

    text: str = Field(max_length=100_000)
    stream: Literal["out", "err", "note"] = "out"


class LinesBody(RootModel[LineBody | list[LineBody]]):
    """Texts to append to a log, in order."""


class ChunkShape(Shape):
    """A chunk of a log."""

    seq: int
    at: str
    stream: str
    text: str


class OfferedLogShape(Shape):
    """A one-time address to watch a log. expires_at: it must be opened before."""

    url: str
    expires_at: str


class LogHeadShape(Shape):
    """The seq of the last chunk of a log."""

    head: int


class JobExecutionShape(Shape):
    """A run of a deployment job, with the job as it was when the run began."""

    id: str
    run_nr: int
    status: Status
    reason: str
    started_at: str | None
    finished_at: str | None
    started_by: str
    deployment_job: JobShape
    action: str
    version: str
    inputs: dict[str, JsonValue]
    outputs: dict[str, str]
    explain: ExplanationShape | None = None


class PipelineExecutionShape(Shape):
    """A run of a pipeline, with the pipeline as it was when the run began, and statuses."""

    id: str
    run_nr: int
    status: Status
    reason: str
    started_at: str | None
    finished_at: str | None
    started_by: str
    pipeline: PipelineShape
    explain: ExplanationShape | None = None


class ExecutionsQuery(PagedQuery, ExplainQuery):
    """A page of executions. page_from: the id of the last one on the page before."""


class LogQuery(LenientShape):
    """after: number of the last chunk that one has."""

    after: int = Field(default=0, ge=0)


class ConfirmQuery(LenientShape):
    """notes: kept with the decision."""

    notes: str = ""
