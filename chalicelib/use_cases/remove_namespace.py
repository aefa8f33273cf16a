"""Forgetting a namespace with everything in it but the files of packages."""

from chalicelib.kernel.principal import may
from chalicelib.kernel.role import Level
from chalicelib.use_cases.authorise import demand
from chalicelib.use_cases.hooks import forget_secrets
from chalicelib.use_cases.ports import Ports
from chalicelib.use_cases.write_audit import Deed, Origin, write_audit


def remove_namespace(ports: Ports, ask: tuple[Origin, str]) -> None:
    """Ensures that there is no such namespace. One that the asker may not see is none. Faults: Forbidden."""
    origin, name = ask
    project = ports.inventory.project_of(name)
    if project is None or not may(origin.by, Level.READ, project):
        return
    demand(origin.by, Level.OWNER, project, missing=f"no namespace {name}")
    units = [(name, ""), *((name, one.name) for one in ports.inventory.applications(name))]
    # Before the rest: what is broken off here is gone on with by asking again.
    write_audit(ports, origin, Deed(act="removed-namespace", subject=name, project=project))
    for unit in units:
        forget_secrets(ports, ports.inventory.hooks(unit), {})
    ports.inventory.remove_namespace(name)
