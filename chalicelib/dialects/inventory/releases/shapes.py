"""Shapes of releases, for OpenAPI. The kernel's Metadata record has the field names that clients send."""

from typing import cast

from pydantic import Field

from chalicelib.http.shape import LenientShape
from slipway_formats.release import Metadata

ReleaseMetadata = Metadata


class Provenance(LenientShape):
    """From what, by whom and in which run a release was built. run: empty where no run of ours did."""

    repository: str
    revision: str
    built_by: str
    run: str


class YankedShape(LenientShape):
    """That a release was taken out of use."""

    reason: str
    by: str
    at: str


class ReleasePayload(LenientShape):
    """A release, and what is known around it. sha256, size: of its package, once it is uploaded.

    yanked: only when it was.
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
    """Why a release is taken out of use."""

    reason: str


class DiffEntry(LenientShape):
    """One difference."""

    path: list[str] = Field(alias="Path")
    previous: object = Field(alias="PreviousValue")
    new: object = Field(alias="NewValue")
    added: bool = Field(alias="Added")
    removed: bool = Field(alias="Removed")
