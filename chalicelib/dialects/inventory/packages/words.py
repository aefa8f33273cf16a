"""Read uploads and downloads of packages, and show the answers."""

from dataclasses import replace

from chalicelib.dialects.inventory.go_json.write import go_reply
from chalicelib.dialects.inventory.packages import shapes
from chalicelib.dialects.inventory.releases.words import CHECKING, read_release
from chalicelib.http.multipart import parse_multipart
from chalicelib.http.reply import JSON_MEDIA, Json, Reply, empty_reply, redirect_reply
from chalicelib.http.request import Request
from chalicelib.kernel.releases.check import refused
from chalicelib.kernel.releases.release import Package
from chalicelib.use_cases.ports.releases import Part
from chalicelib.use_cases.releases.download import DownloadPackage, PackageAt
from chalicelib.use_cases.releases.upload import BeginUpload, BegunUpload, CompleteUpload, PackageOf, UploadWhole

FORM = "multipart/form-data"
FIELD = "file"
SUM_HEADER = "X-Slipway-SHA256"


def read_download(request: Request) -> DownloadPackage:
    """Read which package to download."""
    return DownloadPackage(of=read_release(request), seed=request.seed, only_head=request.method == "HEAD")


def read_upload(request: Request) -> UploadWhole | BeginUpload:
    """Read a whole package, or the size and checksum of one to upload in parts. Faults: Invalid, TooLarge."""
    if request.media == JSON_MEDIA:
        body = request.body(shapes.UploadBody)
        return BeginUpload(of=_package_of(request), size=body.size, sha256=body.sha256, upload=body.upload_id)
    if request.media != FORM:
        raise refused("request Content-Type isn't multipart/form-data")
    parts = parse_multipart(request.header("content-type"), request.content)
    files = [part for part in parts if part.name == FIELD and part.filename is not None]
    if not files:
        raise refused("http: no such file")
    return UploadWhole(of=_package_of(request), content=files[0].content)


def read_complete(request: Request) -> CompleteUpload:
    """Read the parts of a finished upload. Faults: Invalid."""
    body = request.body(shapes.CompleteBody)
    parts = tuple(Part(number=part.number, etag=part.etag) for part in body.parts)
    return CompleteUpload(of=_package_of(request), upload=body.upload_id, parts=parts)


def show_upload(begun: BegunUpload | None) -> Reply:
    """Show where to PUT the parts; nothing when the package is already stored."""
    if begun is None:
        return empty_reply()
    parts: list[Json] = [{"number": part.number, "url": part.url} for part in begun.plan.parts]
    return go_reply({"upload_id": begun.upload.id, "part_size": begun.plan.part_size, "parts": parts})


def show_completed(package: Package) -> Reply:
    """Show whether the package is still being checked; nothing when it can be had."""
    return go_reply({"package": CHECKING}) if package.is_checking else empty_reply()


def show_download(found: PackageAt) -> Reply:
    """Redirect to the package, with its checksum in a header."""
    reply = redirect_reply(found.url)
    return replace(reply, headers={**reply.headers, SUM_HEADER: found.package.sha256})


def _package_of(request: Request) -> PackageOf:
    return PackageOf(
        origin=request.origin,
        namespace=request.parameters["namespace"],
        application=request.parameters["name"],
        version=request.parameters["version"],
    )
