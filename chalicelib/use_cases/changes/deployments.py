"""What is done to a deployment by a step, or by a deploy that somebody asks for, against what is there."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from chalicelib.kernel.changes.change_set import DeploymentChange
from chalicelib.kernel.changes.values import Given, values_that_differ
from chalicelib.kernel.definitions.compile_deployment import Action
from chalicelib.kernel.definitions.definition import DeploymentJob, job_ref
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, NotFound
from chalicelib.kernel.names import DEFAULT_NAMESPACE
from chalicelib.kernel.plans.plan import Plan, Stage
from chalicelib.kernel.plans.work import DefinitionKind, Job, JobKind, RunDefinition
from chalicelib.use_cases.changes.reading import Place, Reading, There
from chalicelib.use_cases.launch.plan import deploying
from chalicelib.use_cases.launch.resolve_release import release_ruled, released_by
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.sensitive import SensitiveNames
from chalicelib.use_cases.trains.deployed_by_script import deployed_by_script
from chalicelib.use_cases.variables.of_script import ScriptPlace, variables_of_script
from slipway_formats.release_id import parse
from slipway_formats.version import Exact


def changes_of_stage(reading: Reading, plan: Plan, run: Run, stage: Stage) -> Iterator[DeploymentChange]:
    """Yield what each step of a stage does to a deployment. stage: with the steps that count alone."""
    for step in stage.steps:
        work = step.work
        if isinstance(work, RunDefinition) and work.kind is DefinitionKind.DEPLOYMENT_JOB:
            yield from _of_definition(reading, run, work)
        elif isinstance(work, Job) and work.kind is JobKind.SCRIPT:
            yield from _of_script(reading, plan, stage, work)


def changes_by_deploy(reading: Reading, job: DeploymentJob, action: Action) -> DeploymentChange:
    """Return what a deploy of a release would change. Faults: NotFound."""
    ports, place = reading.ports, Place(project=job.project, environment=job.environment, deployment=job.deployment)
    there, whole = reading.there(place), deploying(ports, job, action)
    version = _version(action.release)
    application = "/".join(released_by(job))
    hidden = {
        *there.given.hidden,
        *(SensitiveNames(ports=ports).of(application, version) or ()),
        *(SensitiveNames(ports=ports).of(there.application, there.version) or ()),
    }
    given = Given(plain=whole.inputs, secrets=whole.secrets, hidden=hidden, salt=_salt(ports, job))
    change = _against(place, there, given, whole.providers)
    return replace(change, application=application, new=version)


def _of_definition(reading: Reading, run: Run, work: RunDefinition) -> Iterator[DeploymentChange]:
    kind = work.action or JobKind.DEPLOY
    place = Place(project=work.project, environment=work.environment, deployment=work.name)
    if kind is JobKind.DESTROY:
        there = reading.there(place)
        yield replace(_bare(place, there), action=kind, application=there.application)
    if kind is not JobKind.DEPLOY:
        return
    try:
        yield _of_deploy(reading, run, work)
    except (Conflict, Forbidden, Invalid, NotFound) as fault:
        there = reading.there(place)
        yield replace(_bare(place, there), application=there.application, reason=str(fault))


def _of_deploy(reading: Reading, run: Run, work: RunDefinition) -> DeploymentChange:
    ports, ref = reading.ports, job_ref(work.project, work.environment, work.name)
    job = reading.once(ref, lambda: ports.definitions.definition(ref))
    if not isinstance(job, DeploymentJob):
        raise NotFound(f"no deployment job {work.name}")
    # Many runs may wait for one release.
    rule = (ref, work.version, work.tag, work.of_environment, work.of_deployment, run.releases)
    release = reading.once(rule, lambda: release_ruled(ports, job, work, run))
    action = Action(kind=JobKind.DEPLOY, release=release, inputs=work.inputs, secrets=work.secrets)
    key = (ref, release, str(work.inputs), str(work.secrets))
    return reading.once(key, lambda: changes_by_deploy(reading, job, action))


def _of_script(reading: Reading, plan: Plan, stage: Stage, work: Job) -> Iterator[DeploymentChange]:
    """Yield what a script leaves in State: of a snapshot that travels, with the variables that count for it."""
    deployed = deployed_by_script(reading.ports, plan.definition.project, work.ask, plan.travels)
    environment = (work.environment if plan.travels is not None else "") or stage.environment
    if deployed is None or not environment:
        return
    place = Place(project=deployed.project, environment=environment, deployment=deployed.application)
    there = reading.there(place)
    now = _variables(reading.ports, plan, stage, work)
    change = _against(place, replace(there, given=_variables_there(reading.ports, there, stage, work)), now, {})
    yield replace(change, application=f"{DEFAULT_NAMESPACE}/{deployed.application}", new=deployed.version, providers=())


def _variables(ports: Ports, plan: Plan, stage: Stage, work: Job) -> Given:
    """Return the variables that count now for a script of a run; none if no snapshot travels with it."""
    if plan.travels is None:
        return Given()
    environment = work.environment or stage.environment or plan.definition.environment
    place = ScriptPlace(line=plan.travels, run=plan.id, stage=stage.key, environment=environment, ask=work.ask)
    found = variables_of_script(ports, place)
    return Given(plain=found.values, secrets=found.secrets) if found is not None else Given()


def _variables_there(ports: Ports, there: There, stage: Stage, work: Job) -> Given:
    """Return the variables that count now for what is there, by the step of this name that brought it."""
    earlier = there.plan.by_key.get(stage.key) if there.plan is not None else None
    if there.plan is None or earlier is None:
        return Given()
    scripts = (step.work for step in earlier.steps)
    same = next((one for one in scripts if isinstance(one, Job) and _target(one) == _target(work)), None)
    return _variables(ports, there.plan, earlier, same) if same is not None else Given()


def _target(work: Job) -> Mapping[str, object]:
    return {name: value for name, value in work.ask.items() if name in {"server", "role", "script"}}


def _against(place: Place, there: There, given: Given, providers: Mapping[str, str]) -> DeploymentChange:
    old, new = Given(plain=there.providers), Given(plain=providers)
    return replace(
        _bare(place, there),
        inputs=values_that_differ(there.given, given),
        providers=values_that_differ(old, new),
        given=given.mark(),
    )


def _bare(place: Place, there: There) -> DeploymentChange:
    return DeploymentChange(
        project=place.project, environment=place.environment, deployment=place.deployment, old=there.version
    )


def _version(release: str) -> str:
    query = parse(release).query
    return query.version if isinstance(query, Exact) else ""


def _salt(ports: Ports, job: DeploymentJob) -> str:
    """Return what differs whenever an input may that nobody is shown: who saved what holds it, and how often."""
    environment = ports.projects.environment(job.project, job.environment)
    return f"{job.id}/{job.version}/{environment.version}"
