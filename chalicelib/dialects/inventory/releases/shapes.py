"""Shapes of releases, for OpenAPI. The kernel's Metadata record has the field names that clients send."""

from typing import cast

from pydantic import Field

from chalicelib.http.shape import LenientShape
from slipway_formats.release import Metadata

ReleaseMetadata = Metadata


class Provenance(LenientShape):
    """The source, author and run of a release. run: empty if it was built elsewhere."""

    repository: str
    revision: str
    built_by: str
    run: str


class YankedShape(LenientShape):
    """Why, when and by whom a release was yanked."""

    reason: str
    by: str
    at: str


class ReleasePayload(LenientShape):
    """A release with its versions, package and provenance. sha256, size: of the package, once uploaded.

    yanked: only if it was yanked.
    """

    release: Metadata
    versions: list[str]
    is_latest: bool
    downloads: int
    uploaded_by: str
    uploaded_at: str
    provenance: Provenance
    sha256: str = ""
    size: int = 0
    yanked: YankedShape | None = None


ReleaseShown: type[object] = cast("type[object]", Metadata | ReleasePayload)
"""A release alone, or with versions, package and provenance."""


class YankBody(LenientShape):
    """The reason for yanking a release."""

    reason: str


class DiffEntry(LenientShape):
    """One difference between two releases."""

    path: list[str] = Field(alias="Path")
    previous: object = Field(alias="PreviousValue")
    new: object = Field(alias="NewValue")
    added: bool = Field(alias="Added")
    removed: bool = Field(alias="Removed")
