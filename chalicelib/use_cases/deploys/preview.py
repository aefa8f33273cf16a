"""What a deploy would change and do, before anybody asks for it: nothing is changed, started or stored."""

from collections.abc import Iterator, Mapping
from dataclasses import field

from chalicelib.kernel import names
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.changes.change_set import ChangeSet
from chalicelib.kernel.definitions.compile_deployment import Action
from chalicelib.kernel.definitions.definition import DeploymentJob, ref_of, title
from chalicelib.kernel.definitions.handles import ending_handle
from chalicelib.kernel.explanation.reasons import of_freeze
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans.freezes import end_of
from chalicelib.kernel.plans.work import JobKind
from chalicelib.kernel.releases.release import Release, ReleaseKey
from chalicelib.kernel.secret_inputs import parted, secret_input_defects
from chalicelib.use_cases.changes.between import for_caller, with_what_lies_between
from chalicelib.use_cases.changes.deployments import changes_by_deploy
from chalicelib.use_cases.changes.read_once import reading_of
from chalicelib.use_cases.launch.find import job_named, refuse_disabled
from chalicelib.use_cases.launch.resolve_release import release_of_query
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen
from slipway_formats.release import ReleaseStage
from slipway_formats.release_id import parse
from slipway_formats.version import Exact

GIVEN = "given with this deploy"
"""In place of the reference of a secret that is not stored."""

DEPLOY_STAGES = ("pre_deploy", "deploy", "post_deploy")


@frozen
class PreviewDeploy:
    """Query: what a deploy would change. version: a query; by default the job's own. inputs: besides the job's."""

    by: Principal
    project: str
    environment: str
    deployment: str
    version: str = ""
    inputs: Mapping[str, object] = field(default_factory=dict)


@frozen
class EffectToCome:
    """One thing that a deploy does besides. kind: script, dependency, pipeline, hold or warning. what: in words."""

    kind: str
    what: str


@frozen
class DeployPreview:
    """What a deploy of a release would change and do. digest: of the change set, of which all may not be shown."""

    release: str
    changes: ChangeSet
    digest: str
    effects: tuple[EffectToCome, ...] = ()


def preview_deploy(ports: Ports, query: PreviewDeploy) -> DeployPreview:
    """Tell what a deploy would change. Faults: NotFound; Conflict if the job is disabled; Invalid."""
    job = job_named(ports, query.project, query.environment, query.deployment)
    refuse_disabled(ref_of(job), disabled=job.disabled)
    if defects := (*names.variables(query.inputs, "inputs"), *secret_input_defects(query.inputs, {}, "inputs")):
        raise Invalid(defects)
    given = parted(query.inputs)
    release = release_of_query(ports, job, query.version)
    secrets = dict.fromkeys(given.secrets, GIVEN)
    action = Action(kind=JobKind.DEPLOY, release=release, inputs=given.plain, secrets=secrets)
    reading = reading_of(ports)
    whole = ChangeSet(deployments=(changes_by_deploy(reading, job, action),))
    return DeployPreview(
        release=release,
        changes=with_what_lies_between(reading, query.by, for_caller(query.by, whole)),
        digest=whole.digest,
        effects=tuple(_effects(ports, job, release)),
    )


def _effects(ports: Ports, job: DeploymentJob, release: str) -> Iterator[EffectToCome]:
    found = release_of_id(ports, release)
    if found is not None:
        yield from _of_release(found)
    for ref in ports.definitions.found_by(ending_handle(ref_of(job))):
        yield EffectToCome(kind="pipeline", what=f"{title(ref)} starts when it has succeeded")
    now = ports.clock.now()
    for freeze in ports.freezes.current().all:
        ends = end_of(freeze, now) if freeze.covers(job.project, job.environment) else None
        if ends is not None:
            yield EffectToCome(kind="hold", what=of_freeze(freeze, ends))


def _of_release(release: Release) -> Iterator[EffectToCome]:
    if release.yanked is not None:
        yield EffectToCome(
            kind="warning", what=f"the release was yanked by {release.yanked.by}: {release.yanked.reason}"
        )
    if release.package is None:
        yield EffectToCome(kind="warning", what="the release has no package yet, and cannot be deployed without")
    if scripts := scripts_of(release):
        yield EffectToCome(kind="script", what=f"a runner performs {', '.join(scripts)}")
    for one in release.metadata.depends or ():
        if one.is_in("deploy"):
            yield EffectToCome(kind="dependency", what=f"{one.release_id} is deployed with it")


def scripts_of(release: Release) -> tuple[str, ...]:
    """Return the stages of a deploy for which a release has something to perform."""
    stages = release.metadata.stages or {}
    return tuple(name for name in DEPLOY_STAGES if name in stages and stages[name] != ReleaseStage())


def release_of_id(ports: Ports, release: str) -> Release | None:
    """Return the release of an exact id; None if there is none."""
    known = parse(release)
    if not isinstance(known.query, Exact):
        return None
    key = ReleaseKey(namespace=known.namespace, application=known.application, version=known.query.version)
    return ports.releases.find_release(key)
