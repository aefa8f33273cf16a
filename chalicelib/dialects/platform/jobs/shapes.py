"""Shapes of the runner protocol.

Unknown fields are refused, so that an old runner and a new API detect the difference.
"""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.http.shape import Shape

LARGEST_CHUNK = 64 * 1024
LARGEST_OUTPUTS = 1024
Name = Field(min_length=1, max_length=100)
Nonce = Field(min_length=16, max_length=200)


class LeaseBody(Shape):
    """A runner asks for work. nonce: its own for this asking; repeating it gives the same leases.

    says_began: it begins no job before the platform has heard so, by a heartbeat. A lease lost before that is no
    attempt of its step; who does not say it is taken to begin at once. without: projects of which it wants no job, for
    a runner that is full but takes in guests.
    """

    pool: str = Field(default="default", min_length=1, max_length=100)
    runner: str = Name
    slots: int = Field(default=1, ge=1, le=64)
    nonce: str = Nonce
    wait: float = Field(default=0, ge=0, le=20)
    says_began: bool = False
    without: list[Annotated[str, Name]] = Field(default=[], max_length=128)


class HeldBody(Shape):
    """A runner speaks for a job that it holds."""

    token: str = Field(min_length=1, max_length=200)
    number: int = Field(ge=1)


class HeartbeatBody(HeldBody):
    """A runner holds a job. began: its work has begun, or begins when this is answered, unless it is to stop."""

    began: bool = False


class ChunkBody(Shape):
    """A piece of a log. at: RFC 3339."""

    stream: Literal["out", "err", "note"] = "out"
    text: str = Field(max_length=LARGEST_CHUNK)
    at: str = ""


class LogsBody(HeldBody):
    """Chunks, the first of which follows `from`; none, to ask how long the log is."""

    after: int = Field(ge=0, alias="from")
    chunks: list[ChunkBody] = Field(max_length=500)


class JobCommitBody(Shape):
    """What a build was made from."""

    revision: str = Field(max_length=100)
    branch: str = Field(default="", max_length=300)
    author: str = Field(default="", max_length=300)
    message: str = Field(default="", max_length=2000)


class FinishBody(HeldBody):
    """How a job ended. outputs: under 1 KB in all."""

    nonce: str = Nonce
    outcome: Literal["succeeded", "failed", "broken", "cancelled"]
    reason: str = Field(default="", max_length=2000)
    outputs: dict[str, str] = Field(default_factory=dict)
    release: str = Field(default="", max_length=300)
    commit: JobCommitBody | None = None
    lease_next: LeaseBody | None = None


class LeasedJobShape(Shape):
    """A job as its runner gets it. log_head: where its log goes on, when somebody had the job before."""

    id: str
    run: str
    kind: str
    project: str
    environment: str
    name: str
    started_by: str = ""
    attempt: int
    timeout_seconds: float | None = None
    ask: dict[str, object]
    access_token: str
    log_head: int = 0


class LeaseShape(Shape):
    """A job in a runner's hands, and what to show when speaking for it."""

    job: LeasedJobShape
    token: str
    number: int
    lease_seconds: int


class LeasesShape(Shape):
    """Jobs that are leased to a runner."""

    leases: list[LeaseShape]


class HeartbeatShape(Shape):
    """cancel: stop the job and finish it as cancelled."""

    cancel: bool
    lease_seconds: int


class JobLogHeadShape(Shape):
    """The seq of the last chunk."""

    head: int
