"""Read requests about snapshots of releases, and show them."""

from collections.abc import Iterator

from chalicelib.dialects.flexdeploy.dialect import PREFIX
from chalicelib.dialects.flexdeploy.numbers import id_in, ids_in
from chalicelib.dialects.flexdeploy.snapshots import shapes
from chalicelib.dialects.flexdeploy.snapshots.statuses import SnapshotState, snapshot_state, version_state
from chalicelib.http.reply import Json
from chalicelib.http.request import Request
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.trains.snapshot import CarriedVersion
from chalicelib.use_cases.travel.assemble import AssembleSnapshot, WantedVersion
from chalicelib.use_cases.travel.release_snapshots import ReleaseSnapshot, SnapshotsOfRelease
from slipway_formats.defect import Defect

MOST = 1000


def read_list(request: Request) -> SnapshotsOfRelease:
    """Read whose snapshots are asked for. Faults: Invalid."""
    most = request.query.whole("limit", default=MOST, least=1, most=MOST)
    return SnapshotsOfRelease(origin=request.origin, train=id_in(request, "releaseId"), most=most)


def read_one(request: Request) -> SnapshotsOfRelease:
    """Read which snapshot is asked for. Faults: Invalid."""
    ids = ids_in(request, ("releaseId", "snapshotId"))
    return SnapshotsOfRelease(origin=request.origin, train=ids["releaseId"] or 0, snapshot=ids["snapshotId"] or 0)


def read_new(request: Request) -> AssembleSnapshot:
    """Read a snapshot to create, or to copy. Faults: Invalid."""
    number, body = id_in(request, "releaseId"), request.body(shapes.NewReleaseSnapshotBody)
    if wrong := tuple(_unlike_action(body)):
        raise Invalid(wrong)
    return AssembleSnapshot(
        origin=request.origin,
        train=number,
        description=body.description,
        versions=tuple(
            WantedVersion(
                application=one.project_id,
                version=one.project_version_id,
                branch=one.project_stream_id,
                package=one.package_name or "",
            )
            for one in body.snapshot_version_inputs
        ),
        copy_of=body.from_snapshot_id,
    )


def shown(view: ReleaseSnapshot) -> dict[str, Json]:
    """Show a snapshot."""
    snapshot = view.snapshot
    builds = any(one.builds for one in snapshot.carries)
    state = snapshot_state(view.assembly, builds=builds)
    path = f"{PREFIX}/rest/v1/releases/{view.train.id}/snapshot/{snapshot.id}"
    return {
        "snapshotId": snapshot.id,
        "snapshotName": snapshot.title or snapshot.number,
        "snapshotStatus": state,
        "description": snapshot.description or None,
        "releaseId": view.train.id,
        "snapshotVersions": [_version(one, state) for one in snapshot.carries],
        "snapshotVariables": [{"name": name, "value": value} for name, value in view.variables.items()],
        "links": [{"rel": "self", "href": path}, {"rel": "execution", "href": f"{path}/execution"}],
    }


def _unlike_action(body: shapes.NewReleaseSnapshotBody) -> Iterator[Defect]:
    """Yield what does not go with the action."""
    is_copy = body.action == "copySnapshot"
    if is_copy != (body.from_snapshot_id is not None):
        yield Defect("fromSnapshotId", "is required" if is_copy else "goes with copySnapshot alone")
    if is_copy and body.snapshot_version_inputs:
        yield Defect("snapshotVersionInputs", "a copy carries what the other snapshot does")


def _version(one: CarriedVersion, state: SnapshotState) -> Json:
    return {
        "projectId": one.application,
        "projectStreamId": one.branch or None,
        "projectVersionId": one.version or None,
        "projectVersionName": one.number or None,
        "packageName": None,
        "requestAllFiles": True,
        "snapshotVersionStatus": version_state(state, builds=one.builds),
    }
