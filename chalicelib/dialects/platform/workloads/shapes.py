"""Shapes of what runners ask and report about jobs of workloads."""

from typing import Literal

from pydantic import Field

from chalicelib.dialects.platform.jobs.shapes import HeldBody
from chalicelib.http.shape import LenientShape, Shape

MOST_PODS = 200


class SettleBody(HeldBody):
    """A runner asks what a job of a workload does. manifest: what its repository says, if it was read there.

    commit: at which it was read. notes: what of it the runner's executor does not do.
    """

    manifest: object = None
    commit: str = Field(default="", max_length=100)
    notes: list[str] = Field(default=[], max_length=20)


class AssignmentShape(Shape):
    """What a job does. duty: run: to its end. keep: keep pods running. none: another run does the rest.

    secrets: values by variable, to be hidden in the log.
    """

    workload: str
    namespace: str
    duty: Literal["run", "keep", "none"]
    manifest: dict[str, object]
    secrets: dict[str, str]


class PodBody(Shape):
    """A pod. started_at: RFC 3339. address: where its port answers, as the runner reaches it."""

    name: str = Field(min_length=1, max_length=253)
    phase: Literal["Pending", "Running", "Succeeded", "Failed", "Unknown"]
    started_at: str = ""
    restarts: int = Field(default=0, ge=0)
    exit_code: int | None = None
    ready: bool = False
    address: str = Field(default="", max_length=200)
    image: str = Field(default="", max_length=600)
    node: str = Field(default="", max_length=253)
    reason: str = Field(default="", max_length=500)


class PodsBody(HeldBody):
    """All pods of a job. report: counts the reports under the lease, from 1."""

    report: int = Field(ge=1)
    pods: list[PodBody] = Field(max_length=MOST_PODS)


class ServiceShape(Shape):
    """Where a service answers. addresses: of pods that are ready."""

    workload: str
    prefix: str
    rewrite: str
    timeout_ms: int
    sticky_sessions: bool
    addresses: list[str]


class NotedShape(Shape):
    """noted: no newer report was known."""

    noted: bool


class ServiceQuery(LenientShape):
    """path: of a request that a service is to answer."""

    path: str
