"""`slipway release …`: what the inventory holds. How packages are moved stands in slipway.inventory."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from slipway.cli.input.options import json_option, limit_option, release_argument
from slipway.cli.lazy import LazyCommand, LazyGroup
from slipway.cli.places.inventory_paths import ROOT, namespace_path, parse_release, places_path, version_path
from slipway.cli.show import output
from slipway.cli.show.cells import Names
from slipway.cli.show.columns import KEY, Column, Columns, Row, by_name, names, text, when, words
from slipway.plan.names import ReleaseId

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from slipway.client import Client

_HERE = "slipway.cli.commands"
_SEE, _PACKAGES, _USE = "See", "Packages", "Use"
_FIRST_VERSIONS = 10
LARGEST_PAGE = 100
NAMESPACES = Columns(
    (Column("namespace", KEY), Column("may", "permission"), Column("description")), none="no namespaces"
)


class _Release(LazyGroup):
    """The commands about releases."""

    commands_by_name = {
        "list": LazyCommand(f"{_HERE}.releases.releases:list_", "Namespaces, applications, or versions.", _SEE),
        "show": LazyCommand(
            f"{_HERE}.releases.releases:show", "A release: what it is made from, needs, takes and gives.", _SEE
        ),
        "search": LazyCommand(f"{_HERE}.releases.search:search", "Releases by words, the best first.", _SEE),
        "diff": LazyCommand(f"{_HERE}.releases.search:diff", "What is different from another release.", _SEE),
        "deps": LazyCommand(f"{_HERE}.releases.links:deps", "What a release hangs on, as a tree.", _SEE),
        "downstream": LazyCommand(f"{_HERE}.releases.links:downstream", "What hangs on a release, as a tree.", _SEE),
        "upload": LazyCommand(
            f"{_HERE}.releases.packages:upload", "Register a release and upload its package.", _PACKAGES
        ),
        "download": LazyCommand(f"{_HERE}.releases.packages:download", "Download a package, and check it.", _PACKAGES),
        "tags": LazyCommand(f"{_HERE}.releases.yank:tags", "The release that each tag names.", _USE),
        "tag": LazyCommand(f"{_HERE}.releases.yank:tag", "Let a tag name a release.", _USE),
        "yank": LazyCommand(f"{_HERE}.releases.yank:yank", "Take a release out of use.", _USE),
        "unyank": LazyCommand(f"{_HERE}.releases.yank:unyank", "Take a release into use again.", _USE),
    }


@click.group(cls=_Release)
@json_option
def release() -> None:
    """See releases, move their packages, and say which are meant for use.

    RELEASE is NAMESPACE/APP-v1.2, NAMESPACE/APP-v1.@, NAMESPACE/APP:TAG, or NAMESPACE/APP for the latest.

    Example: slipway release show demo/app
    """


@click.command("list")
@click.argument("namespace", required=False)
@click.argument("application", required=False)
@limit_option
@json_option
def list_(namespace: str | None, application: str | None, *, limit: int) -> None:
    """The namespaces, the applications of NAMESPACE, or the versions of APPLICATION with where they are deployed.

    Example: slipway release list demo app
    """
    from slipway.cli.commands.releases.namespaces import APPLICATIONS

    with output.the_client() as api:
        if namespace and application:
            versions = list(islice(_versions_of(api, namespace, application, limit), limit))
            output.show(versions, lambda: VERSIONS.table(versions))
            return
        found = api.get(f"{namespace_path(namespace)}units/" if namespace else ROOT)
    output.show(found, lambda: (APPLICATIONS if namespace else NAMESPACES).table(by_name(found)))


@click.command()
@release_argument
@json_option
def show(reference: str) -> None:
    """A release: what it is made from, needs, takes and gives.

    Example: slipway release show demo/app-v1.2
    """
    asked = parse_release(reference)
    with output.the_client() as api:
        found = api.get(f"{version_path(asked)}/", full="true")
        version = str(found["release"]["version"])
        told = api.get(places_path(asked.project, asked.name), version=version)["items"]
    whole = {**found, "deployed_in": [place for one in told for place in one["deployed_in"]]}
    output.show(whole, lambda: _record(asked, whole))


def _versions_of(api: Client, namespace: str, application: str, limit: int) -> Iterator[dict[str, Any]]:
    """Yield the versions of an application, the highest first, page after page."""
    after: str | None = ""
    while after is not None:
        size = {"page_size": str(min(limit, LARGEST_PAGE))}
        page = api.get(places_path(namespace, application), **size, **({"page_from": after} if after else {}))
        yield from ({"release": f"{namespace}/{application}-v{one['version']}", **one} for one in page["items"])
        after = page["next"]


def _record(asked: ReleaseId, found: dict[str, Any]) -> RenderableType:
    return RECORD.record({**found, "title": str(asked.at(str(found["release"]["version"])))})


def _commit(found: Row) -> str:
    return " ".join(text(found["release"].get(name)) for name in ("git_revision", "branch")).strip()


def _package(found: Row) -> str:
    return f"{found['size']:,} bytes, SHA-256 {found['sha256']}" if found.get("sha256") else "none yet"


def _yanked(yanked: dict[str, Any] | None) -> Text:
    from rich.text import Text

    from slipway.cli.show.plain_text import plain
    from slipway.cli.show.times import exact

    if yanked is None:
        return Text("")
    return Text(plain(f"{yanked['reason']} (by {yanked['by']}, {exact(yanked['at'])})"), "red")


def _versions(found: list[str] | None) -> str:
    versions = found or []
    more = len(versions) - _FIRST_VERSIONS
    return ", ".join(versions[:_FIRST_VERSIONS]) + (f" and {more} more" if more > 0 else "")


def _deployed_in(places: list[dict[str, Any]] | None) -> Names:
    return words([f"{one['project']}/{one['environment']}/{one['deployment']}" for one in places or ()])


VERSIONS = Columns(
    (
        Column("release"),
        Column("version"),
        Column("registered", "at", when),
        Column("by"),
        Column("yanked", "yanked.reason", text),
        Column("deployed in", "deployed_in", _deployed_in),
    ),
    none="no versions",
)
RECORD = Columns(
    (
        Column("release", "title"),
        Column("description", "release.description"),
        Column("commit", _commit),
        Column("message", "release.revision_message"),
        Column("repository", "provenance.repository"),
        Column("built by", "provenance.built_by"),
        Column("in run", "provenance.run"),
        Column("registered", "uploaded_at", when),
        Column("by", "uploaded_by"),
        Column("downloads"),
        Column("depends on", "release.depends", names("release_id")),
        Column("consumes", "release.consumes", names("name")),
        Column("provides", "release.provides", names("name")),
        Column("inputs", "release.inputs", names("id")),
        Column("outputs", "release.outputs", names("id")),
        Column("errands", "release.errands", words),
        Column("files", "release.files", lambda files: str(len(files or {}))),
        Column("package", _package),
        Column("yanked", show=_yanked),
        Column("deployed in", "deployed_in", _deployed_in),
        Column("versions", show=_versions),
    )
)
