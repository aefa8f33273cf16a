"""Shapes of lists."""

from pydantic import Field

from chalicelib.dialects.deploy.tasks.shapes import PodShape
from chalicelib.http.shape import LenientShape, Shape


class PageQuery(LenientShape):
    """A page of a list; without a limit, all of it. next_token: that of the page before."""

    limit: int | None = Field(default=None, ge=1, le=500)
    next_token: str = ""


class PagedShape(Shape):
    """A list, or a page of it. next_token: of the next page, where there are more."""

    next_token: str | None = None


class NamespaceShape(Shape):
    """A namespace, with the project and the environment that it is."""

    name: str
    project: str
    environment: str
    created_at: str
    tasks: int
    pipelines: int


class TaskNamespacesShape(PagedShape):
    """Namespaces by name."""

    namespaces: list[NamespaceShape]


class TaskItem(Shape):
    """What each task has."""

    name: str
    namespace: str
    id: str
    status: str


class JobItem(TaskItem):
    """A job. cronjob: that has started it; added."""

    active: int
    succeeded: int
    failed: int
    start_time: str | None
    completion_time: str | None
    image: str
    cronjob: str | None


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


class TasksShape(PagedShape):
    """Tasks by their kinds."""

    jobs: list[JobItem]
    cron_jobs: list[CronJobItem] = Field(alias="cronJobs")
    deployments: list[DeploymentItem]
    services: list[ServiceItem]


class PodsShape(PagedShape):
    """Pods."""

    pods: list[PodShape]
