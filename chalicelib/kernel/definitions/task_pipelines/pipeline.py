"""A pipeline of tasks, as its pipeline.json says it: each task a directory of a registered repository."""

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta

from slipway_formats.frozen import frozen


@frozen
class PipelineTask:
    """A task of a pipeline. name: unique in it. branch: empty for the pipeline's own. needs: tasks that end before it.

    runs_if_error: it runs where others have failed or the pipeline is killed, to clean up. env: over the manifest's.
    """

    name: str
    repository: str
    directory: str
    branch: str = ""
    needs: tuple[str, ...] = ()
    runs_if_error: bool = False
    env: Mapping[str, str] = field(default_factory=dict)
    retries: int = 0
    timeout: timedelta | None = None


@frozen
class TaskPipeline:
    """A pipeline of tasks. original: the directory that it was written for."""

    name: str
    original: str = ""
    tasks: tuple[PipelineTask, ...]
