"""Choose the providers that a release consumes, and activate them around the work."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from slipway.perform import scripts
from slipway.perform.faults import StageFailedError
from slipway.perform.scripts import Call, Variables
from slipway.perform.state import Deployment
from slipway.perform.unit import Provider, Toolbox, Unit
from slipway.plan.archive import inner_path
from slipway.plan.names import parse_release_id
from slipway_formats.release import Consumer, Scope


def configured(unit: Unit, given: Mapping[str, str], toolbox: Toolbox) -> Unit:
    """Return the unit with a provider for everything it consumes, and record each in its state.

    given: deployments by variable or interface; otherwise the previous one, or the only one that exists. Faults:
    StageFailedError, naming all that are missing.
    """
    consumers = [known for known in unit.release.consumes if known.is_in(unit.scope)]
    chosen = {known.variable: _chosen(known, unit, given) for known in consumers}
    found = {variable: unit.deployment.environment.find(path, _root_scope(unit)) for variable, path in chosen.items()}
    wrong = [_missing(known, chosen[known.variable], unit) for known in consumers if found[known.variable] is None]
    if wrong:
        raise StageFailedError("; ".join(wrong))
    stage = unit.deployment.stage(unit.scope)
    stage.providers.update({variable: path for variable, path in chosen.items() if path})
    ready = {known.variable: _provider(known, found[known.variable], toolbox) for known in consumers}
    return replace(unit, providers={name: provider for name, provider in ready.items() if provider is not None})


@contextlib.contextmanager
def active(unit: Unit, toolbox: Toolbox) -> Iterator[None]:
    """Activate the unit's providers for the block, and deactivate them afterwards, whatever happens."""
    with contextlib.ExitStack() as stack:
        for provider in unit.providers.values():
            if provider.activate:
                _run("activate_provider", provider, unit, toolbox)
                if provider.deactivate:
                    stack.callback(_run, "deactivate_provider", provider, unit, toolbox)
        yield


def _chosen(consumer: Consumer, unit: Unit, given: Mapping[str, str]) -> str:
    known = unit.deployment.known_providers(unit.scope)
    for path in (given.get(consumer.variable), given.get(consumer.name), known.get(consumer.variable)):
        if path:
            return path
    there = unit.deployment.environment.providers_of(consumer.name)
    return there[0] if len(there) == 1 else ""


def _missing(consumer: Consumer, path: str, unit: Unit) -> str:
    named = f"provider '{consumer.variable}'" + (
        f" of type '{consumer.name}'" if consumer.name != consumer.variable else ""
    )
    if path:
        return f"{named}: no deployment '{path}' in {unit.deployment.environment.place.environment}"
    there = unit.deployment.environment.providers_of(consumer.name)
    return f"{named}: choose one of {', '.join(there)}" if there else f"{named}: no deployment provides it"


def _provider(consumer: Consumer, deployment: Deployment | None, toolbox: Toolbox) -> Provider | None:
    if deployment is None:
        return None
    version = deployment.stage(Scope.DEPLOY).version
    if not version:
        raise StageFailedError(f"provider '{consumer.variable}': {deployment.path} is not deployed")
    release = toolbox.fetcher.metadata(parse_release_id(f"{deployment.release}-v{version}"))
    return Provider(
        variable=consumer.variable, deployment=deployment, release=release,
        activate=not consumer.skip_activate,
        deactivate=not consumer.skip_activate and not consumer.skip_deactivate,
    )  # fmt: skip


def _run(name: str, provider: Provider, unit: Unit, toolbox: Toolbox) -> None:
    stage = provider.release.stages.get(name)
    if stage is None:
        return
    folder = _folder(provider, unit, toolbox)
    state = provider.deployment.stage(Scope.DEPLOY)
    own = Unit(release=provider.release, folder=folder, deployment=provider.deployment, scope=Scope.DEPLOY)
    shown = Variables(inputs=state.calculated_inputs, outputs=state.calculated_outputs)
    scripts.run(Call(name=name, stage=stage, unit=own, variables=shown), toolbox)


def _folder(provider: Provider, unit: Unit, toolbox: Toolbox) -> Path:
    release = provider.release
    folder = inner_path(unit.folder, f".escape/providers/{release.project}/{release.package_name}")
    if not folder.exists():
        toolbox.fetcher.unpack(release, folder)
    return folder


def _root_scope(unit: Unit) -> Scope:
    return next((scope for node, scope in _above(unit.deployment) if node.parent is None), unit.scope)


def _above(deployment: Deployment) -> Iterator[tuple[Deployment, Scope]]:
    if deployment.parent is not None:
        yield deployment.parent
        yield from _above(deployment.parent[0])
