"""What the HTTP calls about jobs carry. The calls: jobs.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job. timeout: seconds. ask: fields of its kind, with secrets. access_token: for API calls of the job itself."""

    id: str
    run: str
    kind: str
    project: str
    environment: str
    name: str
    started_by: str = ""
    attempt: int
    timeout: float | None = None
    ask: Mapping[str, Any] = field(default_factory=dict, repr=False)
    access_token: str = field(default="", repr=False)
    log_head: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A lease of a job. token: authenticates calls about it. number: counts the leases of the job.

    began: the platform counts the work as begun; None of one that is older than this runner and does not say.
    """

    job: Job
    token: str = field(repr=False)
    number: int
    began: bool | None = None

    @property
    def name(self) -> str:
        """A unique name of the lease."""
        return f"{self.job.id}-{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A piece of a log. stream: out, err or note. at: RFC 3339."""

    stream: str
    text: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Append:
    """Chunks that follow a position of the log of a lease."""

    lease: Lease
    after: int
    chunks: Sequence[Chunk]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a job ended. release: `ns/app-v1.2`. commit: revision, branch, author, message. document: what it read.

    silent: nothing was written to its log.
    """

    outcome: str
    reason: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)
    release: str = ""
    commit: Mapping[str, str] = field(default_factory=dict)
    document: str = field(default="", repr=False)
    silent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What a job of a workload does. duty: run, keep or none. secrets: values by variable."""

    workload: str
    namespace: str
    duty: str
    manifest: Mapping[str, Any]
    secrets: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """A request for leases. nonce: unguessable, makes retries idempotent. wait: seconds of long polling.

    without: projects of which no job is wanted.
    """

    slots: int
    nonce: str
    wait: float = 0.0
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What the platform answers to a request for leases. again_in: seconds after which to ask again, if it says so."""

    leases: Sequence[Lease]
    again_in: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseState:
    """What became of a lease. lost: why it is held no more; blank if it is. cancel: its job must stop.

    ago: seconds since it was last renewed.
    """

    lost: str = ""
    cancel: bool = False
    ago: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """A log that has grown. pace: seconds to gather more. lease: what became of it; None if that is not said."""

    pace: float
    lease: LeaseState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a runner says of itself. slots: how many jobs it does at once. executor: of workloads, if it has one.

    labels: what else it is, by name.
    """

    pool: str
    runner: str
    slots: int | None = None
    version: str = ""
    executor: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
