"""Shapes of lists."""

from pydantic import Field

from chalicelib.dialects.deploy.tasks.shapes import PodShape
from chalicelib.http.shape import Shape


class NamespaceShape(Shape):
    """A namespace, with the project and the environment that it is."""

    name: str
    project: str
    environment: str
    created_at: str
    tasks: int


class TaskNamespacesShape(Shape):
    """Namespaces by name."""

    namespaces: list[NamespaceShape]


class TaskItem(Shape):
    """What each task has."""

    name: str
    namespace: str
    id: str
    status: str


class JobItem(TaskItem):
    """A job."""

    active: int
    succeeded: int
    failed: int
    start_time: str | None
    completion_time: str | None
    image: str


class CronJobItem(TaskItem):
    """A cron job."""

    schedule: str
    suspend: bool
    last_schedule_time: str | None
    next_schedule_time: str | None
    active: int


class DeploymentItem(TaskItem):
    """A deployment."""

    replicas: int
    ready_replicas: int
    image: str


class ServiceItem(DeploymentItem):
    """A service with its deployment."""

    type: str
    cluster_ip: str | None
    ports: list[int]
    prefix: str | None
    access: str | None
    deployment: str


class TasksShape(Shape):
    """Tasks by their kinds."""

    jobs: list[JobItem]
    cron_jobs: list[CronJobItem] = Field(alias="cronJobs")
    deployments: list[DeploymentItem]
    services: list[ServiceItem]


class PodsShape(Shape):
    """Pods."""

    pods: list[PodShape]
