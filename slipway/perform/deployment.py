"""Work on a release of the inventory: deploy, smoke test, destroy, errand, each in a new folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from slipway.perform import sequence
from slipway.perform.build import Site
from slipway.perform.faults import StageFailedError
from slipway.perform.sequence import Given
from slipway.perform.state import Deployment
from slipway.perform.unit import Toolbox, Unit
from slipway.perform.values import shown
from slipway.plan.names import ReleaseId, deployment_defect, parse_release_id
from slipway.plan.release import Release, Value
from slipway_formats.release import Scope

_FORGET = "destroy_and_delete_pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentRequest:
    """What to work on. release: an id, `ns/app-v1.2`, or a query. deployment: the unit's name by default."""

    release: str
    deployment: str = ""
    inputs: Mapping[str, Value] = field(default_factory=dict)
    providers: Mapping[str, str] = field(default_factory=dict)

    def given(self) -> Given:
        """Return the user's inputs and providers."""
        return Given(inputs=self.inputs, providers=self.providers)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentResult:
    """Result of the work. outputs: as scripts see them."""

    release_id: str
    outputs: Mapping[str, str]


def deploy(request: DeploymentRequest, folder: Path, site: Site, toolbox: Toolbox) -> DeploymentResult:
    """Deploy the release under its name. folder: for its files; does not exist yet.

    Faults: PlanError, InventoryError, ArchiveError, StatesError, and those of faults.
    """
    wanted = _wanted_release(request)
    release = toolbox.fetcher.metadata(wanted)
    deployment = site.load().deployment(_name(request, wanted), wanted.unit)
    unit = _unpacked(release, deployment, folder, toolbox)
    sequence.bring_up(unit, request.given(), toolbox)
    return _result(unit)


def smoke(request: DeploymentRequest, folder: Path, site: Site, toolbox: Toolbox) -> DeploymentResult:
    """Run the smoke tests of a deployment. Faults: as deploy."""
    unit = _deployed(request, folder, site, toolbox)
    sequence.check(unit, toolbox)
    return _result(unit)


def destroy(request: DeploymentRequest, folder: Path, site: Site, toolbox: Toolbox) -> DeploymentResult:
    """Destroy a deployment, and delete its state if its status requests that. Faults: as deploy."""
    wanted = _wanted_release(request)
    deployment = _checked_deployment(request, wanted, site)
    stage = deployment.stage(Scope.DEPLOY)
    forget = stage.status.get("status") == _FORGET
    release_id = f"{deployment.release}-v{stage.version}" if stage.version else str(wanted)
    if stage.version:
        unit = _unpacked(_deployed_release(wanted, deployment, toolbox), deployment, folder, toolbox)
        sequence.destroy(unit, request.given(), toolbox)
    else:
        toolbox.log.note(f"{deployment.name} is not deployed: nothing to destroy")
    if forget:
        site.states.delete(site.place, deployment.name)
    return DeploymentResult(release_id=release_id, outputs={})


def errand(request: DeploymentRequest, name: str, folder: Path, *, site: Site, toolbox: Toolbox) -> DeploymentResult:
    """Run an errand against a deployment; the request's inputs are the errand's. Faults: as deploy."""
    unit = _deployed(request, folder, site, toolbox)
    outputs = sequence.errand(unit, name, request.given(), toolbox)
    return DeploymentResult(release_id=unit.release.id, outputs=outputs)


def _wanted_release(request: DeploymentRequest) -> ReleaseId:
    try:
        return parse_release_id(request.release)
    except ValueError as error:
        raise StageFailedError(str(error)) from error


def _name(request: DeploymentRequest, wanted: ReleaseId) -> str:
    name = request.deployment or wanted.unit
    defect = deployment_defect(name)
    if defect is not None:
        raise StageFailedError(defect)
    return name


def _checked_deployment(request: DeploymentRequest, wanted: ReleaseId, site: Site) -> Deployment:
    environment, name = site.load(), _name(request, wanted)
    known = environment.deployments.get(name)
    if known is not None and known.stage(Scope.DEPLOY).version and known.release != wanted.unit:
        raise StageFailedError(f"{name} is a deployment of {known.release}, not of {wanted.unit}")
    return environment.deployment(name, wanted.unit)


def _deployed(request: DeploymentRequest, folder: Path, site: Site, toolbox: Toolbox) -> Unit:
    wanted = _wanted_release(request)
    deployment = _checked_deployment(request, wanted, site)
    if not deployment.stage(Scope.DEPLOY).version:
        raise StageFailedError(f"{deployment.name} is not deployed in {site.place.environment}")
    return _unpacked(_deployed_release(wanted, deployment, toolbox), deployment, folder, toolbox)


def _deployed_release(wanted: ReleaseId, deployment: Deployment, toolbox: Toolbox) -> Release:
    version = deployment.stage(Scope.DEPLOY).version
    if wanted.version not in {version, None}:
        toolbox.log.note(f"{deployment.name} is at {version}, not at {wanted.version}: that is what this works on")
    return toolbox.fetcher.metadata(wanted.at(version))


def _unpacked(release: Release, deployment: Deployment, folder: Path, toolbox: Toolbox) -> Unit:
    toolbox.log.note(f"fetching {release.id}")
    toolbox.fetcher.unpack(release, folder)
    return Unit(release=release, folder=folder, deployment=deployment, scope=Scope.DEPLOY)


def _result(unit: Unit) -> DeploymentResult:
    outputs = unit.deployment.stage(unit.scope).calculated_outputs
    return DeploymentResult(release_id=unit.release.id, outputs={key: shown(value) for key, value in outputs.items()})
