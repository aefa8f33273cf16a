"""`slipway release …`: what the inventory holds. How packages are moved stands in slipway.inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from slipway.cli import output as desk
from slipway.cli.inventory_paths import ROOT, namespace_path, release_asked, unit_path, version_path
from slipway.cli.lazy import Later, LazyGroup
from slipway.cli.options import json_option
from slipway.plan.names import ReleaseId

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

_HERE = "slipway.cli.commands"
_SEE, _PACKAGES, _USE = "See", "Packages", "Use"
_FIRST_VERSIONS = 10


class _Release(LazyGroup):
    """The commands about releases."""

    later = {
        "list": Later(f"{_HERE}.releases.releases:list_", "Namespaces, applications, or versions.", _SEE),
        "show": Later(
            f"{_HERE}.releases.releases:show", "A release: what it is made from, needs, takes and gives.", _SEE
        ),
        "search": Later(f"{_HERE}.releases.search:search", "Releases by words, the best first.", _SEE),
        "diff": Later(f"{_HERE}.releases.search:diff", "What is different from another release.", _SEE),
        "deps": Later(f"{_HERE}.releases.links:deps", "What a release hangs on, as a tree.", _SEE),
        "downstream": Later(f"{_HERE}.releases.links:downstream", "What hangs on a release, as a tree.", _SEE),
        "upload": Later(f"{_HERE}.releases.packages:upload", "Register a release and upload its package.", _PACKAGES),
        "download": Later(f"{_HERE}.releases.packages:download", "Download a package, and check it.", _PACKAGES),
        "tags": Later(f"{_HERE}.releases.yank:tags", "The release that each tag names.", _USE),
        "tag": Later(f"{_HERE}.releases.yank:tag", "Let a tag name a release.", _USE),
        "yank": Later(f"{_HERE}.releases.yank:yank", "Take a release out of use.", _USE),
        "unyank": Later(f"{_HERE}.releases.yank:unyank", "Take a release into use again.", _USE),
    }


@click.group(cls=_Release)
@json_option
def release() -> None:
    """See releases, move their packages, and say which are meant for use.

    RELEASE is NAMESPACE/APP-v1.2, NAMESPACE/APP-v1.@, NAMESPACE/APP:TAG, or NAMESPACE/APP for the latest.
    """


@click.command("list")
@click.argument("namespace", required=False)
@click.argument("application", required=False)
@json_option
def list_(namespace: str | None, application: str | None) -> None:
    """The namespaces, the applications of NAMESPACE, or the versions of APPLICATION."""
    from slipway.cli.commands.releases.namespaces import applications_table
    from slipway.cli.tables import listing

    with desk.the_client() as api:
        if namespace and application:
            versions = api.get(f"{unit_path(namespace, application)}versions/")
            rows = [(f"{namespace}/{application}-v{version}", version) for version in versions]
            desk.show(versions, lambda: listing(("release", "version"), rows, none="no versions"))
            return
        found = api.get(f"{namespace_path(namespace)}units/" if namespace else ROOT)
    desk.show(found, lambda: applications_table(found) if namespace else _namespaces(found))


@click.command()
@click.argument("reference", metavar="RELEASE")
@json_option
def show(reference: str) -> None:
    """A release: what it is made from, needs, takes and gives."""
    asked = release_asked(reference)
    with desk.the_client() as api:
        found = api.get(f"{version_path(asked)}/", full="true")
    desk.show(found, lambda: _record(asked, found))


def _namespaces(found: dict[str, Any]) -> RenderableType:
    from slipway.cli.tables import listing

    rows = [(name, str(one.get("permission") or ""), str(one.get("description", ""))) for name, one in found.items()]
    return listing(("namespace", "may", "description"), rows, none="no namespaces")


def _record(asked: ReleaseId, found: dict[str, Any]) -> RenderableType:
    from slipway.cli.tables import listed, record
    from slipway.cli.times import now, since

    release, built = found["release"], found.get("provenance") or {}
    return record(
        {
            "release": str(asked.at(str(release["version"]))),
            "description": str(release.get("description", "")),
            "commit": " ".join(str(release.get(name) or "") for name in ("git_revision", "branch")).strip(),
            "message": str(release.get("revision_message") or ""),
            "repository": str(built.get("repository") or ""),
            "built by": str(built.get("built_by") or ""),
            "in run": str(built.get("run") or ""),
            "registered": since(found.get("uploaded_at"), now()),
            "by": str(found.get("uploaded_by") or ""),
            "downloads": str(found.get("downloads", "")),
            "depends on": listed([one.get("release_id", "") for one in release.get("depends") or ()]),
            "consumes": listed([one.get("name", "") for one in release.get("consumes") or ()]),
            "provides": listed([one.get("name", "") for one in release.get("provides") or ()]),
            "inputs": listed([one.get("id", "") for one in release.get("inputs") or ()]),
            "outputs": listed([one.get("id", "") for one in release.get("outputs") or ()]),
            "errands": ", ".join(release.get("errands") or {}),
            "files": str(len(release.get("files") or {})),
            "package": _package(found),
            "yanked": _yanked(found.get("yanked")),
            "versions": _versions(found.get("versions") or []),
        }
    )


def _package(found: dict[str, Any]) -> str:
    return f"{found['size']:,} bytes, SHA-256 {found['sha256']}" if found.get("sha256") else "none yet"


def _yanked(yanked: dict[str, Any] | None) -> Text:
    from rich.text import Text

    from slipway.cli.plain_text import plain
    from slipway.cli.times import now, since

    if yanked is None:
        return Text("")
    told = f"{yanked['reason']} (by {yanked['by']}, {since(yanked['at'], now())})"
    return Text(plain(told), "red")


def _versions(versions: list[str]) -> str:
    more = len(versions) - _FIRST_VERSIONS
    return ", ".join(versions[:_FIRST_VERSIONS]) + (f" and {more} more" if more > 0 else "")
