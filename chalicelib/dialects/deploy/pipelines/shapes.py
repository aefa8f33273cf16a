"""Shapes of task pipelines."""

from pydantic import Field

from chalicelib.http.shape import LenientShape, Shape


class PipelineForm(LenientShape):
    """A run of a pipeline in the body. configuration: pipeline.json, as text. project, pool: added, as of tasks."""

    namespace: str
    configuration: str
    project: str = ""
    pool: str = "default"


class BranchForm(LenientShape):
    """A run of a directory's pipeline."""

    branch: str = "master"
    project: str = ""
    pool: str = "default"


class PlacedForm(BranchForm):
    """A run of a directory's pipeline. namespace: the repository's name without one."""

    namespace: str = ""


class PipelineTaskShape(Shape):
    """A task of a pipeline. task_id: of its latest attempt."""

    name: str
    namespacetask: str
    task_id: str | None
    status: str
    dependance: list[str]
    run_if_error: bool = Field(alias="run-if-error")
    started_at: str | None
    finished_at: str | None
    message: str


class PipelineItem(Shape):
    """A run of a pipeline, in short."""

    id: str
    name: str
    namespace: str
    status: str
    created_at: str
    finished_at: str | None
    identity: str


class TaskPipelineShape(PipelineItem):
    """A run of a pipeline with its tasks."""

    project: str
    repository: str
    directory: str
    branch: str
    in_error: bool
    message: str
    tasks: list[PipelineTaskShape]
    state_url: str


class TaskPipelinesShape(Shape):
    """Runs of pipelines. next_token: of the next page, where there are more."""

    pipelines: list[PipelineItem]
    next_token: str | None = None


class KilledShape(Shape):
    """A pipeline that stops."""

    id: str
    status: str
