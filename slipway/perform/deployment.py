"""Work on a release that the inventory has: deploy, smoke, destroy, errand, each in a fresh folder."""

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
    """What to work on. release: an id, `ns/app-v1.2` or a query. deployment: by default the unit's name."""

    release: str
    deployment: str = ""
    inputs: Mapping[str, Value] = field(default_factory=dict)
    providers: Mapping[str, str] = field(default_factory=dict)

    def given(self) -> Given:
        """What the user gives."""
        return Given(inputs=self.inputs, providers=self.providers)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentResult:
    """What came of it. outputs: as scripts are shown them."""

    release_id: str
    outputs: Mapping[str, str]


def deploy(ask: DeploymentRequest, folder: Path, site: Site, bench: Toolbox) -> DeploymentResult:
    """The release deployed under its name. folder: for its files; does not exist yet.

    Faults: PlanError, InventoryError, ArchiveError, StatesError, and those of faults.
    """
    asked = _asked(ask)
    release = bench.fetcher.metadata(asked)
    deployment = site.load().deployment(_name(ask, asked), asked.unit)
    unit = _unpacked(release, deployment, folder, bench)
    sequence.bring_up(unit, ask.given(), bench)
    return _result(unit)


def smoke(ask: DeploymentRequest, folder: Path, site: Site, bench: Toolbox) -> DeploymentResult:
    """What is deployed under the name, smoke tested. Faults: as deploy."""
    unit = _deployed(ask, folder, site, bench)
    sequence.check(unit, bench)
    return _result(unit)


def destroy(ask: DeploymentRequest, folder: Path, site: Site, bench: Toolbox) -> DeploymentResult:
    """What is deployed under the name, taken down, and forgotten if its status asked for that. Faults: as deploy."""
    asked = _asked(ask)
    deployment = _there(ask, asked, site)
    stage = deployment.stage(Scope.DEPLOY)
    forget = stage.status.get("status") == _FORGET
    release_id = f"{deployment.release}-v{stage.version}" if stage.version else str(asked)
    if stage.version:
        unit = _unpacked(_at_work(asked, deployment, bench), deployment, folder, bench)
        sequence.destroy(unit, ask.given(), bench)
    else:
        bench.log.note(f"{deployment.name} is not deployed: nothing to destroy")
    if forget:
        site.states.delete(site.place, deployment.name)
    return DeploymentResult(release_id=release_id, outputs={})


def errand(ask: DeploymentRequest, name: str, folder: Path, *, site: Site, bench: Toolbox) -> DeploymentResult:
    """An errand run against what is deployed under the name; the ask's inputs are the errand's. Faults: as deploy."""
    unit = _deployed(ask, folder, site, bench)
    outputs = sequence.errand(unit, name, ask.given(), bench)
    return DeploymentResult(release_id=unit.release.id, outputs=outputs)


def _asked(ask: DeploymentRequest) -> ReleaseId:
    try:
        return parse_release_id(ask.release)
    except ValueError as error:
        raise StageFailedError(str(error)) from error


def _name(ask: DeploymentRequest, asked: ReleaseId) -> str:
    name = ask.deployment or asked.unit
    defect = deployment_defect(name)
    if defect is not None:
        raise StageFailedError(defect)
    return name


def _there(ask: DeploymentRequest, asked: ReleaseId, site: Site) -> Deployment:
    environment, name = site.load(), _name(ask, asked)
    known = environment.deployments.get(name)
    if known is not None and known.stage(Scope.DEPLOY).version and known.release != asked.unit:
        raise StageFailedError(f"{name} is a deployment of {known.release}, not of {asked.unit}")
    return environment.deployment(name, asked.unit)


def _deployed(ask: DeploymentRequest, folder: Path, site: Site, bench: Toolbox) -> Unit:
    asked = _asked(ask)
    deployment = _there(ask, asked, site)
    if not deployment.stage(Scope.DEPLOY).version:
        raise StageFailedError(f"{deployment.name} is not deployed in {site.place.environment}")
    return _unpacked(_at_work(asked, deployment, bench), deployment, folder, bench)


def _at_work(asked: ReleaseId, deployment: Deployment, bench: Toolbox) -> Release:
    version = deployment.stage(Scope.DEPLOY).version
    if asked.version not in {version, None}:
        bench.log.note(f"{deployment.name} is at {version}, not at {asked.version}: that is what this works on")
    return bench.fetcher.metadata(asked.at(version))


def _unpacked(release: Release, deployment: Deployment, folder: Path, bench: Toolbox) -> Unit:
    bench.log.note(f"fetching {release.id}")
    bench.fetcher.unpack(release, folder)
    return Unit(release=release, folder=folder, deployment=deployment, scope=Scope.DEPLOY)


def _result(unit: Unit) -> DeploymentResult:
    outputs = unit.deployment.stage(unit.scope).calculated_outputs
    return DeploymentResult(release_id=unit.release.id, outputs={key: shown(value) for key, value in outputs.items()})
