"""What a release would change in production, wherever another version of its application is there."""

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.changes.change_set import ChangeSet, DeploymentChange
from chalicelib.kernel.releases.release import Release
from chalicelib.use_cases.changes.between import with_what_lies_between
from chalicelib.use_cases.changes.read_once import reading_of
from chalicelib.use_cases.overview.release_places import places_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.fresh_login import is_production
from slipway_formats.frozen import frozen


@frozen
class ProductionQuery:
    """Query: what differs between a release and what production has of its application."""

    by: Principal
    release: Release


def compare_with_production(ports: Ports, query: ProductionQuery) -> ChangeSet:
    """Return what differs, with commits and files, of each place in production that the caller may read."""
    key = query.release.key
    application = f"{key.namespace}/{key.application}"
    found = [
        DeploymentChange(
            project=one.project,
            environment=one.cell.environment,
            deployment=one.cell.deployment,
            application=application,
            old=one.cell.version,
            new=key.version,
        )
        for one in places_of(ports, query.by, application)
        if is_production(ports, [one.cell.environment]) and one.cell.version != key.version
    ]
    return with_what_lies_between(reading_of(ports), query.by, ChangeSet(deployments=tuple(found)))
