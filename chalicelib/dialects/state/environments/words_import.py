"""Read a local state file to import."""

from collections.abc import Iterable, Iterator, Sequence

from chalicelib.dialects.state.deployments.words import state_of
from chalicelib.dialects.state.environments import shapes_import as shapes
from chalicelib.http.reply import Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.faults import Invalid
from chalicelib.use_cases.projects.import_environments import ImportEnvironments, LocalEnvironment
from slipway_formats.defect import Defect


def read_import(request: Request) -> ImportEnvironments:
    """Read the environments to import. Faults: Invalid with every defect."""
    body, unreadable = request.body_in_part(shapes.StateFile)
    # Unreadable parts are missing in `body` but may contain names, so names are checked in the raw JSON.
    if defects := (*unreadable.defects, *_misnamed(request.json())):
        raise Invalid(defects)
    return ImportEnvironments(
        origin=request.origin,
        project=request.parameters["project"],
        environments=tuple(_local(name, one) for name, one in body.environments.items()),
        overwrite=request.query.flag("overwrite"),
    )


def show_imported(names: Sequence[str]) -> Reply:
    """Show the names of the environments that now match the file."""
    return json_reply({"imported": list(names)})


def _misnamed(body: object) -> Iterator[Defect]:
    """Yield a defect for each object whose `name` differs from its key."""
    for name, environment in _entries(body, "environments"):
        yield from _other_than(name, environment, f"environments.{name}")
        for root, deployment in _entries(environment, "deployments"):
            yield from _other_than(root, deployment, f"environments.{name}.deployments.{root}")


def _entries(body: object, name: str) -> Iterable[tuple[str, object]]:
    entries = body.get(name) if isinstance(body, dict) else None
    return entries.items() if isinstance(entries, dict) else ()


def _other_than(name: str, body: object, place: str) -> Iterator[Defect]:
    given = body.get("name", "") if isinstance(body, dict) else ""
    if isinstance(given, str) and given not in ("", name):
        yield Defect(f"{place}.name", f"should be {name}")


def _local(name: str, body: shapes.LocalEnvironmentBody) -> LocalEnvironment:
    deployments = {root: state_of(one, root) for root, one in (body.deployments or {}).items()}
    return LocalEnvironment(name=name, inputs=body.inputs or {}, deployments=deployments)
