"""`slipway release upload` and `download`. How packages are moved stands in slipway.inventory."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

from slipway.cli import packages
from slipway.cli.input.options import json_option, release_argument
from slipway.cli.places.inventory_paths import parse_release
from slipway.cli.show import output
from slipway.inventory import HttpInventory
from slipway.plan.files import sha256
from slipway.plan.ports import AlreadyReleasedError
from slipway.unfinished import unfinished_of


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--namespace", default="", help="Where the package itself names none, or another.")
@click.option("-p", "--project", default="", help="The project that a new namespace is to belong to.")
@json_option
def upload(file: Path, namespace: str, project: str) -> None:
    """Register the release of a package FILE, unless it is known, and upload the package.

    An upload that broke off, or was killed, goes on where it was when it is asked for again.

    Example: slipway release upload app-v1.2.tgz --namespace demo
    """
    metadata = packages.metadata_in(file)
    place = namespace or str(metadata.get("project") or "_")
    name, version = str(metadata["name"]), str(metadata["version"])
    title = f"{place}/{name}-v{version}"
    with output.the_client() as api, packages.bar(f"uploading {title}") as progress, packages.translated_errors():
        unfinished = unfinished_of(os.environ)
        unfinished.sweep(time.time())
        inventory = HttpInventory(api, project=project, progress=progress, unfinished=unfinished)
        try:
            inventory.register(place, {**metadata, "project": place})
        except AlreadyReleasedError:
            output.note(f"{title} is registered already; its package is uploaded")
        inventory.upload(place, name, version, file)
    told = {"release": title, "size": file.stat().st_size, "sha256": sha256(file)}
    output.show(told, lambda: f"uploaded {title}")


@click.command()
@release_argument
@click.option(
    "-o",
    "--output",
    "wanted",
    type=click.Path(path_type=Path),
    help="A file or folder; here and by its own name if left out.",
)
@json_option
def download(reference: str, wanted: Path | None) -> None:
    """Download the package of a release, and check it against what was recorded at its upload.

    A download that broke off, or was killed, goes on where it was when it is asked for again.

    Example: slipway release download demo/app-v1.2 --output app.tgz
    """
    asked = parse_release(reference)
    with output.the_client() as api, packages.bar(f"downloading {asked}") as progress, packages.translated_errors():
        inventory = HttpInventory(api, progress=progress)
        found = asked.at(str(inventory.release(asked.project, asked.name, asked.query)["version"]))
        target = packages.target_of(wanted, f"{found.name}-{found.query}{packages.SUFFIX}")
        digest = packages.download(inventory, found, target)
    told = {"release": str(found), "file": str(target), "sha256": digest}
    output.show(told, lambda: f"downloaded {found} to {target}")
