"""Read uploads of templates of tasks and task pipelines, and show them."""

from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.ports.task_templates import TemplateKind
from chalicelib.use_cases.workloads.task_templates import SaveTaskTemplate, TaskTemplateView


def read_saved(request: Request) -> SaveTaskTemplate:
    """Read a template that is uploaded. Faults: Invalid, NotFound for another kind, TooLarge."""
    kind = request.parameters["kind"]
    if kind not in list(TemplateKind):
        raise NotFound(f"no templates of a {kind[:50]}")
    return SaveTaskTemplate(
        origin=request.origin, kind=TemplateKind(kind), name=request.parameters["name"], content=request.json()
    )


def show_saved(view: TaskTemplateView) -> Reply:
    """Show a template with its name."""
    content: Json = dict(view.content)  # type: ignore[arg-type]  # parsed JSON
    return json_reply({"name": view.name, "template": content})
