"""What a release inherits from the releases that it extends and depends on. Pure; compile fetches them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from slipway.plan.names import parse_release_id
from slipway.plan.parts import widen
from slipway.plan.release import Errand, Release, Script, Stage, Value
from slipway_formats.release import Consumer, Dependency, Scope, Scoped, Template, Variable


def extended(release: Release, extension: Release) -> Release:
    """Return the release with everything of the extension, whose files are in `deps/`; its own parts win."""
    errands = {name: _moved_errand(known, extension) for name, known in extension.errands.items()}
    return replace(
        release,
        extends=(*release.extends, extension.id),
        consumes=_with_consumers(release.consumes, extension.consumes),
        provides=tuple(dict.fromkeys((*release.provides, *extension.provides))),
        inputs=with_variables(release.inputs, extension.inputs),
        outputs=with_variables(release.outputs, extension.outputs),
        errands={**errands, **release.errands},
        metadata={**extension.metadata, **release.metadata},
        templates=(*release.templates, *(_moved_template(known, extension) for known in extension.templates)),
        stages={**release.stages, **{name: _moved(known, extension) for name, known in extension.stages.items()}},
        depends=_with_dependencies(release.depends, extension.depends),
    )


def depending(release: Release, dependency: Dependency, on: Release) -> Release:
    """Return the release with one more dependency, whose open inputs and providers become its own."""
    inputs = tuple(known for known in on.inputs if known.default is None and known.type not in _MAGIC)
    open_inputs = [(known, _open_scopes(dependency, known)) for known in inputs if known.is_in(Scope.DEPLOY)]
    taken = tuple(
        replace(known, scopes=scopes, eval_before_dependencies=True) for known, scopes in open_inputs if scopes
    )
    consumers = tuple(
        replace(known, scopes=dependency.scopes, skip_activate=True, skip_deactivate=True)
        for known in on.consumes
        if known.is_in(Scope.DEPLOY) and known.variable not in (dependency.consumes or {})
    )
    return replace(
        release,
        depends=(*release.depends, _mapped(dependency, taken, on)),
        inputs=with_variables(release.inputs, taken),
        consumes=_with_consumers(release.consumes, consumers),
    )


def with_variables(own: tuple[Variable, ...], more: tuple[Variable, ...]) -> tuple[Variable, ...]:
    """Return `own` and the variables of `more` that it lacks; a known variable gets the new scopes too."""
    found = list(own)
    for variable in more:
        same = [index for index, known in enumerate(found) if known.id == variable.id]
        missing = tuple(scope for scope in _scopes(variable) if not any(found[at].is_in(scope) for at in same))
        if not same:
            found.append(variable)
        elif missing:
            found[same[0]] = widen(found[same[0]], missing)
    return tuple(found)


def overridden(inherited: tuple[Variable, ...], own: tuple[Variable, ...]) -> tuple[Variable, ...]:
    """Return the inherited variables, replaced by the plan's own of the same name; other own ones follow."""
    by_id = {known.id for known in inherited}
    replaced: list[Variable] = []
    for known in inherited:
        replaced.extend([mine for mine in own if mine.id == known.id] or [known])
    return (*replaced, *(mine for mine in own if mine.id not in by_id))


_MAGIC = frozenset({"version", "client", "project", "deployment", "environment"})


def _scopes(part: Scoped) -> tuple[Scope, ...]:
    return tuple(scope for scope in Scope if part.is_in(scope))


def _open_scopes(dependency: Dependency, variable: Variable) -> tuple[Scope, ...]:
    return tuple(scope for scope in _scopes(dependency) if variable.id not in dependency.mapping_in(scope))


def _mapped(dependency: Dependency, taken: tuple[Variable, ...], on: Release) -> Dependency:
    def more(scope: Scope) -> dict[str, Value]:
        return {known.id: f"$this.inputs.{known.id}" for known in taken if known.is_in(scope)}

    wanted = parse_release_id(dependency.release_id)
    return replace(
        dependency,
        release_id=str(wanted.at(on.version)),
        build_mapping={**more(Scope.BUILD), **(dependency.build_mapping or {})},
        deploy_mapping={**more(Scope.DEPLOY), **(dependency.deploy_mapping or {})},
    )


def _with_consumers(own: tuple[Consumer, ...], more: tuple[Consumer, ...]) -> tuple[Consumer, ...]:
    known = {consumer.variable for consumer in own}
    return (*own, *(consumer for consumer in more if consumer.variable not in known))


def _with_dependencies(own: tuple[Dependency, ...], more: tuple[Dependency, ...]) -> tuple[Dependency, ...]:
    known = {dependency.deployment_name for dependency in own}
    return (*own, *(dependency for dependency in more if dependency.deployment_name not in known))


def _moved(stage: Stage, extension: Release) -> Stage:
    return Script(path=_below(extension, stage.path)) if isinstance(stage, Script) else stage


def _moved_errand(errand: Errand, extension: Release) -> Errand:
    return replace(errand, stage=_moved(errand.stage, extension))


def _moved_template(template: Template, extension: Release) -> Template:
    return replace(template, file=_below(extension, template.file), target=_below(extension, template.target))


def _below(extension: Release, path: str) -> str:
    return f"deps/{extension.project}/{extension.name}/{path}"


def scope_of(releases: Mapping[str, Release]) -> dict[str, dict[str, Value]]:
    """Return the Escape Script scope during compilation: without inputs and outputs."""
    return {name: release.fields() for name, release in releases.items()}
