"""A deployment job and what it is asked to do, as a plan of one job. Which version that is was found before."""

from collections.abc import Mapping
from dataclasses import field, replace

from chalicelib.kernel import codec, names
from chalicelib.kernel.definitions.compile_build import NODE, SECRET_INPUTS, SENSITIVE, STAGE, acting_as
from chalicelib.kernel.definitions.compile_pipeline import snapshot
from chalicelib.kernel.definitions.definition import DeploymentJob, ref_of
from chalicelib.kernel.definitions.run_request import RunRequest, plan_of
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans import check as plan_check
from chalicelib.kernel.plans.plan import Node, Plan, Stage
from chalicelib.kernel.plans.work import Job, JobKind
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen


@frozen
class Action:
    """The action of a deployment job. release: `namespace/application-v1.2`; empty until it is resolved.

    outputs: of the current deployment. sensitive: names of inputs that its state lists as sensitive. secrets,
    errand_secrets: references of secret inputs, by name.
    """

    kind: JobKind
    release: str = ""
    inputs: Mapping[str, object] = field(default_factory=dict)
    providers: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, object] = field(default_factory=dict)
    errand: str = ""
    errand_inputs: Mapping[str, object] = field(default_factory=dict)
    sensitive: tuple[str, ...] = ()
    secrets: Mapping[str, str] = field(default_factory=dict)
    errand_secrets: Mapping[str, str] = field(default_factory=dict)


def compile_deployment(job: DeploymentJob, action: Action, ask: RunRequest) -> Plan:
    """Compile a deployment job to the plan of one run. Faults: Invalid."""
    if action.kind is JobKind.ERRAND and not action.errand:
        raise Invalid.single("errand_name", "is required")
    name = action.errand if action.kind is JobKind.ERRAND else f"{action.kind} {job.deployment}"
    node = Node(key=NODE, name=name, work=Job(kind=action.kind, ask=_job_ask(job, action, ask)))
    said = {"action": action.kind.value, "release": action.release}
    stage = Stage(key=STAGE, name=action.kind.value, environment=job.environment, steps=(node,))
    kept = {**snapshot(codec.encode(DeploymentJob, job), ask), **said, **_inputs(action)}
    plan = plan_of(ref_of(job), ask, (stage,), kept)
    plan = replace(plan, inputs={**plan.inputs, **said})
    if defects := plan_check.defects(plan):
        raise Invalid(defects)
    return plan


def _inputs(action: Action) -> Mapping[str, object]:
    """Return the part of the inputs that a plan keeps for display."""
    optional = {SENSITIVE: list(action.sensitive), "secrets": dict(action.secrets)}
    return {"inputs": action.inputs, **{name: held for name, held in optional.items() if held}}


def job_defects(job: DeploymentJob) -> tuple[Defect, ...]:
    """Return all defects of a deployment job that can be found without other records."""
    namespace, _, application = job.release.rpartition("/")
    found = [
        *names.namespace(namespace or names.DEFAULT_NAMESPACE, "release"),
        *names.application(application, "release"),
    ]
    if not job.query:
        found.append(Defect("version", "is empty"))
    found.extend(names.variables(job.inputs, "inputs"))
    for interface, deployment in job.providers.items():
        found.extend(names.deployment(deployment, f"providers.{interface}"))
    return tuple(found)


def _job_ask(job: DeploymentJob, action: Action, ask: RunRequest) -> Mapping[str, object]:
    errand = {"errand_name": action.errand, "errand_inputs": dict(action.errand_inputs)}
    return {
        "release": action.release,
        "deployment": job.deployment,
        "inputs": dict(action.inputs),
        "providers": dict(action.providers),
        **({"outputs": dict(action.outputs)} if action.outputs else {}),
        **(errand if action.kind is JobKind.ERRAND else {}),
        **_secrets(action),
        **acting_as(job.service_account_name or ask.beginning.account),
    }


def _secrets(action: Action) -> Mapping[str, object]:
    """Return what a runner masks in logs, and the secrets that it adds to the inputs."""
    by_field = {"inputs": dict(action.secrets), "errand_inputs": dict(action.errand_secrets)}
    held = {name: references for name, references in by_field.items() if references}
    return {
        **({SENSITIVE: list(action.sensitive)} if action.sensitive else {}),
        **({SECRET_INPUTS: held} if held else {}),
    }
