"""Read requests about releases and versions, and show the answers. Metadata: go_json."""

from chalicelib.dialects.inventory.go_json.read_metadata import read_metadata
from chalicelib.dialects.inventory.go_json.write import go_reply
from chalicelib.dialects.inventory.go_json.write_metadata import shown_metadata
from chalicelib.dialects.inventory.namespaces.words import requested_owner
from chalicelib.dialects.inventory.words import next_page, read_slice, shown_instant
from chalicelib.http.answers.etag import etagged
from chalicelib.http.reply import Json, Reply, text_reply
from chalicelib.http.request import Request
from chalicelib.kernel.releases.release import Built, Release, Yanked
from chalicelib.use_cases.releases.next_version import NextVersion
from chalicelib.use_cases.releases.register import Register
from chalicelib.use_cases.releases.releases import ReleaseByQuery, ReleaseInFull, VersionsPage, VersionsQuery

RUN_HEADER = "x-slipway-run"
LONGEST_RUN = 100
CHECKING = "checking"


def read_register(request: Request) -> Register:
    """Read a release to register. Faults: Invalid, with Escape's message; TooLarge."""
    return Register(
        origin=request.origin,
        namespace=request.parameters["namespace"],
        metadata=read_metadata(request.content),
        owner=requested_owner(request),
        run=request.header(RUN_HEADER).strip()[:LONGEST_RUN],
    )


def read_next_version(request: Request) -> NextVersion:
    """Read a query for the next version. Faults: Invalid."""
    return NextVersion(
        namespace=request.parameters["namespace"],
        application=request.parameters["name"],
        prefix=request.query.text("prefix") or "",
        by=request.asker,
    )


def read_release(request: Request) -> ReleaseByQuery:
    """Read which release is requested."""
    return ReleaseByQuery(
        namespace=request.parameters["namespace"],
        application=request.parameters["name"],
        query=request.parameters["version"],
    )


def wants_full(request: Request) -> bool:
    """True when `?full=` has any value: the caller wants the release with versions, package and provenance."""
    return any(request.query.every("full"))


def read_versions(request: Request) -> VersionsQuery:
    """Read a query for versions: all, or a page. Faults: Invalid."""
    slice_ = read_slice(request)
    return VersionsQuery(
        namespace=request.parameters["namespace"],
        application=request.parameters["name"],
        size=slice_.size,
        below=slice_.after or None,
    )


def show_next_version(version: str) -> Reply:
    """Show the version as text."""
    return text_reply(version)


def show_release(found: Release | ReleaseInFull) -> Reply:
    """Show the metadata alone, or the release in full."""
    if isinstance(found, Release):
        return etagged(go_reply(shown_metadata(found.metadata)))
    return etagged(go_reply(_in_full(found)))


def _in_full(found: ReleaseInFull) -> Json:
    release = found.release
    return {
        "release": shown_metadata(release.metadata),
        "versions": list(found.versions),
        "is_latest": found.is_latest,
        "downloads": found.downloads,
        "uploaded_by": release.by,
        "uploaded_at": shown_instant(release.at),
        "provenance": _provenance(release),
        **_package(release),
        **_yanked(release.yanked),
    }


def show_versions(page: VersionsPage) -> Reply:
    """Show the versions, and where the next page begins."""
    return etagged(go_reply(list(page.versions), next_page(page.after)))


def _provenance(release: Release) -> Json:
    """Return the source, author and run of the build; whoever registered the release if no run built it."""
    built = release.built or Built(run="", by=release.by)
    return {
        "repository": release.metadata.repository,
        "revision": release.metadata.git_revision,
        "built_by": built.by,
        "run": built.run,
    }


def _package(release: Release) -> dict[str, Json]:
    """Return what is known of the package; and what became of it, where it is not to be had."""
    if release.package is None:
        return {"package": f"refused: {release.refused}"} if release.refused else {}
    checking: dict[str, Json] = {"package": CHECKING} if release.package.is_checking else {}
    return {"sha256": release.package.sha256, "size": release.package.size, **checking}


def _yanked(yanked: Yanked | None) -> dict[str, Json]:
    if yanked is None:
        return {}
    return {"yanked": {"reason": yanked.reason, "by": yanked.by, "at": shown_instant(yanked.at)}}
