"""Compile plans of builds, deployment jobs and pipelines, after looking up what the request leaves out.

Nothing is stored or started here: start_child.py, after_success.py and the use cases that trigger a definition do that.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from chalicelib.kernel import names
from chalicelib.kernel.codec import decode
from chalicelib.kernel.definitions.compile_build import Source, compile_build
from chalicelib.kernel.definitions.compile_deployment import Action, compile_deployment
from chalicelib.kernel.definitions.compile_load import Load, compile_load, load_ref
from chalicelib.kernel.definitions.compile_pipeline import DEFINITION, compile_pipeline
from chalicelib.kernel.definitions.compile_redeploy import compile_redeploy
from chalicelib.kernel.definitions.compile_task import compile_task, task_ref
from chalicelib.kernel.definitions.definition import BuildDefinition, DeploymentJob, ref_of, title
from chalicelib.kernel.definitions.guard import guard_difference
from chalicelib.kernel.definitions.pipeline import PipelineDefinition
from chalicelib.kernel.definitions.run_request import Beginning, RunRequest
from chalicelib.kernel.definitions.task_pipelines.compile import (
    PipelinePlace,
    compile_task_pipeline,
    task_pipeline_ref,
)
from chalicelib.kernel.definitions.task_pipelines.pipeline import TaskPipeline
from chalicelib.kernel.faults import Conflict, Invalid, NotFound
from chalicelib.kernel.plans.plan import DefinitionRef, Plan
from chalicelib.kernel.plans.work import JobKind
from chalicelib.kernel.projects.deployment import deployed
from chalicelib.kernel.releases.release import ReleaseKey
from chalicelib.kernel.secret_inputs import is_secret, secret_input_defects
from chalicelib.kernel.trains.gated_version import version_in
from chalicelib.kernel.workloads.workload import Workload
from chalicelib.use_cases.launch.find import refuse_disabled
from chalicelib.use_cases.launch.foreign_references import refuse_foreign_steps
from chalicelib.use_cases.launch.resolve_release import reads_deployed
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.trains.pipelines import find_pipeline
from slipway_formats.defect import Defect
from slipway_formats.release_id import of_version, parse
from slipway_formats.variable_values import value_defects
from slipway_formats.version import Exact

Layer = tuple[Mapping[str, object], Mapping[str, str]]
"""Inputs, and references of those that were given as secrets."""


def plan_build(ports: Ports, build: BuildDefinition, source: Source, beginning: Beginning) -> Plan:
    """Compile the plan of a build's run. Faults: Conflict if it is disabled, Invalid."""
    refuse_disabled(ref_of(build), disabled=build.disabled)
    return compile_build(build, source, _run_request(ports, ref_of(build), beginning))


def plan_deployment(ports: Ports, job: DeploymentJob, action: Action, beginning: Beginning) -> Plan:
    """Compile the plan of a deployment job's run for an action.

    Faults: Conflict if it is disabled or nothing is deployed; NotFound, also for a release that it may not read;
    Invalid.
    """
    refuse_disabled(ref_of(job), disabled=job.disabled)
    known = deploying if action.kind is JobKind.DEPLOY else _for_deployed
    return compile_deployment(job, known(ports, job, action), _run_request(ports, ref_of(job), beginning))


def plan_pipeline(
    ports: Ports, pipeline: PipelineDefinition, beginning: Beginning, done: frozenset[str] = frozenset()
) -> Plan:
    """Compile the plan of a pipeline's run. done: places of steps that count as done.

    Faults: Conflict, also if it may not start what it refers to in another project; Invalid.
    """
    refuse_disabled(ref_of(pipeline), disabled=pipeline.disabled)
    # They are stored with the run, and no step is given them.
    if secrets := [name for name, value in beginning.inputs.items() if is_secret(value)]:
        raise Invalid(tuple(Defect(f"inputs.{name}", "an input of a pipeline cannot be a secret") for name in secrets))
    found = (*secret_input_defects(beginning.inputs, {}, "inputs"), *value_defects(beginning.inputs, "inputs"))
    if found:
        raise Invalid(found)
    refuse_foreign_steps(ports, pipeline, done)
    return compile_pipeline(pipeline, _run_request(ports, ref_of(pipeline), beginning), done)


def plan_task(ports: Ports, workload: Workload, beginning: Beginning) -> Plan:
    """Compile the plan of a run of a workload."""
    return compile_task(workload, _run_request(ports, task_ref(workload), beginning))


def plan_load(ports: Ports, load: Load, beginning: Beginning) -> Plan:
    """Compile the plan of the load of a configuration."""
    return compile_load(load, _run_request(ports, load_ref(load), beginning))


def plan_task_pipeline(ports: Ports, pipeline: TaskPipeline, place: PipelinePlace, beginning: Beginning) -> Plan:
    """Compile the plan of a run of a pipeline of tasks. Faults: Invalid, if it is too large."""
    return compile_task_pipeline(
        pipeline, place, _run_request(ports, task_pipeline_ref(place, pipeline.name), beginning)
    )


