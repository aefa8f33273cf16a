"""How a local state file is read for import."""

from collections.abc import Iterable, Iterator, Sequence

from chalicelib.dialects.state.deployments.words import state_of
from chalicelib.dialects.state.environments import shapes_import as shapes
from chalicelib.http.reply import Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.faults import Defect, Invalid
from chalicelib.use_cases.projects.import_environments import ImportEnvironments, LocalEnvironment


def read_import(request: Request) -> ImportEnvironments:
    """Which environments are to be taken over. Faults: Invalid with every defect."""
    body, unreadable = request.body_in_part(shapes.StateFile)
    # What could not be read is left out of the body, and may hold names all the same.
    if defects := (*unreadable.defects, *_misnamed(request.json())):
        raise Invalid(defects)
    return ImportEnvironments(
        origin=request.origin,
        project=request.parameters["project"],
        environments=tuple(_local(name, one) for name, one in body.environments.items()),
        overwrite=request.query.flag("overwrite"),
    )


def show_imported(names: Sequence[str]) -> Reply:
    """The environments that are as the file has them."""
    return json_reply({"imported": list(names)})


def _misnamed(body: object) -> Iterator[Defect]:
    """What says another name than it is found under."""
    for name, environment in _held(body, "environments"):
        yield from _other_than(name, environment, f"environments.{name}")
        for root, deployment in _held(environment, "deployments"):
            yield from _other_than(root, deployment, f"environments.{name}.deployments.{root}")


def _held(body: object, name: str) -> Iterable[tuple[str, object]]:
    held = body.get(name) if isinstance(body, dict) else None
    return held.items() if isinstance(held, dict) else ()


def _other_than(name: str, body: object, place: str) -> Iterator[Defect]:
    said = body.get("name", "") if isinstance(body, dict) else ""
    if isinstance(said, str) and said not in ("", name):
        yield Defect(f"{place}.name", f"should be {name}")


def _local(name: str, body: shapes.LocalEnvironmentBody) -> LocalEnvironment:
    deployments = {root: state_of(one, root) for root, one in (body.deployments or {}).items()}
    return LocalEnvironment(name=name, inputs=body.inputs or {}, deployments=deployments)
