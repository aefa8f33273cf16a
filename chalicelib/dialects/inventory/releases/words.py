"""How releases and their versions are asked about and shown. Their metadata: words_metadata, words_shown_metadata."""

from chalicelib.dialects.inventory.go_json.read_metadata import read_metadata
from chalicelib.dialects.inventory.go_json.write import go_reply
from chalicelib.dialects.inventory.go_json.write_metadata import shown_metadata
from chalicelib.dialects.inventory.namespaces.words import requested_owner
from chalicelib.dialects.inventory.words import next_page, read_slice, shown_instant
from chalicelib.http.etag import etagged
from chalicelib.http.reply import Json, Reply, text_reply
from chalicelib.http.request import Request
from chalicelib.kernel.releases.release import Built, Package, Release, Yanked
from chalicelib.use_cases.releases.next_version import NextVersion
from chalicelib.use_cases.releases.register import Register
from chalicelib.use_cases.releases.releases import ReleaseByQuery, ReleaseInFull, VersionsPage, VersionsQuery

RUN_HEADER = "x-slipway-run"
LONGEST_RUN = 100


def read_register(request: Request) -> Register:
    """A release to be registered. Faults: Invalid, in Escape's words; TooLarge."""
    return Register(
        origin=request.origin,
        namespace=request.parameters["namespace"],
        metadata=read_metadata(request.content),
        owner=requested_owner(request),
        run=request.header(RUN_HEADER).strip()[:LONGEST_RUN],
    )


def read_next_version(request: Request) -> NextVersion:
    """Which next version is asked for. Faults: Invalid."""
    return NextVersion(
        namespace=request.parameters["namespace"],
        application=request.parameters["name"],
        prefix=request.query.text("prefix") or "",
        by=request.asker,
    )


def read_release(request: Request) -> ReleaseByQuery:
    """Which release is asked for."""
    return ReleaseByQuery(
        namespace=request.parameters["namespace"],
        application=request.parameters["name"],
        query=request.parameters["version"],
    )


def wants_full(request: Request) -> bool:
    """Whether everything around a release is asked for: whatever stands there, as long as something does."""
    return any(request.query.every("full"))


def read_versions(request: Request) -> VersionsQuery:
    """Which versions are asked for: all, unless a page is. Faults: Invalid."""
    asked = read_slice(request)
    return VersionsQuery(
        namespace=request.parameters["namespace"],
        application=request.parameters["name"],
        size=asked.size,
        below=asked.after or None,
    )


def show_next_version(version: str) -> Reply:
    """The bare version."""
    return text_reply(version)


def show_release(seen: Release | ReleaseInFull) -> Reply:
    """The metadata, or with all that is known around it."""
    if isinstance(seen, Release):
        return etagged(go_reply(shown_metadata(seen.metadata)))
    return etagged(go_reply(_in_full(seen)))


def _in_full(seen: ReleaseInFull) -> Json:
    release = seen.release
    return {
        "release": shown_metadata(release.metadata),
        "versions": list(seen.versions),
        "is_latest": seen.is_latest,
        "downloads": seen.downloads,
        "uploaded_by": release.by,
        "uploaded_at": shown_instant(release.at),
        "provenance": _provenance(release),
        **_package(release.package),
        **_yanked(release.yanked),
    }


def show_versions(page: VersionsPage) -> Reply:
    """The versions, and where the next page begins."""
    return etagged(go_reply(list(page.versions), next_page(page.after)))


def _provenance(release: Release) -> Json:
    """From what, by whom and in which run it was built; who registered it, where no run did."""
    built = release.built or Built(run="", by=release.by)
    return {
        "repository": release.metadata.repository,
        "revision": release.metadata.git_revision,
        "built_by": built.by,
        "run": built.run,
    }


def _package(package: Package | None) -> dict[str, Json]:
    return {} if package is None else {"sha256": package.sha256, "size": package.size}


def _yanked(yanked: Yanked | None) -> dict[str, Json]:
    if yanked is None:
        return {}
    return {"yanked": {"reason": yanked.reason, "by": yanked.by, "at": shown_instant(yanked.at)}}
