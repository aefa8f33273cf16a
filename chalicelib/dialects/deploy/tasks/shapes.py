"""Shapes of tasks: the fields of forms, and what is shown."""

from chalicelib.http.shape import LenientShape, Shape


class SourceForm(LenientShape):
    """A deploy of a directory. project, pool: added; whose a new namespace is to be, and which runners do the work."""

    branch: str = "master"
    schedule: str = ""
    project: str = ""
    pool: str = "default"


class ElaborateForm(SourceForm):
    """A deploy of a directory. namespace: the repository's name without one."""

    namespace: str = ""
    name: str = ""


class ConfigurationForm(LenientShape):
    """A deploy of a manifest. configuration: manifest.json, as text."""

    namespace: str
    configuration: str
    repository: str = ""
    directory: str = ""
    branch: str = ""
    project: str = ""
    pool: str = "default"


class TaskShape(Shape):
    """A task that was accepted."""

    id: str
    name: str | None
    namespace: str
    kind: str | None
    repository: str
    directory: str
    branch: str
    commit: str | None
    schedule: str
    status: str
    operation: str
    identity: str
    created_at: str
    state_url: str


class ContainerShape(Shape):
    """The process of a pod."""

    name: str
    image: str
    ready: bool
    exit_code: int | None


class PodShape(Shape):
    """A running instance of a task."""

    name: str
    namespace: str
    phase: str
    task_id: str
    node: str | None
    restarts: int
    started_at: str | None
    reason: str
    containers: list[ContainerShape]


class TaskStateShape(TaskShape):
    """The state of a task. env: names of its variables."""

    project: str
    started_at: str | None
    finished_at: str | None
    exit_code: int | None
    attempt: int
    pods: list[PodShape]
    message: str
    notes: list[str]
    env: list[str]
    log_url: str | None


class GoneShape(Shape):
    """What was deleted."""

    kind: str
    namespace: str
    name: str


class RemovedTaskShape(Shape):
    """What was deleted: of a service also its deployment."""

    deleted: GoneShape | list[GoneShape]
