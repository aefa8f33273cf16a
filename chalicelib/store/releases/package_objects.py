"""Implement the port Packages on S3. A package is one object, written once and read by a URL that expires."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import quote

from chalicelib.aws.calls import Aws, Refused
from chalicelib.kernel.faults import Conflict, Invalid, NotFound
from chalicelib.kernel.releases.release import Upload
from chalicelib.use_cases.ports.releases import Packages, Part, PartAddress, PartsPlan
from slipway_formats.frozen import frozen
from slipway_formats.override import override
from slipway_formats.readable import Readable

PREFIX = "packages/"
MEDIA = "application/gzip"
SMALLEST_PART = 8 * 1024 * 1024
MOST_PARTS = 2_000
"""S3 allows 10,000; the addresses of so many would exceed a Lambda function's largest response."""

UPLOAD_SECONDS = 12 * 3600
DOWNLOAD_SECONDS = 3600
THERE_ALREADY = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412"})
GONE = frozenset({"NoSuchUpload"})
WRONG = frozenset({"InvalidPart", "InvalidPartOrder", "EntityTooSmall", "MalformedXML"})
NOT_THERE = frozenset({"NoSuchKey", "404", "NotFound"})


@frozen
class S3Packages(Packages):
    """Package files in a bucket. largest_direct: maximum bytes to upload through the API itself."""

    aws: Aws
    bucket: str
    largest_direct: int | None = None

    @override
    def put(self, name: str, content: bytes) -> None:
        arguments = {"Body": content, "ContentType": MEDIA, "IfNoneMatch": "*"}
        try:
            self._call("PutObject", name, arguments)
        except Refused as error:
            if error.code not in THERE_ALREADY:
                raise
            if self._content(name) != content:
                raise Conflict(f"package {name} exists already") from error

    @override
    def begin(self, name: str, size: int) -> str:
        part_size(size)
        return str(self._call("CreateMultipartUpload", name, {"ContentType": MEDIA})["UploadId"])

    @override
    def plan(self, upload: Upload, now: datetime) -> PartsPlan:
        cut = part_size(upload.size)
        parts = tuple(PartAddress(number=number, url=self._part(upload, number)) for number in numbers_of(upload))
        return PartsPlan(part_size=cut, parts=parts)

    @override
    def complete(self, upload: Upload, parts: Sequence[Part]) -> None:
        check_parts(upload, parts)
        # S3 forgets the parts once it has joined them, so that they are measured before.
        if self._sent(upload) not in (None, upload.size):
            raise wrong_size(upload)
        listed = [{"PartNumber": one.number, "ETag": one.etag} for one in sorted(parts, key=lambda one: one.number)]
        arguments = {"UploadId": upload.stored_id, "MultipartUpload": {"Parts": listed}}
        try:
            self._call("CompleteMultipartUpload", upload.object, arguments)
        except Refused as error:
            if error.code in WRONG:
                raise Invalid.single("parts", f"the parts do not fit: {error.code}") from error
            if error.code not in GONE:
                raise
        if self._size(upload.object) != upload.size:
            # A package of the wrong size is useless, and its parts no longer exist.
            self.remove(upload.object)
            raise wrong_size(upload)

    @override
    def reopen(self, upload: Upload) -> str:
        fresh, cut = self.begin(upload.object, upload.size), part_size(upload.size)
        source = {**self._object(upload.object)}
        for number in numbers_of(upload):
            start = (number - 1) * cut
            part = f"bytes={start}-{min(start + cut, upload.size) - 1}"
            arguments = {"UploadId": fresh, "PartNumber": number, "CopySource": source, "CopySourceRange": part}
            self._call("UploadPartCopy", upload.object, arguments)
        return fresh

    @override
    @contextmanager
    def content(self, name: str) -> Iterator[Readable]:
        try:
            answer = self._call("GetObject", name, {})
        except Refused as error:
            if error.code in NOT_THERE:
                raise NotFound(f"no package {name}") from error
            raise
        with answer["Body"] as body:
            yield body

    @override
    def remove(self, name: str) -> None:
        self._call("DeleteObject", name, {})

    @override
    def address(self, name: str, file_name: str, *, only_head: bool = False) -> str:
        arguments = {
            **self._object(name),
            "ResponseContentType": MEDIA,
            "ResponseContentDisposition": attachment(file_name),
        }
        asked, client = "head_object" if only_head else "get_object", self.aws.client("s3")
        return str(client.generate_presigned_url(asked, Params=arguments, ExpiresIn=DOWNLOAD_SECONDS))

    def _part(self, upload: Upload, number: int) -> str:
        arguments = {**self._object(upload.object), "UploadId": upload.stored_id, "PartNumber": number}
        client = self.aws.client("s3")
        return str(client.generate_presigned_url("upload_part", Params=arguments, ExpiresIn=UPLOAD_SECONDS))

    def _sent(self, upload: Upload) -> int | None:
        """Return the bytes of all parts that have come; None if they were joined or forgotten."""
        sent, after = 0, 0
        while True:
            arguments = {"UploadId": upload.stored_id, "PartNumberMarker": after}
            try:
                page = self._call("ListParts", upload.object, arguments)
            except Refused as error:
                if error.code in GONE:
                    return None
                raise
            sent += sum(int(part["Size"]) for part in page.get("Parts", ()))
            if not page.get("IsTruncated"):
                return sent
            after = page["NextPartNumberMarker"]

    def _size(self, name: str) -> int | None:
        try:
            return int(self._call("HeadObject", name, {})["ContentLength"])
        except Refused as error:
            if error.code in NOT_THERE:
                return None
            raise

    def _content(self, name: str) -> bytes:
        with self.content(name) as body:
            return bytes(body.read())

    def _call(self, operation: str, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        return self.aws.call("s3", operation, {**self._object(name), **arguments})

    def _object(self, name: str) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": f"{PREFIX}{name}"}


def part_size(size: int) -> int:
    """Return the bytes of each part for a package of `size` bytes. Faults: Invalid."""
    if size < 1:
        raise Invalid.single("size", "should be at least 1 byte")
    if size > 5 * 1024**4:
        raise Invalid.single("size", "is over 5 TiB, more than can be kept")
    return max(SMALLEST_PART, -(-size // MOST_PARTS))


def numbers_of(upload: Upload) -> range:
    """Return the part numbers of an upload."""
    return range(1, -(-upload.size // part_size(upload.size)) + 1)


def attachment(file_name: str) -> str:
    """Return the header Content-Disposition of a file, in ASCII. Source: RFC 6266, appendix D."""
    plain = "".join(letter if letter.isascii() and letter.isprintable() else "_" for letter in file_name)
    plain = plain.replace("\\", "_").replace('"', "_")
    whole = "" if plain == file_name else f"; filename*=UTF-8''{quote(file_name, safe='')}"
    return f'attachment; filename="{plain}"{whole}'


def wrong_size(upload: Upload) -> Invalid:
    """Return the fault of parts that do not make up the size that was declared."""
    return Invalid.single("parts", f"the parts have not {upload.size} bytes in all")


def check_parts(upload: Upload, parts: Sequence[Part]) -> None:
    """Check that each part of the upload is listed once, since S3 would join fewer. Faults: Invalid."""
    needed = numbers_of(upload)
    if sorted(part.number for part in parts) != list(needed):
        raise Invalid.single("parts", f"the parts 1 to {needed[-1]} are needed, each once")
