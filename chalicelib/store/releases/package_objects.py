"""Packages in S3: the port `Packages`. A package is one object, written once, read by an address that expires."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.aws.calls import Aws, Refused
from chalicelib.kernel.faults import Conflict, Invalid
from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.releases.release import Upload
from chalicelib.use_cases.ports.releases import Part, PartAddress, PartsPlan

PREFIX = "packages/"
MEDIA = "application/gzip"
SMALLEST_PART = 8 * 1024 * 1024
MOST_PARTS = 2_000
"""S3 takes 10,000; the addresses of so many would be more than a Lambda function may answer."""

UPLOAD_SECONDS = 12 * 3600
DOWNLOAD_SECONDS = 3600
THERE_ALREADY = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412"})
GONE = frozenset({"NoSuchUpload"})
WRONG = frozenset({"InvalidPart", "InvalidPartOrder", "EntityTooSmall", "MalformedXML"})
NOT_THERE = frozenset({"NoSuchKey", "404", "NotFound"})


@frozen
class S3Packages:
    """The files of releases in a bucket. largest_direct: bytes that may come through the API itself."""

    aws: Aws
    bucket: str
    largest_direct: int | None = None

    def put(self, name: str, content: bytes) -> None:
        """Store a whole package, once."""
        asked = {"Body": content, "ContentType": MEDIA, "IfNoneMatch": "*"}
        try:
            self._call("PutObject", name, asked)
        except Refused as error:
            if error.code not in THERE_ALREADY:
                raise
            if self._content(name) != content:
                raise Conflict(f"package {name} exists already") from error

    def begin(self, name: str, size: int) -> str:
        """The id of a new upload in parts."""
        part_size(size)
        return str(self._call("CreateMultipartUpload", name, {"ContentType": MEDIA})["UploadId"])

    def plan(self, upload: Upload, now: datetime) -> PartsPlan:  # noqa: ARG002 - S3's addresses run from its own clock
        """Into which parts the upload is cut, and where each is PUT."""
        cut = part_size(upload.size)
        parts = tuple(PartAddress(number=number, url=self._part(upload, number)) for number in numbers_of(upload))
        return PartsPlan(part_size=cut, parts=parts)

    def complete(self, upload: Upload, parts: Sequence[Part]) -> None:
        """Make one package of the parts; doing it again is no fault."""
        check_parts(upload, parts)
        listed = [{"PartNumber": one.number, "ETag": one.etag} for one in sorted(parts, key=lambda one: one.number)]
        asked = {"UploadId": upload.id, "MultipartUpload": {"Parts": listed}}
        try:
            self._call("CompleteMultipartUpload", upload.object, asked)
        except Refused as error:
            if error.code in WRONG:
                raise Invalid.single("parts", f"the parts do not fit: {error.code}") from error
            if error.code not in GONE:
                raise
        if self._size(upload.object) != upload.size:
            # One too short or too long is nobody's package, and what it was made of is gone.
            self.remove(upload.object)
            raise Invalid.single("parts", f"the parts have not {upload.size} bytes in all")

    def remove(self, name: str) -> None:
        """Forget a package."""
        self._call("DeleteObject", name, {})

    def address(self, name: str, file_name: str) -> str:
        """Where the package can be fetched, for an hour."""
        asked = {
            **self._object(name),
            "ResponseContentType": MEDIA,
            "ResponseContentDisposition": f'attachment; filename="{file_name}"',
        }
        client = self.aws.client("s3")
        return str(client.generate_presigned_url("get_object", Params=asked, ExpiresIn=DOWNLOAD_SECONDS))

    def _part(self, upload: Upload, number: int) -> str:
        asked = {**self._object(upload.object), "UploadId": upload.id, "PartNumber": number}
        client = self.aws.client("s3")
        return str(client.generate_presigned_url("upload_part", Params=asked, ExpiresIn=UPLOAD_SECONDS))

    def _size(self, name: str) -> int | None:
        try:
            return int(self._call("HeadObject", name, {})["ContentLength"])
        except Refused as error:
            if error.code in NOT_THERE:
                return None
            raise

    def _content(self, name: str) -> bytes:
        answer = self._call("GetObject", name, {})
        with answer["Body"] as body:
            content: bytes = body.read()
        return content

    def _call(self, operation: str, name: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        return self.aws.call("s3", operation, {**self._object(name), **asked})

    def _object(self, name: str) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": f"{PREFIX}{name}"}


def part_size(size: int) -> int:
    """How many bytes each part of a package of so many has. Faults: Invalid."""
    if size < 1:
        raise Invalid.single("size", "should be at least 1 byte")
    if size > 5 * 1024**4:
        raise Invalid.single("size", "is over 5 TiB, more than can be kept")
    return max(SMALLEST_PART, -(-size // MOST_PARTS))


def numbers_of(upload: Upload) -> range:
    """The numbers of the parts of an upload."""
    return range(1, -(-upload.size // part_size(upload.size)) + 1)


def check_parts(upload: Upload, parts: Sequence[Part]) -> None:
    """Nothing, if these are all parts of the upload, each once: of fewer S3 would make a package. Faults: Invalid."""
    needed = numbers_of(upload)
    if sorted(part.number for part in parts) != list(needed):
        raise Invalid.single("parts", f"the parts 1 to {needed[-1]} are needed, each once")
