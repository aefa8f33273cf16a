"""Upload the package of a registered release, once: whole, or in parts directly to the object store."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from re import compile as pattern

from chalicelib.kernel.faults import Conflict, Invalid, TooLarge
from chalicelib.kernel.releases.check import parsed_release_id, refused
from chalicelib.kernel.releases.delivery import (
    PendingDelivery,
    UploadNotice,
    pending_check,
    pending_notice,
)
from chalicelib.kernel.releases.release import Package, Release, ReleaseKey, Upload
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.enqueue_delivery import enqueue_delivery
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.releases import Part, PartsPlan
from chalicelib.use_cases.releases.check_package import check_content, check_stored
from chalicelib.use_cases.releases.register import releaser_of
from slipway_formats import version
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen
from slipway_formats.release_id import of_version

LARGEST = 5 * 1024**4
"""Bytes of an object in S3."""

LARGEST_AT_ONCE = 64 * 1024**2
"""Bytes that are read while the request waits; what is larger is read by a function of its own."""

LARGEST_CHECKED = 16 * 1024**3
"""Bytes that such a function can read in 15 minutes; what is larger is checked by whoever unpacks it."""

_SHA256 = pattern(r"[0-9a-f]{64}")


@frozen
class PackageOf:
    """The release whose package is uploaded. version: as in the URL, with its `v`."""

    origin: Origin
    namespace: str
    application: str
    version: str


@frozen
class UploadWhole:
    """Upload a package that is in the request body."""

    of: PackageOf
    content: bytes


@frozen
class BeginUpload:
    """Begin an upload in parts. size: bytes. sha256: hexadecimal. upload: id of one to resume."""

    of: PackageOf
    size: int
    sha256: str
    upload: str = ""


@frozen
class CompleteUpload:
    """Complete an upload whose parts are all uploaded."""

    of: PackageOf
    upload: str
    parts: Sequence[Part]


@frozen
class BegunUpload:
    """An upload and the URLs of its parts."""

    upload: Upload
    plan: PartsPlan


def upload_whole(ports: Ports, command: UploadWhole) -> None:
    """Store the package of the release; the same package again is no fault.

    Faults: Invalid if it is damaged or of another release, NotFound, Conflict if the release has another package,
    TooLarge.
    """
    key, digest = _key(command.of), sha256(command.content).hexdigest()
    release, name = ports.releases.release(key), _object(key, command.of.origin)
    if _has(release, digest):
        return
    _require_no_package(release)
    most = ports.packages.largest_direct
    if most is not None and len(command.content) > most:
        raise TooLarge(f"the package has more than {most} bytes: use `slipway release upload`, which sends it in parts")
    check_content(key, command.content)
    package = Package(
        object=name,
        size=len(command.content),
        sha256=digest,
        at=command.of.origin.at,
    )
    ports.packages.put(package.object, command.content)
    _attach(ports, command.of, release, package)


def begin_upload(ports: Ports, command: BeginUpload) -> BegunUpload:
    """Begin an upload in parts, or resume one; either way return fresh URLs.

    Faults: Invalid, NotFound, Conflict if the release has a package.
    """
    key = _key(command.of)
    if defects := _defects(command):
        raise Invalid(defects)
    _require_no_package(ports.releases.release(key))
    upload = _resumed(ports, key, command) if command.upload else _new(ports, key, command)
    return BegunUpload(upload=upload, plan=ports.packages.plan(upload, command.of.origin.at))


def complete_upload(ports: Ports, command: CompleteUpload) -> Package:
    """Attach the uploaded package to the release and return it; the same package again is no fault.

    A large one is checked afterwards.

    Faults: Invalid if it is damaged or of another release, NotFound, Conflict if the release has another package.
    """
    key = _key(command.of)
    upload = ports.package_records.upload(key, command.upload)
    release = ports.releases.release(key)
    if release.package is not None and release.package.sha256 == upload.sha256:
        return release.package
    _require_no_package(release)
    ports.packages.complete(upload, command.parts)
    if upload.is_checked and upload.size <= LARGEST_AT_ONCE:
        _check_or_remove(ports, upload)
    package = Package(
        object=upload.object,
        size=upload.size,
        sha256=upload.sha256,
        at=upload.at,
        is_checking=upload.is_checked and LARGEST_AT_ONCE < upload.size <= LARGEST_CHECKED,
    )
    _attach(ports, command.of, release, package)
    return package


def _check_or_remove(ports: Ports, upload: Upload) -> None:
    try:
        check_stored(ports, upload.release, upload)
    except Invalid:
        # Its parts stay, so that those that are damaged can be sent again.
        ports.package_records.keep_upload(replace(upload, reopened=ports.packages.reopen(upload)))
        ports.packages.remove(upload.object)
        raise


def _resumed(ports: Ports, key: ReleaseKey, command: BeginUpload) -> Upload:
    upload = ports.package_records.upload(key, command.upload)
    if (upload.size, upload.sha256) != (command.size, command.sha256.lower()):
        raise Invalid.single("upload_id", "is the upload of another package")
    return upload


def _new(ports: Ports, key: ReleaseKey, command: BeginUpload) -> Upload:
    name = _object(key, command.of.origin)
    upload = Upload(
        id=ports.packages.begin(name, command.size),
        release=key,
        object=name,
        size=command.size,
        sha256=command.sha256.lower(),
        at=command.of.origin.at,
        is_checked=True,
    )
    ports.package_records.keep_upload(upload)
    return upload


def _key(of: PackageOf) -> ReleaseKey:
    exact = of.version.removeprefix("v")
    if version.is_unresolved(exact):
        where = f"{of.namespace}/{of.application}-{of.version}"
        raise refused(f"Can't upload package against unresolved version '{where}'")
    parsed_release_id(f"{of.application}-{of.version}")
    return ReleaseKey(namespace=of.namespace, application=of.application, version=exact)


def _object(key: ReleaseKey, origin: Origin) -> str:
    # A unique name for each request: what an interrupted one left behind blocks no other.
    return f"{key.namespace}/{key.application}/v{key.version}/{origin.seed}"


def _defects(command: BeginUpload) -> tuple[Defect, ...]:
    size = () if 0 < command.size <= LARGEST else (Defect("size", f"should be from 1 to {LARGEST}"),)
    is_sum = _SHA256.fullmatch(command.sha256.lower()) is not None
    return (*size, *(() if is_sum else (Defect("sha256", "should be 64 hexadecimal digits"),)))


def _has(release: Release, digest: str) -> bool:
    """Return True if the release has the package with this SHA-256."""
    return release.package is not None and release.package.sha256 == digest


def _require_no_package(release: Release) -> None:
    if release.package is not None:
        raise Conflict(f"release {release.key.application}-v{release.key.version} has a package already")


def _attach(ports: Ports, of: PackageOf, release: Release, package: Package) -> None:
    key = release.key
    project = ports.namespaces.project_of(key.namespace, key.application) or ""
    notice = UploadNotice(release=key, project=project, by=releaser_of(of.origin.by, release.built))
    delivery = _next_delivery(package, notice, of.origin.at)
    subject = of_version(key.namespace, key.application, key.version)
    entry = entry_of(of.origin, AuditAction(act="uploaded-package", subject=subject, project=project))
    try:
        ports.package_records.attach(key, package, delivery, entry)
    except Conflict:
        there = ports.releases.release(key).package
        if there is None or there.object != package.object:
            ports.packages.remove(package.object)
            if there is None or there.sha256 != package.sha256:
                raise
            return
    enqueue_delivery(ports, delivery)


def _next_delivery(package: Package, notice: UploadNotice, at: datetime) -> PendingDelivery:
    """Return the check of a package that is not checked yet, after which its notice comes; else the notice."""
    if package.is_checking:
        return pending_check(package.object, notice, at)
    return pending_notice(package.object, notice, at)
