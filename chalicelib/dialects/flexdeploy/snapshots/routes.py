"""Rows of snapshots of releases."""

from chalicelib.dialects.flexdeploy.dialect import FLEXDEPLOY, PREFIX
from chalicelib.dialects.flexdeploy.lists import alone, bare
from chalicelib.dialects.flexdeploy.snapshots import shapes, words
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED
from chalicelib.use_cases.travel.release_snapshots import (
    create_release_snapshot,
    get_release_snapshot,
    list_release_snapshots,
)

GROUP = Group(FLEXDEPLOY, "Release Snapshots")
SNAPSHOTS = f"{PREFIX}/rest/v1/releases/{{releaseId}}/snapshot"

OPERATIONS = (
    GROUP.operation(
        f"GET {SNAPSHOTS}",
        "The snapshots of a release, newest first; `limit` says how many.",
        AUTHENTICATED,
        Handling(words.read_list, list_release_snapshots, bare(words.shown)),
        schema=Schema(query=shapes.SnapshotQueryShape, answer=list[shapes.ReleaseSnapshotShape]),
    ),
    GROUP.operation(
        f"POST {SNAPSHOTS}",
        "Create a snapshot of versions, building those that are not named, or copy another; then it travels.",
        AUTHENTICATED,
        Handling(words.read_new, create_release_snapshot, alone(words.shown)),
        schema=Schema(status=201, body=shapes.NewReleaseSnapshotBody, answer=shapes.ReleaseSnapshotShape),
    ),
    GROUP.operation(
        f"GET {SNAPSHOTS}/{{snapshotId}}",
        "A snapshot with the versions that it carries.",
        AUTHENTICATED,
        Handling(words.read_one, get_release_snapshot, alone(words.shown)),
        schema=Schema(answer=shapes.ReleaseSnapshotShape),
    ),
)
