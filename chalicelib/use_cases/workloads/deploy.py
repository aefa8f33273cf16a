"""Deploy a workload: from a manifest that is given, or from one in a repository, which a runner reads."""

from dataclasses import replace

from chalicelib.kernel.workloads.transitions import LOOK_AFTER, require_free
from chalicelib.kernel.workloads.workload import CodeSource, Workload
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.launch.run_ids import run_id_for
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.workloads.begin import begin_run, is_running
from chalicelib.use_cases.workloads.executors import require_executor
from chalicelib.use_cases.workloads.settle import Settlement, settle_workload
from slipway_formats.defect import Defect, Invalid
from slipway_formats.frozen import frozen
from slipway_formats.workloads.cron import cron_defect
from slipway_formats.workloads.manifest import Manifest
from slipway_formats.workloads.manifest_reader import name_defect, read_manifest


@frozen
class DeployWorkload:
    """Deploy a workload to an environment of a project, in which the caller may write.

    namespace: the environment, as the caller calls it. source: where its files are, and its manifest, if none is given.
    manifest: as JSON. name, schedule: instead of the manifest's; blank for its own.
    """

    origin: Origin
    project: str
    environment: str
    namespace: str
    pool: str = "default"
    source: CodeSource | None = None
    manifest: object = None
    name: str = ""
    schedule: str = ""


def deploy_workload(ports: Ports, command: DeployWorkload) -> Workload:
    """Deploy the workload; its run begins soon. Where another has its name, that is replaced.

    A manifest in a repository is read by a runner: what is wrong with it is told by the workload's status. Faults:
    Invalid with every defect, Conflict if the name is in use or no runner of the pool has an executor, Stale.
    """
    manifest = check_deploy(command)
    require_executor(ports, command.pool, command.project)
    fresh = _new(ports, command)
    subject = f"{command.namespace}/{manifest.name if manifest is not None else fresh.given_name or fresh.id}"
    action = AuditAction(act="deployed-workload", subject=subject, project=command.project, details=_details(fresh))
    entry = entry_of(command.origin, action)
    if manifest is not None:
        return settle_workload(ports, fresh, Settlement(manifest=manifest), entry)
    _refuse_running(ports, fresh)
    stored = ports.workloads.save(replace(fresh, run=fresh.id), entry=entry)
    begin_run(ports, stored, stored.id)
    return stored


def check_deploy(command: DeployWorkload) -> Manifest | None:
    """Return the manifest that is given, if one is. Faults: Invalid with every defect."""
    _refuse_given(command)
    return _manifest(command)


def _refuse_given(command: DeployWorkload) -> None:
    given = (("name", command.name, name_defect), ("schedule", command.schedule, cron_defect))
    defects = [Defect(path, said) for path, text, defect in given if text and (said := defect(text))]
    if command.manifest is None and command.source is None:
        defects.append(Defect("configuration", "must be given, or a repository with one"))
    if defects:
        raise Invalid(tuple(defects))


def _manifest(command: DeployWorkload) -> Manifest | None:
    if command.manifest is None:
        return None
    try:
        manifest = read_manifest(command.manifest, name=command.name, schedule=command.schedule)
    except Invalid as wrong:
        raise Invalid(tuple(replace(defect, code="MANIFEST_INVALID") for defect in wrong.defects)) from wrong
    if manifest.image_destination and command.source is None:
        said = "is built from a repository and directory, which must be given"
        raise Invalid((Defect("image-destination", said, "DESTINATION_NEEDS_SOURCE"),))
    return manifest


def _new(ports: Ports, command: DeployWorkload) -> Workload:
    own = run_id_for(ports, command.origin)
    return Workload(
        id=own,
        project=command.project,
        environment=command.environment,
        namespace=command.namespace,
        pool=command.pool,
        by=command.origin.by.name,
        created_at=command.origin.at,
        source=command.source,
        given_name=command.name,
        given_schedule=command.schedule,
        run="" if command.manifest is None else own,
        look_at=ports.clock.now() + LOOK_AFTER,
    )


def _details(workload: Workload) -> dict[str, str]:
    source = workload.source
    known = {"workload": workload.id, "environment": workload.environment}
    place = {"repository": source.repository, "directory": source.directory} if source is not None else {}
    return {**known, **place}


def _refuse_running(ports: Ports, workload: Workload) -> None:
    """Refuse at once what a running job would refuse later, when the name is known. Faults: Conflict."""
    if not workload.given_name:
        return
    holder = ports.workloads.find_named(workload.project, workload.environment, workload.given_name)
    if holder is not None and not holder.lasts and holder.kind is not None and is_running(ports, holder):
        require_free(holder, replace(workload, name=workload.given_name, kind=holder.kind), is_running=True)
