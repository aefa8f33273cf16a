"""Read loads of configurations, and show what they have come to."""

from collections.abc import Callable

from chalicelib.dialects.deploy.fields import read_fields
from chalicelib.dialects.deploy.words import WORK, id_in, instant, source_in
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.definitions.compile_load import LoadKind
from chalicelib.use_cases.workloads.loading import LoadStatus, LoadView
from chalicelib.use_cases.workloads.loads import LoadConfiguration, LoadNamed

NOT_LOADED = "NOT_LOADED"


def reader_of_load(kind: LoadKind) -> Callable[[Request], LoadConfiguration]:
    """Return the reader of a new load of a kind."""

    def read(request: Request) -> LoadConfiguration:
        fields = read_fields(request, ("branch",))
        return LoadConfiguration(origin=request.origin, kind=kind, source=source_in(request, fields))

    return read


def reader_of_state(kind: LoadKind) -> Callable[[Request], LoadNamed]:
    """Return the reader of which load of a kind is requested."""
    return lambda request: LoadNamed(by=request.asker, kind=kind, id=id_in(request, "work_id", WORK))


def show_begun(view: LoadView) -> Reply:
    """Show that a load was accepted."""
    return json_reply({"work_id": f"{WORK}{view.id}", "status": view.status.value.upper()})


def show_load(view: LoadView) -> Reply:
    """Show what a load has come to."""
    failed = view.status is LoadStatus.ERROR
    configuration: Json = view.configuration  # type: ignore[assignment]  # parsed JSON
    return json_reply(
        {
            "work_id": f"{WORK}{view.id}",
            "kind": view.kind.value,
            "status": view.status.value.upper(),
            "commit": view.commit or None,
            "configuration": configuration,
            "error": {"code": NOT_LOADED, "message": view.message} if failed else None,
            "expires_at": instant(view.expires_at),
        }
    )
