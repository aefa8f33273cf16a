"""How a local state file is read for import."""

from collections.abc import Iterator, Sequence

from chalicelib.dialects.state import shapes_import as shapes
from chalicelib.dialects.state.words_common import origin_of
from chalicelib.dialects.state.words_deployments import state_of
from chalicelib.http.reply import Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.faults import Defect, Invalid
from chalicelib.use_cases.import_environments import ImportEnvironments, LocalEnvironment


def read_import(request: Request) -> ImportEnvironments:
    """Which environments are to be taken over. Faults: Invalid with every defect."""
    body = request.body(shapes.StateFile)
    if defects := tuple(_misnamed(body)):
        raise Invalid(defects)
    return ImportEnvironments(
        origin=origin_of(request),
        project=request.parameters["project"],
        environments=tuple(_local(name, one) for name, one in body.environments.items()),
        overwrite=request.query.flag("overwrite"),
    )


def show_imported(names: Sequence[str]) -> Reply:
    """The environments that are as the file has them."""
    return json_reply({"imported": list(names)})


def _misnamed(body: shapes.StateFile) -> Iterator[Defect]:
    """What says another name than it is found under."""
    for name, environment in body.environments.items():
        if environment.name not in ("", name):
            yield Defect(f"environments.{name}.name", f"should be {name}")
        for root, deployment in (environment.deployments or {}).items():
            if deployment.name not in ("", root):
                yield Defect(f"environments.{name}.deployments.{root}.name", f"should be {root}")


def _local(name: str, body: shapes.LocalEnvironmentBody) -> LocalEnvironment:
    deployments = {root: state_of(one, root) for root, one in (body.deployments or {}).items()}
    return LocalEnvironment(name=name, inputs=body.inputs or {}, deployments=deployments)
