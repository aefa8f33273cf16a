"""What a script deploys: what its step says, else the snapshot that travels."""

from collections.abc import Mapping, Sequence

from chalicelib.kernel.codec import decode
from chalicelib.kernel.definitions.compile_step import DEPLOYS
from chalicelib.kernel.definitions.pipeline import ScriptDeployment
from chalicelib.kernel.plans.plan import Train as Line
from chalicelib.kernel.trains.numbering import as_version
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.trains.find import find_travelling


def deployed_by_script(
    ports: Ports, project: str, ask: Mapping[str, object], line: Line | None
) -> ScriptDeployment | None:
    """Return what a script deploys; None if that is nothing. project: of its run. ask: the script's request."""
    said = ask.get(DEPLOYS)
    if isinstance(said, Sequence):
        return next((decode(ScriptDeployment, one) for one in said), None)
    found = find_travelling(ports, line) if line is not None else None
    if found is None:
        return None
    return ScriptDeployment(
        project=project,
        application=found.train.application,
        version=as_version(found.snapshot.number, found.snapshot.id),
        number=found.snapshot.number,
    )
