"""The order of work on a release: build, test, deploy, smoke test, destroy, errand. Called by build and deployment."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from slipway.perform import downloads, providers, scripts, sensitive, templates
from slipway.perform.faults import RECORDED, StageFailedError
from slipway.perform.scripts import Call, Variables
from slipway.perform.unit import Toolbox, Unit
from slipway.perform.values import calculate, shown
from slipway.plan.expression import ScriptError, evaluate
from slipway.plan.release import Value
from slipway_formats.release import Scope, Variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the user provides: inputs by id, and deployments by the variable or interface that they provide."""

    inputs: Mapping[str, Value]
    providers: Mapping[str, str]


NOTHING = Given(inputs={}, providers={})
_DESTROYING = {
    "pre_destroy": "running_pre_destroy_step",
    "destroy": "running_main_destroy_step",
    "post_destroy": "running_post_destroy_step",
}


def bring_up(unit: Unit, given: Given, toolbox: Toolbox) -> None:
    """Build or deploy, according to the unit's scope: dependencies, then the pre, main and post step.

    Faults: those of faults.RECORDED, which the deployment's status then shows.
    """
    stage = unit.deployment.stage(unit.scope)
    stage.inputs.update(given.inputs)
    stage.sensitive = [known.id for known in (*unit.release.inputs, *unit.release.outputs) if known.sensitive]
    with _recording_failure(unit, "failure"):
        unit = providers.configured(unit, given.providers, toolbox)
        unit.deployment.set_status(unit.scope, "running_pre_step")
        _deploy_dependencies(unit, toolbox)
        with providers.active(unit, toolbox):
            _steps(unit, toolbox)
    unit.deployment.set_status(unit.scope, "ok")


def check(unit: Unit, toolbox: Toolbox) -> None:
    """Run the tests after a build, or the smoke tests after a deployment. Faults: as bring_up."""
    _require_deployed(unit)
    unit.deployment.set_status(unit.scope, "running_test_step")
    with _recording_failure(unit, "test_failure"):
        _run("test" if unit.scope is Scope.BUILD else "smoke", unit, toolbox)
    unit.deployment.set_status(unit.scope, "ok")


def destroy(unit: Unit, given: Given, toolbox: Toolbox) -> None:
    """Destroy what was built or deployed, dependencies first; do nothing if there is nothing. Faults: as bring_up."""
    stage = unit.deployment.stage(unit.scope)
    if not stage.version:
        toolbox.log.note(f"{unit.deployment.path} is not there: nothing to destroy")
        return
    with _recording_failure(unit, "destroy_failure"):
        unit = providers.configured(unit, given.providers, toolbox)
        for child in _dependency_units(unit):
            destroy(child, NOTHING, toolbox)
        with providers.active(unit, toolbox):
            for name, status in _DESTROYING.items():
                unit.deployment.set_status(unit.scope, status)
                stage.calculated_outputs.update(_run(name, unit, toolbox))
    stage.version, stage.provides = "", []
    stage.calculated_inputs, stage.calculated_outputs = {}, {}
    unit.deployment.set_status(unit.scope, "empty")


def errand(unit: Unit, name: str, given: Given, toolbox: Toolbox) -> dict[str, str]:
    """Run an errand, a one-off task that the release defines, on a deployment; return the outputs it changed.

    Faults: those of bring_up.
    """
    _require_deployed(unit)
    if name not in unit.release.errands:
        raise StageFailedError(f"{unit.release.id} has no errand '{name}'")
    task = unit.release.errands[name]
    unit = providers.configured(unit, given.providers, toolbox)
    stage = unit.deployment.stage(unit.scope)
    inputs = _calculated(task.inputs, {**stage.calculated_inputs, **given.inputs}, unit, f"errand {name}")
    _hide(task.inputs, inputs, toolbox)
    outputs = {f"OUTPUT_{key}": value for key, value in stage.calculated_outputs.items()}
    variables = Variables(inputs={**stage.calculated_inputs, **inputs, **outputs}, outputs=stage.calculated_outputs)
    with providers.active(unit, toolbox):
        written = scripts.run(Call(name=f"errand {name}", stage=task.stage, unit=unit, variables=variables), toolbox)
    return {key: value for key, value in written.items() if stage.calculated_outputs.get(key) != value}


