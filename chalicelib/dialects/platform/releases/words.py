"""Read of which application the releases are wanted, and show them with where they are."""

from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.use_cases.overview.release_places import Placed, PlacedRelease, PlacedReleases, ReleasePlaces


def read_places(request: Request) -> ReleasePlaces:
    """Read which releases are wanted. Faults: Invalid."""
    query = request.query
    return ReleasePlaces(
        by=request.asker,
        namespace=request.parameters["namespace"],
        application=request.parameters["application"],
        version=(query.text("version") or "").removeprefix("v"),
        size=query.whole("page_size", default=20, least=1, most=100),
        below=query.text("page_from") or None,
    )


def show_places(found: PlacedReleases) -> Reply:
    """Show a page of releases with where they are."""
    return json_reply({"items": [_shown(one) for one in found.releases], "next": found.after})


def _shown(one: PlacedRelease) -> Json:
    release, said, yanked = one.release, one.release.metadata, one.release.yanked
    told = {"reason": yanked.reason, "by": yanked.by, "at": yanked.at.isoformat()} if yanked is not None else None
    return {
        "version": said.version,
        "at": release.at.isoformat(),
        "by": release.by,
        "revision": said.git_revision,
        "branch": said.branch,
        "message": said.revision_message,
        "run": release.built.run if release.built is not None else None,
        "has_package": release.package is not None,
        "yanked": told,
        "deployed_in": [_shown_place(place) for place in one.places],
    }


def _shown_place(one: Placed) -> Json:
    cell = one.cell
    return {
        "project": one.project,
        "environment": cell.environment,
        "deployment": cell.deployment,
        "phase": cell.phase.value,
        "since": cell.since.isoformat(),
        "by": cell.by,
    }
