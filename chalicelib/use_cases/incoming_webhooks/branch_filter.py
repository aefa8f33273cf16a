"""Which branches' pushes begin a run: of a build its own; of a pipeline those of its trigger and of its builds."""

from collections.abc import Iterator

from chalicelib.kernel.definitions.compile_build import Source
from chalicelib.kernel.definitions.definition import BuildDefinition
from chalicelib.kernel.definitions.handles import named_by
from chalicelib.kernel.definitions.pipeline import PipelineDefinition, StepType, placed_steps
from chalicelib.kernel.definitions.pushed import BRANCH, names_branch, takes
from chalicelib.kernel.faults import Conflict
from chalicelib.use_cases.incoming_webhooks.pushes import Push
from chalicelib.use_cases.launch.plan import source_of
from chalicelib.use_cases.ports.bundle import Ports


def why_not_build(known: Source, push: Push) -> str:
    """Return why the push begins no run of the build; blank if it does. known: where the build builds from."""
    if known.branch and push.branch not in ("", known.branch):
        return f"branch {push.branch} is not {known.branch}, which the build is of"
    return ""


def why_not_pipeline(ports: Ports, pipeline: PipelineDefinition, code: str, push: Push) -> str:
    """Return why the push begins no run of the pipeline; blank if it does. code: of the trigger that was called."""
    if not push.branch:
        return ""
    branches = next((one.branches for one in pipeline.triggers if one.token == code), ())
    if not names_branch(branches, push.branch):
        return f"branch {push.branch} is none of those that the trigger names"
    sources = list(_sources(ports, pipeline))
    # A run says what was pushed: of a branch that no step builds, it would say one commit and release another.
    if sources and not any(source is None or takes(source, {BRANCH: push.branch}) for source in sources):
        return f"branch {push.branch} is of no build of the pipeline"
    return ""


def _sources(ports: Ports, pipeline: PipelineDefinition) -> Iterator[Source | None]:
    """Yield where the steps build from; None where that is not known, or is for the other project alone to say."""
    steps = ((phase, placed.step) for phase in pipeline.phases for placed in placed_steps(phase))
    for phase, step in steps:
        ref = named_by(pipeline, phase, step) if step.type is StepType.BUILD else None
        if ref is not None:
            build = ports.definitions.find_definition(ref) if ref.project == pipeline.project else None
            yield _source(ports, build) if isinstance(build, BuildDefinition) else None


def _source(ports: Ports, build: BuildDefinition) -> Source | None:
    try:
        return source_of(ports, build)
    except Conflict:
        return None