def _steps(unit: Unit, toolbox: Toolbox) -> None:
    stage, scope, deployment = unit.deployment.stage(unit.scope), unit.scope.value, unit.deployment
    previous = Variables(previous_inputs=stage.calculated_inputs, previous_outputs=stage.calculated_outputs)
    downloads.download_all(unit, toolbox)
    inputs = _calculated(_in_scope(unit.release.inputs, unit), deployment.given_inputs(unit.scope), unit, "inputs")
    _hide(unit.release.inputs, inputs, toolbox)
    _run(f"pre_{scope}", unit, toolbox, replace(previous, inputs=inputs))
    stage.calculated_inputs, stage.version = inputs, unit.release.version
    stage.provides = list(unit.release.provides)
    templates.render_all(unit)
    deployment.set_status(unit.scope, "running_main_step")
    written: dict[str, Value] = {**_run(scope, unit, toolbox, replace(previous, inputs=inputs))}
    stage.calculated_outputs = written
    _hide(unit.release.outputs, written, toolbox)
    deployment.set_status(unit.scope, "running_post_step")
    late = _run(f"post_{scope}", unit, toolbox, replace(previous, inputs=inputs, outputs=written))
    stage.calculated_outputs = _outputs(unit, {**written, **late}, toolbox)


def _outputs(unit: Unit, written: Mapping[str, Value], toolbox: Toolbox) -> dict[str, Value]:
    declared = _in_scope(unit.release.outputs, unit)
    for name in sorted(set(written) - {variable.id for variable in declared}):
        toolbox.log.note(f"warning: output '{name}' is not declared")
    outputs = _calculated(declared, written, unit, "outputs")
    _hide(declared, outputs, toolbox)
    return outputs


def _calculated(variables: tuple[Variable, ...], given: Mapping[str, Value], unit: Unit, what: str) -> dict[str, Value]:
    known, wrong = calculate(variables, given, unit.script_scope())
    if wrong:
        # With a cause, for it repeats values; the verdict masks those.
        text = "; ".join(wrong)
        raise StageFailedError(f"{unit.release.id}: {what}: {text}") from ValueError(text)
    return known


def _in_scope(variables: tuple[Variable, ...], unit: Unit) -> tuple[Variable, ...]:
    return tuple(variable for variable in variables if variable.is_in(unit.scope))


def _run(name: str, unit: Unit, toolbox: Toolbox, variables: Variables | None = None) -> dict[str, str]:
    stage = unit.deployment.stage(unit.scope)
    stored = Variables(inputs=stage.calculated_inputs, outputs=stage.calculated_outputs)
    call = Call(name=name, stage=unit.release.stages.get(name), unit=unit, variables=variables or stored)
    return scripts.run(call, toolbox)


def _hide(variables: tuple[Variable, ...], values: Mapping[str, Value], toolbox: Toolbox) -> None:
    toolbox.log.hide(sensitive.values_of(variables, values))


def _require_deployed(unit: Unit) -> None:
    version = unit.deployment.stage(unit.scope).version
    if version != unit.release.version:
        there = f"{version} is" if version else "nothing is"
        raise StageFailedError(f"{unit.deployment.path}: {unit.release.id} is not there, {there}")


def _deploy_dependencies(unit: Unit, toolbox: Toolbox) -> None:
    early = tuple(known for known in _in_scope(unit.release.inputs, unit) if known.eval_before_dependencies)
    if not unit.dependencies():
        return
    given = unit.deployment.given_inputs(unit.scope)
    inputs = _calculated(early, given, unit, "inputs")
    _hide(early, inputs, toolbox)
    for child, (known, release, _) in zip(_dependency_units(unit), unit.dependencies(), strict=True):
        toolbox.log.note(f"{unit.release.id}: dependency {release.id}")
        scope = unit.script_scope()
        scope["this"]["inputs"] = inputs
        mapped = _evaluated(known.mapping_in(unit.scope), scope, f"{unit.release.id}: depends {known.release_id}")
        same = {variable.id: inputs[variable.id] for variable in release.inputs if variable.id in inputs}
        chosen = _evaluated(known.consumes or {}, scope, f"{unit.release.id}: depends {known.release_id}: consumes")
        paths = {name: shown(path) for name, path in chosen.items()}
        bring_up(child, Given(inputs={**same, **mapped}, providers=paths), toolbox)


def _dependency_units(unit: Unit) -> Iterator[Unit]:
    for known, release, folder in unit.dependencies():
        child = unit.deployment.child(unit.scope, known.deployment_name, release.unit)
        yield Unit(release=release, folder=folder, deployment=child, scope=Scope.DEPLOY)


def _evaluated(
    mapping: Mapping[str, Value] | Mapping[str, str], scope: dict[str, dict[str, Value]], what: str
) -> dict[str, Value]:
    try:
        return {key: evaluate(value, scope) for key, value in mapping.items()}
    except ScriptError as error:
        raise StageFailedError(f"{what}: {error}") from error


@contextlib.contextmanager
def _recording_failure(unit: Unit, status: str) -> Iterator[None]:
    try:
        yield
    except RECORDED as error:
        unit.deployment.set_status(unit.scope, status, str(error))
        raise
