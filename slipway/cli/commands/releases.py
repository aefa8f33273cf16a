"""`slipway release …`: what the inventory holds. How packages are moved stands in slipway.inventory."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from slipway.cli import desk, packages
from slipway.cli.options import json_option
from slipway.client import segment
from slipway.inventory import HttpInventory
from slipway.plan.files import sha256
from slipway.plan.names import ReleaseId, parse_release_id
from slipway.plan.ports import AlreadyReleasedError
from slipway.unfinished import unfinished_of

if TYPE_CHECKING:
    from rich.console import RenderableType

ROOT = "/api/v1/inventory/"


@click.group()
@json_option
def release() -> None:
    """List, show, upload, download and tag releases.

    RELEASE is NAMESPACE/APP-v1.2, NAMESPACE/APP-v1.@, NAMESPACE/APP:TAG, or NAMESPACE/APP for the latest.
    """


@release.command("list")
@click.argument("namespace", required=False)
@click.argument("application", required=False)
@json_option
def list_(namespace: str | None, application: str | None) -> None:
    """The namespaces, the applications of NAMESPACE, or the versions of APPLICATION."""
    from slipway.cli.tables import listing

    with desk.the_client() as api:
        if namespace and application:
            versions = api.get(f"{ROOT}{segment(namespace)}/units/{segment(application)}/versions/")
            rows = [(f"{namespace}/{application}-v{version}", version) for version in versions]
            desk.show(versions, lambda: listing(("release", "version"), rows, none="no versions"))
            return
        found = api.get(f"{ROOT}{segment(namespace)}/units/" if namespace else ROOT)
    desk.show(found, lambda: _applications(found) if namespace else _namespaces(found))


@release.command()
@click.argument("reference", metavar="RELEASE")
@json_option
def show(reference: str) -> None:
    """A release: what it is made from, needs, takes and gives."""
    asked = _release_id(reference)
    with desk.the_client() as api:
        path = f"{ROOT}{segment(asked.project)}/units/{segment(asked.name)}/versions/{segment(asked.query)}/"
        found = api.get(path, full="true")
    desk.show(found, lambda: _record(asked, found))


@release.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--namespace", default="", help="Where the package itself names none, or another.")
@click.option("-p", "--project", default="", help="The project that a new namespace is to belong to.")
@json_option
def upload(file: Path, namespace: str, project: str) -> None:
    """Register the release of a package FILE, unless it is known, and upload the package."""
    metadata = packages.metadata_in(file)
    place = namespace or str(metadata.get("project") or "_")
    name, version = str(metadata["name"]), str(metadata["version"])
    title = f"{place}/{name}-v{version}"
    with desk.the_client() as api, packages.bar(f"uploading {title}") as progress, packages.told_faults():
        unfinished = unfinished_of(os.environ)
        unfinished.sweep(time.time())
        inventory = HttpInventory(api, project=project, progress=progress, unfinished=unfinished)
        try:
            inventory.register(place, {**metadata, "project": place})
        except AlreadyReleasedError:
            desk.note(f"{title} is registered already; its package is uploaded")
        inventory.upload(place, name, version, file)
    told = {"release": title, "size": file.stat().st_size, "sha256": sha256(file)}
    desk.show(told, lambda: f"uploaded {title}")


@release.command()
@click.argument("reference", metavar="RELEASE")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="A file or folder; here and by its own name if left out."
)
@json_option
def download(reference: str, output: Path | None) -> None:
    """Download the package of a release, and check it against what was recorded at its upload."""
    asked = _release_id(reference)
    with desk.the_client() as api, packages.bar(f"downloading {asked}") as progress, packages.told_faults():
        inventory = HttpInventory(api, progress=progress)
        found = asked.at(str(inventory.release(asked.project, asked.name, asked.query)["version"]))
        target = packages.target_of(output, f"{found.name}-{found.query}{packages.SUFFIX}")
        digest = packages.download(inventory, found, target)
    told = {"release": str(found), "file": str(target), "sha256": digest}
    desk.show(told, lambda: f"downloaded {found} to {target}")


@release.command()
@click.argument("reference", metavar="RELEASE")
@click.argument("name", metavar="TAG")
@json_option
def tag(reference: str, name: str) -> None:
    """Let TAG name this release from now on."""
    asked = _release_id(reference)
    with desk.the_client() as api:
        path = f"{ROOT}{segment(asked.project)}/units/{segment(asked.name)}/tags/"
        api.post(path, {"release_id": str(asked), "tag": name})
    desk.show({"release": str(asked), "tag": name}, lambda: f"{asked.unit}:{name} is {asked} now")


def _release_id(reference: str) -> ReleaseId:
    try:
        return parse_release_id(reference)
    except ValueError as error:
        try:
            # Without a version the latest is meant; names may have dashes.
            return parse_release_id(f"{reference}-latest")
        except ValueError:
            raise click.BadParameter(str(error), param_hint="RELEASE") from error


def _namespaces(found: dict[str, Any]) -> RenderableType:
    from slipway.cli.tables import listing

    rows = [(name, str(one.get("permission") or ""), str(one.get("description", ""))) for name, one in found.items()]
    return listing(("namespace", "may", "description"), rows, none="no namespaces")


def _applications(found: dict[str, Any]) -> RenderableType:
    from slipway.cli.tables import listing
    from slipway.cli.times import now, since

    at = now()
    rows = [
        (
            f"{one.get('project', '')}/{name}",
            str(one.get("latest_version", "")),
            since(one.get("uploaded_at"), at),
            str(one.get("uploaded_by", "")),
            str(one.get("description", "")),
        )
        for name, one in found.items()
    ]
    return listing(("application", "latest", "uploaded", "by", "description"), rows, none="no applications")


def _record(asked: ReleaseId, found: dict[str, Any]) -> RenderableType:
    from slipway.cli.tables import listed, record
    from slipway.cli.times import now, since

    release = found["release"]
    return record(
        {
            "release": str(asked.at(str(release["version"]))),
            "description": str(release.get("description", "")),
            "commit": " ".join(str(release.get(name) or "") for name in ("git_revision", "branch")).strip(),
            "message": str(release.get("revision_message") or ""),
            "uploaded": since(found.get("uploaded_at"), now()),
            "by": str(found.get("uploaded_by") or ""),
            "downloads": str(found.get("downloads", "")),
            "depends on": listed([one.get("release_id", "") for one in release.get("depends") or ()]),
            "consumes": listed([one.get("name", "") for one in release.get("consumes") or ()]),
            "provides": listed([one.get("name", "") for one in release.get("provides") or ()]),
            "inputs": listed([one.get("id", "") for one in release.get("inputs") or ()]),
            "outputs": listed([one.get("id", "") for one in release.get("outputs") or ()]),
            "errands": ", ".join(release.get("errands") or {}),
            "files": str(len(release.get("files") or {})),
            "versions": listed(found.get("versions")),
        }
    )
