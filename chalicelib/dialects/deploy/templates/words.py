"""Read which templates are requested, and show them."""

from collections.abc import Callable, Sequence

from chalicelib.dialects.deploy.fields import read_fields
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.faults import Invalid
from chalicelib.use_cases.ports.task_templates import TemplateKind
from chalicelib.use_cases.workloads.task_templates import TaskTemplateNamed, TaskTemplateView

PATH = "template_path"


def reader_of_kind(kind: TemplateKind) -> Callable[[Request], TemplateKind]:
    """Return the reader of a list of a kind."""
    return lambda _: kind


def reader_of_template(kind: TemplateKind) -> Callable[[Request], TaskTemplateNamed]:
    """Return the reader of one template of a kind."""

    def read(request: Request) -> TaskTemplateNamed:
        name = read_fields(request, (PATH,)).get(PATH, "")
        if not name:
            raise Invalid.single(PATH, "is required")
        return TaskTemplateNamed(kind=kind, name=name, path=PATH)

    return read


def show_names(names: Sequence[str]) -> Reply:
    """Show the file names of templates."""
    return json_reply({"template_filenames": list(names)})


def show_template(view: TaskTemplateView) -> Reply:
    """Show a template."""
    content: Json = dict(view.content)  # type: ignore[arg-type]  # parsed JSON
    return json_reply({PATH: view.name, "template": content})