def plan_redeploy(ports: Ports, plan: Plan, stages: Collection[str], beginning: Beginning) -> Plan:
    """Compile the plan of a run that takes what another carried through some stages once more.

    Faults: NotFound if its pipeline is gone; Conflict if it is disabled, or what guards it was changed; Invalid.
    """
    ref = plan.definition
    # Of a train, it may be a raft's.
    if version_in(plan.snapshot) is None:
        if (pipeline := find_pipeline(ports, ref.project, ref.name)) is None:
            raise NotFound(f"no {title(ref)}")
        refuse_disabled(ref, disabled=pipeline.disabled)
    refuse_old_guard(ports, plan)
    return compile_redeploy(plan, _run_request(ports, ref, beginning), stages)


def refuse_old_guard(ports: Ports, plan: Plan) -> None:
    """Refuse a plan older than what guards its protected pipeline: it would go around new gates. Faults: Conflict."""
    held = plan.snapshot.get(DEFINITION)
    now = ports.definitions.find_definition(plan.definition) if isinstance(held, Mapping) else None
    if not isinstance(now, PipelineDefinition) or not now.protected:
        return
    if guard_difference(decode(PipelineDefinition, held), now):
        raise Conflict(f"what guards {title(plan.definition)} has changed since run {plan.number}: begin a new run")


def source_of(ports: Ports, build: BuildDefinition) -> Source:
    """Return where a build's code comes from: its own address, or its project's repository of that name.

    Faults: Conflict if there is none.
    """
    if names.repository(build.repo):
        return Source(url=build.repo, branch=build.branch, private_key=build.private_key)
    known = ports.projects.find_repository(build.project, build.repo)
    if known is None:
        missing = f"no repository {build.repo} in project {build.project}"
        raise Conflict(f"build {build.name} names a repository that is not there: {missing}")
    return Source(
        url=known.url,
        branch=build.branch or known.branch,
        username=known.username,
        private_key=build.private_key or known.private_key,
        password=known.password,
    )


def _run_request(ports: Ports, ref: DefinitionRef, beginning: Beginning) -> RunRequest:
    counter = f"runs/{ref.kind}/{ref.project}/{ref.environment}/{ref.name}"
    return RunRequest(
        beginning=beginning,
        number=ports.numbers.following(counter),
        at=ports.clock.now(),
        secret=ports.ids.secret(),
    )


def deploying(ports: Ports, job: DeploymentJob, action: Action) -> Action:
    """Return a deploy with all that the release is given as of now. Faults: NotFound."""
    layers = (_of_environment(ports, job, action.release), (job.inputs, job.secrets), (action.inputs, action.secrets))
    inputs, secrets = _merged(layers)
    return replace(action, inputs=inputs, secrets=secrets, providers=job.providers)


def _merged(layers: Iterable[Layer]) -> Layer:
    """Return the inputs and references of secrets; a later layer overrides an earlier one, also in kind."""
    inputs, secrets = dict[str, object](), dict[str, str]()
    for plain, references in layers:
        inputs = {name: value for name, value in inputs.items() if name not in references} | dict(plain)
        secrets = {name: value for name, value in secrets.items() if name not in plain} | dict(references)
    return inputs, secrets


def _of_environment(ports: Ports, job: DeploymentJob, release: str) -> Layer:
    """Return those inputs of the environment that the release declares."""
    environment = ports.projects.environment(job.project, job.environment)
    release_id = parse(release)
    if not (environment.inputs or environment.secrets) or not isinstance(release_id.query, Exact):
        return {}, {}
    key = ReleaseKey(
        namespace=release_id.namespace, application=release_id.application, version=release_id.query.version
    )
    declared = {one.id for one in ports.releases.release(key).metadata.inputs or ()}
    inputs = {name: value for name, value in environment.inputs.items() if name in declared}
    return inputs, {name: reference for name, reference in environment.secrets.items() if name in declared}


def _for_deployed(ports: Ports, job: DeploymentJob, action: Action) -> Action:
    current = ports.deployments.find_deployment(job.project, job.environment, job.deployment)
    state = current.state if current is not None else None
    stage = deployed(state)
    if state is None or stage is None or not stage.version:
        raise Conflict(f"nothing is deployed as {job.deployment} in {job.project}/{job.environment}")
    namespace, _, application = (state.release or job.release).rpartition("/")
    namespace = namespace or names.DEFAULT_NAMESPACE
    if not reads_deployed(ports, job, (namespace, application)):
        raise NotFound(f"no release {namespace}/{application}-v{stage.version}, which {job.deployment} is said to be")
    is_errand = action.kind is JobKind.ERRAND
    own = ({}, {}) if is_errand else (action.inputs, action.secrets)
    inputs, secrets = _merged(((stage.inputs, {}), own))
    return replace(
        action,
        release=of_version(namespace, application, stage.version),
        inputs=inputs,
        secrets=secrets,
        providers=stage.providers,
        outputs=stage.calculated_outputs,
        sensitive=stage.sensitive or (),
        errand_inputs=action.inputs if is_errand else {},
        errand_secrets=action.secrets if is_errand else {},
    )
