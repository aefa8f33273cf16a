"""Parse release references, and build paths of the Inventory API with quoted names."""

from __future__ import annotations

import click

from slipway.client import segment
from slipway.plan.names import ReleaseId, name_defect, parse_release_id

ROOT = "/api/v1/inventory/"


def namespace_path(namespace: str) -> str:
    """Return the path of a namespace."""
    return f"{ROOT}{segment(namespace)}/"


def unit_path(namespace: str, application: str) -> str:
    """Return the path of an application."""
    return f"{namespace_path(namespace)}units/{segment(application)}/"


def version_path(release: ReleaseId) -> str:
    """Return the path of the release that a version, query or tag resolves to."""
    return f"{unit_path(release.project, release.name)}versions/{segment(release.query)}"


def parse_release(reference: str) -> ReleaseId:
    """Parse a release reference; without a version it is the latest. Faults: BadParameter."""
    try:
        return parse_release_id(reference)
    except ValueError as error:
        try:
            # Names may have dashes.
            return parse_release_id(f"{reference}-latest")
        except ValueError:
            raise click.BadParameter(str(error), param_hint="RELEASE") from error


def exact_release(reference: str) -> ReleaseId:
    """Parse a reference to one exact version. Faults: BadParameter."""
    asked = parse_release(reference)
    if asked.version is None:
        raise click.BadParameter(
            f"{reference} names no single version, as {asked.unit}-v1.2 does", param_hint="RELEASE"
        )
    return asked


def parse_application(reference: str) -> tuple[str, str]:
    """Parse `NAMESPACE/APP` to namespace and name. Faults: BadParameter."""
    namespace, _, name = reference.partition("/")
    defect = name_defect(name) if namespace else "no namespace"
    if defect is not None:
        raise click.BadParameter(f"{reference} is no NAMESPACE/APP: {defect}", param_hint="NAMESPACE/APP")
    return namespace, name


def parse_unit(reference: str) -> str:
    """Return the path of a namespace, or of an application. Faults: BadParameter."""
    return unit_path(*parse_application(reference)) if "/" in reference else namespace_path(reference)


def places_path(namespace: str, application: str) -> str:
    """Return the path of the releases of an application with where they are."""
    return f"/api/v1/releases/{segment(namespace)}/{segment(application)}"
