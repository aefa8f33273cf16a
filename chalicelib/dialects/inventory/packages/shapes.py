"""Shapes of multipart uploads."""

from pydantic import Field

from chalicelib.http.shape import Shape

MOST_PARTS = 10_000


class UploadBody(Shape):
    """A multipart upload to begin. size: bytes. sha256: in hex. upload_id: an earlier upload to resume."""

    size: int
    sha256: str
    upload_id: str = Field(default="", max_length=2000)


class PartAddressShape(Shape):
    """The URL to PUT a part to."""

    number: int
    url: str


class UploadShape(Shape):
    """A multipart upload. part_size: bytes; the last part is the rest."""

    upload_id: str
    part_size: int
    parts: list[PartAddressShape]


class PartBody(Shape):
    """An uploaded part, and the ETag of its response."""

    number: int = Field(ge=1, le=MOST_PARTS)
    etag: str = Field(min_length=1, max_length=200)


class CompleteBody(Shape):
    """All parts of a multipart upload."""

    upload_id: str = Field(min_length=1, max_length=600)
    parts: list[PartBody] = Field(min_length=1, max_length=MOST_PARTS)
