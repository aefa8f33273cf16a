"""Read which tasks are looked at, started and deleted, and show their pages."""

from dataclasses import replace

from chalicelib.dialects.console.frame.forms import Field
from chalicelib.dialects.console.frame.headers import leave_for, page_reply
from chalicelib.dialects.console.frame.live import Unchanged, live_reply
from chalicelib.dialects.console.frame.templates import render
from chalicelib.dialects.console.frame.words import read_frame
from chalicelib.dialects.console.tasks.acts import ActOnTask, StartByForm
from chalicelib.dialects.console.tasks.page import Search, Tab, TasksPage
from chalicelib.dialects.console.tasks.task import TaskPage, TaskQuery
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.workloads.workload import Workload
from chalicelib.use_cases.installation.code_sources import SourcePlace
from chalicelib.use_cases.pagination import Slice
from chalicelib.use_cases.task_pipelines.from_git import RunFromGit
from chalicelib.use_cases.task_pipelines.views import PipelineView
from chalicelib.use_cases.workloads.lists import TasksQuery
from chalicelib.use_cases.workloads.tasks import DeployTask, RemoveTaskOfId, RunTaskAgain, TaskNamed
from chalicelib.use_cases.workloads.views import WorkloadView
from slipway_formats.workloads.manifest import WorkloadKind

PAGE_SIZE = 25
FIELDS = (
    Field(name="project", word="Project"),
    Field(name="namespace", word="Namespace"),
    Field(name="kind", word="Kind", options=tuple(WorkloadKind)),
)
NEEDED = ("repository", "directory")


def read_search(request: Request) -> Search:
    """Read what is looked for; an empty filter is none. Faults: Invalid."""
    tab = request.query.text("view") or Tab.TASKS
    if tab not in set(Tab):
        raise Invalid.single("view", f"should be one of {', '.join(Tab)}")
    given = {field.name: request.query.text(field.name) or "" for field in FIELDS}
    kind = given["kind"]
    if kind and kind not in set(WorkloadKind):
        raise Invalid.single("kind", f"should be one of {', '.join(WorkloadKind)}")
    sought = TasksQuery(
        by=request.asker,
        namespace=given["namespace"],
        project=given["project"],
        kind=WorkloadKind(kind) if kind else None,
        slice=Slice(size=PAGE_SIZE, after=request.query.text("page_from") or ""),
    )
    filters = tuple((name, value) for name, value in given.items() if value)
    return Search(frame=read_frame(request), now=request.now, tab=Tab(tab), sought=sought, given=filters)


def show_found(page: TasksPage) -> Reply:
    """Show the list."""
    search = page.search
    given = dict(search.given)
    of_tab = [field for field in FIELDS if search.tab is Tab.TASKS or field.name != "kind"]
    fields = [replace(field, value=given.get(field.name, "")) for field in of_tab]
    return page_reply(render("tasks/tasks.html", search.frame, page=page, fields=fields, now=search.now))


def read_task(request: Request) -> TaskQuery:
    """Read which task is looked at."""
    of = TaskNamed(by=request.asker, id=_id_in(request))
    return TaskQuery(frame=read_frame(request), now=request.now, of=of, known=request.query.text("known") or "")


def _id_in(request: Request) -> str:
    # The Deploy API and the command line write it before their ids.
    return request.parameters["task"].removeprefix("tsk_")


def show_task(page: TaskPage | Unchanged) -> Reply:
    """Show the page of a task, or nothing to who sees it already."""
    return live_reply(
        page,
        lambda shown: page_reply(render("tasks/task.html", shown.asked.frame, page=shown, now=shown.asked.now)),
    )


def read_start(request: Request) -> StartByForm:
    """Read which directory is deployed or run, under which name and where. Faults: Invalid, TooLarge."""
    form = {name: value.strip() for name, value in request.form() if value.strip()}
    if missing := [name for name in NEEDED if name not in form]:
        raise Invalid.single(missing[0], "is missing")
    source = SourcePlace(repository=form["repository"], directory=form["directory"], branch=form.get("branch", ""))
    return StartByForm(start=_start(request, form, source), is_by_session=request.is_ambient)


def _start(request: Request, form: dict[str, str], source: SourcePlace) -> DeployTask | RunFromGit:
    namespace, project = form.get("namespace", source.repository), form.get("project", "")
    match form.get("what", "task"):
        case "task":
            return DeployTask(
                origin=request.origin,
                namespace=namespace,
                project=project,
                source=source,
                name=form.get("name", ""),
                schedule=form.get("schedule", ""),
            )
        case "pipeline":
            name = form.get("name", source.directory.rpartition("/")[2])
            return RunFromGit(origin=request.origin, namespace=namespace, project=project, source=source, name=name)
        case _:
            raise Invalid.single("what", "should be task or pipeline")


def show_started(view: WorkloadView | PipelineView) -> Reply:
    """Lead to what has begun: the page of a task, or of a pipeline's run."""
    if isinstance(view, PipelineView):
        return leave_for(f"./runs/{view.view.run.id}")
    return leave_for(f"./tasks/{view.workload.id}")


def read_act(request: Request) -> ActOnTask:
    """Read what is done to a task. Faults: Invalid, TooLarge."""
    act, own = dict(request.form()).get("act", ""), _id_in(request)
    match act:
        case "again":
            return ActOnTask(act=RunTaskAgain(origin=request.origin, id=own), is_by_session=request.is_ambient)
        case "delete":
            return ActOnTask(act=RemoveTaskOfId(origin=request.origin, id=own), is_by_session=request.is_ambient)
        case _:
            raise Invalid.single("act", "should be again or delete")


def show_done(done: WorkloadView | Workload) -> Reply:
    """Lead to the new task, or to the list where one is gone."""
    if isinstance(done, Workload):
        return leave_for("../../tasks")
    return leave_for(f"../../tasks/{done.workload.id}")
