"""Shapes of multipart uploads."""

from pydantic import Field

from chalicelib.http.shape import Shape

MOST_PARTS = 10_000


class UploadBody(Shape):
    """A package that is to come in parts. size: bytes. sha256: in hex. upload_id: one begun before, to go on with."""

    size: int
    sha256: str
    upload_id: str = Field(default="", max_length=2000)


class PartAddressShape(Shape):
    """Where a part is PUT."""

    number: int
    url: str


class UploadShape(Shape):
    """An upload in parts. part_size: bytes; the last part is what is left."""

    upload_id: str
    part_size: int
    parts: list[PartAddressShape]


class PartBody(Shape):
    """A part that was PUT, and the ETag that answered it."""

    number: int = Field(ge=1, le=MOST_PARTS)
    etag: str = Field(min_length=1, max_length=200)


class CompleteBody(Shape):
    """All parts of an upload."""

    upload_id: str = Field(min_length=1, max_length=600)
    parts: list[PartBody] = Field(min_length=1, max_length=MOST_PARTS)
