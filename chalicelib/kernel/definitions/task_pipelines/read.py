"""Read a pipeline.json, with every defect at once, each with its code; and write one."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from graphlib import CycleError, TopologicalSorter

from chalicelib.kernel.definitions.task_pipelines.pipeline import PipelineTask, TaskPipeline
from slipway_formats.defect import Defect, Invalid
from slipway_formats.git_address import is_branch
from slipway_formats.workloads.directory import directory_defect
from slipway_formats.workloads.field_reader import FieldReader

INVALID, CYCLE, UNKNOWN, DUPLICATE = "PIPELINE_INVALID", "CYCLE", "UNKNOWN_DEPENDANCE", "DUPLICATE_TASK"
MOST_TASKS = 1000
NEEDS = "dependance"
"""As it is written; the right spellings are read too."""

ALIASES = ("dependence", "depends-on")
LONGEST_TIMEOUT = 604_800

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,254}")


def read_task_pipeline(raw: object, *, name: str = "") -> TaskPipeline:
    """Return what a pipeline.json says. name: instead of its own. Faults: Invalid."""
    given = {**raw, "name": name} if name and isinstance(raw, Mapping) else raw
    reader = FieldReader(given)
    pipeline = TaskPipeline(
        name=reader.text("name", pipeline_name_defect),
        original=reader.text("original"),
        tasks=tuple(_task(reader, path, one) for path, one in reader.items("tasks")),
    )
    reader.end()
    if not pipeline.name and not any(defect.path == "name" for defect in reader.defects):
        reader.refuse("name", "is required")
    if not pipeline.tasks and not any(defect.path == "tasks" for defect in reader.defects):
        reader.refuse("tasks", "there is none")
    found = (*(replace(defect, code=INVALID) for defect in reader.defects), *_graph_defects(pipeline.tasks))
    if found:
        raise Invalid(found)
    return pipeline


def written_task_pipeline(pipeline: TaskPipeline) -> dict[str, object]:
    """Return a pipeline as JSON."""
    return {"name": pipeline.name, "original": pipeline.original, "tasks": [_written(one) for one in pipeline.tasks]}


def _task(reader: FieldReader, path: str, raw: object) -> PipelineTask:
    task = reader.inner(path, raw)
    repository, _, directory = task.text("namespacetask", _place_defect).partition("/")
    found = PipelineTask(
        name=task.text("name", pipeline_name_defect),
        repository=repository,
        directory=directory,
        branch=task.text("branch", _branch_defect),
        needs=_needs(task),
        runs_if_error=task.flag("run-if-error"),
        env=_env(task),
        retries=task.whole("retries", 0, range(99)),
        timeout=timedelta(seconds=seconds) if (seconds := task.whole("timeout-seconds", 0, _SPAN)) else None,
    )
    task.end()
    for key, text in (("name", found.name), ("namespacetask", repository)):
        if isinstance(raw, Mapping) and not text and raw.get(key) in (None, ""):
            task.refuse(key, "is required")
    return found


_SPAN = range(LONGEST_TIMEOUT + 1)


def _needs(task: FieldReader) -> tuple[str, ...]:
    given = [key for key in (NEEDS, *ALIASES) if task.value(key) is not None]
    for other in given[1:]:
        task.refuse(other, f"says the same as {given[0]}")
    return tuple(dict.fromkeys(task.texts(given[0]))) if given else ()


def _env(task: FieldReader) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for path, raw in task.items("env"):
        one = task.inner(path, raw)
        name, value = one.text("name", _variable_defect), one.text("value")
        one.end()
        found[name] = value
    return found


def _graph_defects(tasks: tuple[PipelineTask, ...]) -> Iterable[Defect]:
    names = [task.name for task in tasks]
    for place, task in enumerate(tasks):
        if task.name and task.name in names[:place]:
            yield Defect(f"tasks[{place}].name", f"task {task.name!r} is there already", DUPLICATE)
        for number, need in enumerate(task.needs):
            if need not in names:
                yield Defect(f"tasks[{place}].{NEEDS}[{number}]", f"unknown task {need[:64]!r}", UNKNOWN)
    try:
        TopologicalSorter({task.name: task.needs for task in tasks}).prepare()
    except CycleError as error:
        yield Defect("tasks", f"need one another: {' -> '.join(reversed(error.args[1]))}", CYCLE)


def _written(task: PipelineTask) -> dict[str, object]:
    more = {
        "branch": task.branch,
        "env": [{"name": name, "value": value} for name, value in task.env.items()],
        "retries": task.retries,
        "timeout-seconds": int(task.timeout.total_seconds()) if task.timeout is not None else 0,
    }
    return {
        "name": task.name,
        "namespacetask": f"{task.repository}/{task.directory}",
        NEEDS: list(task.needs),
        "run-if-error": task.runs_if_error,
        **{key: value for key, value in more.items() if value},
    }


def pipeline_name_defect(name: str) -> str:
    """Return what is wrong with the name of a pipeline or of a task in one; blank if nothing is."""
    return "" if _NAME.fullmatch(name) else "should have 1 to 63 letters, digits, _, - and dots, first no sign"


def _variable_defect(name: str) -> str:
    return "" if _VARIABLE.fullmatch(name) else "is no name of a variable"


def _branch_defect(branch: str) -> str:
    return "" if is_branch(branch) else "is no name of a branch"


def _place_defect(place: str) -> str:
    repository, slash, directory = place.partition("/")
    if not repository or not slash:
        return "should be <repository>/<directory>"
    return directory_defect(directory)
