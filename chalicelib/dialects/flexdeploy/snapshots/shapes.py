"""Shapes of snapshots."""

from typing import Literal

from pydantic import Field

from chalicelib.dialects.flexdeploy.shapes import CamelShape, LenientCamelShape
from chalicelib.kernel.integer_ids import LARGEST

MOST_VERSIONS = 200


class SnapshotVersionInput(LenientCamelShape):
    """The version of a project that the snapshot carries; one without a version is built, of a branch."""

    project_id: int = Field(le=LARGEST)
    project_version_id: int | None = Field(default=None, le=LARGEST)
    project_stream_id: int | None = Field(default=None, le=LARGEST)
    package_name: str | None = None


class NewReleaseSnapshotBody(LenientCamelShape):
    """A snapshot to create: of versions, or the versions of another."""

    action: Literal["createSnapshot", "copySnapshot"]
    description: str = ""
    snapshot_version_inputs: list[SnapshotVersionInput] = Field(default=[], max_length=MOST_VERSIONS)
    from_snapshot_id: int | None = Field(default=None, le=LARGEST)


class SnapshotQueryShape(CamelShape):
    """How many snapshots are listed."""

    limit: int = 1000


class SnapshotVersionShape(CamelShape):
    """A version that a snapshot carries."""

    project_id: int
    project_stream_id: int | None
    project_version_id: int | None
    project_version_name: str | None
    package_name: str | None
    request_all_files: bool
    snapshot_version_status: str


class SnapshotVariableShape(CamelShape):
    """A variable of a snapshot."""

    name: str
    value: str


class SnapshotLinkShape(CamelShape):
    """Where more is told."""

    rel: str
    href: str


class ReleaseSnapshotShape(CamelShape):
    """A snapshot of a release."""

    snapshot_id: int
    snapshot_name: str
    snapshot_status: str
    description: str | None
    release_id: int
    snapshot_versions: list[SnapshotVersionShape]
    snapshot_variables: list[SnapshotVariableShape]
    links: list[SnapshotLinkShape]
