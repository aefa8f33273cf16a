"""Shapes of the runner protocol.

Unknown fields are refused, so that an old runner and a new API detect the difference.
"""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.http.answers.explanation import PoolRunnerShape
from chalicelib.http.shape import LenientShape, Shape

LARGEST_CHUNK = 64 * 1024
LARGEST_OUTPUTS = 1024
Name = Field(min_length=1, max_length=100)
Nonce = Field(min_length=16, max_length=200)

LabelName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$")]
LabelValue = Annotated[str, Field(pattern=r"^[ -~]{0,100}$")]


class LeaseBody(Shape):
    """A request for jobs. nonce: of the request; repeating it returns the same leases.

    capacity, busy, version: of the runner: how many jobs it does at once, how many it holds, its own version.
    executor: by which it runs workloads, if it does. labels: what else it says of itself, by name.

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
    capacity: int | None = Field(default=None, ge=1, le=10_000)
    busy: int | None = Field(default=None, ge=0, le=10_000)
    version: str = Field(default="", max_length=100)
    executor: str = Field(default="", max_length=100)
    labels: dict[LabelName, LabelValue] = Field(default={}, max_length=20)


class WakesBody(Shape):
    """Where a runner of a pool hears of jobs."""

    pool: str = Field(default="default", min_length=1, max_length=100)


class WakesShape(Shape):
    """url: of a WebSocket on which a message comes when a job waits; null where a lease request waits for one itself.

    expires_at: when it must be open, null likewise.
    """

    url: str | None
    expires_at: str | None


class HeldBody(Shape):
    """A request about a leased job, by the runner that holds the lease."""

    token: str = Field(min_length=1, max_length=200)
    number: int = Field(ge=1)


class HeartbeatBody(HeldBody):
    """A heartbeat. began: the work has begun, or begins as soon as this is answered, unless the job must stop.

    busy: how many jobs the runner holds.
    """

    began: bool = False
    busy: int | None = Field(default=None, ge=0, le=10_000)


class HeldLeaseBody(HeldBody):
    """A lease that a runner holds. began: as of a heartbeat."""

    job: str = Field(min_length=1, max_length=1000)
    began: bool = False


class HeartbeatsBody(Shape):
    """A heartbeat of a runner for all its leases. busy: how many jobs it holds."""

    leases: list[HeldLeaseBody] = Field(max_length=100)
    busy: int | None = Field(default=None, ge=0, le=10_000)


class ChunkBody(Shape):
    """A piece of a log. at: RFC 3339."""

    stream: Literal["out", "err", "note"] = "out"
    text: str = Field(max_length=LARGEST_CHUNK)
    at: str = ""


class LogsBody(HeldBody):
    """Chunks to append after number `from`; none to get the length of the log."""

    after: int = Field(ge=0, alias="from")
    chunks: list[ChunkBody] = Field(max_length=500)


class AppendBody(LogsBody):
    """Chunks to append to the log of one of several jobs."""

    job: str = Field(min_length=1, max_length=1000)


class AppendsBody(Shape):
    """Chunks to append to logs of jobs that a runner holds."""

    appends: list[AppendBody] = Field(max_length=100)


class JobCommitBody(Shape):
    """The commit of a build."""

    revision: str = Field(max_length=100)
    branch: str = Field(default="", max_length=300)
    author: str = Field(default="", max_length=300)
    message: str = Field(default="", max_length=2000)


class FinishBody(HeldBody):
    """How a job ended. outputs: under 1 KB in all. document: the text of a file that the job was to read.

    begins_next: what it is leased the runner begins as soon as this is answered; of a lease whose answer says `began`
    no heartbeat need tell it. silent: the runner wrote nothing to the job's log.
    """

    nonce: str = Nonce
    outcome: Literal["succeeded", "failed", "broken", "cancelled"]
    reason: str = Field(default="", max_length=2000)
    outputs: dict[str, str] = Field(default_factory=dict)
    release: str = Field(default="", max_length=300)
    commit: JobCommitBody | None = None
    document: str = Field(default="", max_length=262_144)
    lease_next: LeaseBody | None = None
    begins_next: bool = False
    silent: bool = False


class LeasedJobShape(Shape):
    """A job as its runner gets it. log_head: where to continue its log if another runner had the job before."""

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
    """A leased job, and the lease that requests about it must show. began: its work counts as begun."""

    job: LeasedJobShape
    token: str
    number: int
    lease_seconds: int
    began: bool


class LeasesShape(Shape):
    """Jobs that are leased to a runner."""

    leases: list[LeaseShape]


class OfferShape(LeasesShape):
    """Jobs that are leased to a runner. again_in: seconds after which one that got none asks again; else its wait."""

    again_in: float | None = None


class HeartbeatShape(Shape):
    """cancel: stop the job and finish it as cancelled."""

    cancel: bool
    lease_seconds: int


class LeaseStateShape(Shape):
    """What became of a lease. lost: why the runner holds it no more; blank if it does. cancel: as of a heartbeat.

    lasts: seconds for which it is held from now on.
    """

    job: str
    number: int
    lost: str
    cancel: bool
    lasts: float


class LeaseStatesShape(Shape):
    """The leases of a runner; one that is left out could not be written: ask again. lease_seconds: of a new one."""

    leases: list[LeaseStateShape]
    lease_seconds: int


class RunnerShape(PoolRunnerShape):
    """A runner as it last spoke. up: lately. slots, busy: how many jobs it does at once, and did then, if it says."""

    pool: str


class DrainBody(Shape):
    """Whether the runner is given no more jobs."""

    drained: bool = True


class JobLogHeadShape(Shape):
    """The seq of the last chunk. again_in: seconds for which to gather lines before the next call.

    cancel, lasts: of the lease, as after a heartbeat; left out if it could not be written.
    """

    head: int
    again_in: float
    lease_seconds: int
    cancel: bool | None = None
    lasts: float | None = None


class AppendedLogShape(JobLogHeadShape):
    """A log that has grown. number: of the lease."""

    job: str
    number: int


class AppendedLogsShape(Shape):
    """Logs that have grown; one that is left out has not: append to it alone to hear why."""

    logs: list[AppendedLogShape]


class RunnersQuery(LenientShape):
    """pool: of this one alone."""

    pool: str = ""
