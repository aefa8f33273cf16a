"""Rows of releases: registering, versions, and packages."""

from chalicelib.dialects.inventory import shapes_packages, words_packages
from chalicelib.dialects.inventory import shapes_releases as shapes
from chalicelib.dialects.inventory import words_releases as words
from chalicelib.dialects.inventory.dialect import INVENTORY
from chalicelib.dialects.inventory.shapes_pages import NextVersionQuery, ReleaseQuery, SliceQuery
from chalicelib.dialects.inventory.words_namespaces import show_nothing
from chalicelib.http.operation import About, operation
from chalicelib.http.permission import AUTHENTICATED, NAMESPACE_SEEN, NAMESPACE_WRITE
from chalicelib.http.reply import TEXT_MEDIA, Reply
from chalicelib.http.request import Request
from chalicelib.kernel.releases.release import Release
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.releases.download import download_package
from chalicelib.use_cases.releases.next_version import next_version
from chalicelib.use_cases.releases.register import register
from chalicelib.use_cases.releases.releases import (
    ReleaseAsked,
    ReleaseInFull,
    list_versions,
    see_previous,
    see_release,
    see_release_in_full,
)
from chalicelib.use_cases.releases.upload import (
    BeginUpload,
    BegunUpload,
    UploadWhole,
    begin_upload,
    complete_upload,
    upload_whole,
)

RELEASES = "Releases"
NAMESPACE = "/api/v1/inventory/{namespace}"
UNIT = f"{NAMESPACE}/units/{{name}}"
VERSION = f"{UNIT}/versions/{{version}}"


def _read_release(request: Request) -> tuple[ReleaseAsked, bool]:
    return words.read_release(request), words.wants_full(request)


def _see_release(ports: Ports, ask: tuple[ReleaseAsked, bool]) -> Release | ReleaseInFull:
    asked, is_full = ask
    return see_release_in_full(ports, asked) if is_full else see_release(ports, asked)


def _show_previous(release: Release) -> Reply:
    return words.show_release(release)


def _upload(ports: Ports, ask: UploadWhole | BeginUpload) -> BegunUpload | None:
    if isinstance(ask, BeginUpload):
        return begin_upload(ports, ask)
    upload_whole(ports, ask)
    return None


OPERATIONS = (
    operation(
        INVENTORY,
        f"POST {NAMESPACE}/register",
        read=words.read_register,
        verb=register,
        show=show_nothing,
        permission=AUTHENTICATED,
        about=About(
            group=RELEASES,
            summary="Register a release; its namespace is made where it is missing and the caller may.",
            body=shapes.ReleaseMetadata,
        ),
    ),
    operation(
        INVENTORY,
        f"GET {UNIT}/next-version",
        read=words.read_next_version,
        verb=next_version,
        show=words.show_next_version,
        permission=AUTHENTICATED,
        about=About(
            group=RELEASES,
            summary="The next version that begins with `?prefix=`.",
            query=NextVersionQuery,
            answer=str,
            media=TEXT_MEDIA,
        ),
    ),
    operation(
        INVENTORY,
        f"GET {UNIT}/versions/",
        read=words.read_versions,
        verb=list_versions,
        show=words.show_versions,
        permission=NAMESPACE_SEEN,
        about=About(
            group=RELEASES,
            summary="A unit's versions, the highest first: all, or a page of `?page_size=` after `?page_from=`.",
            query=SliceQuery,
            answer=list[str],
        ),
    ),
    operation(
        INVENTORY,
        f"GET {VERSION}/",
        read=_read_release,
        verb=_see_release,
        show=words.show_release,
        permission=NAMESPACE_SEEN,
        about=About(
            group=RELEASES,
            summary="The release that a version, a prefix, `latest` or a tag means; `?full=true` with more around it.",
            query=ReleaseQuery,
            answer=shapes.ReleaseShown,
        ),
    ),
    operation(
        INVENTORY,
        f"GET {VERSION}/previous/",
        read=words.read_release,
        verb=see_previous,
        show=_show_previous,
        permission=NAMESPACE_SEEN,
        about=About(group=RELEASES, summary="The release before.", answer=shapes.ReleaseMetadata),
    ),
    operation(
        INVENTORY,
        f"POST {VERSION}/upload",
        read=words_packages.read_upload,
        verb=_upload,
        show=words_packages.show_upload,
        permission=NAMESPACE_WRITE,
        about=About(
            group=RELEASES,
            summary="Give a release its package, as the form field `file`; or say in JSON what is to come in parts.",
            body=shapes_packages.UploadBody,
            answer=shapes_packages.UploadShape,
        ),
    ),
    operation(
        INVENTORY,
        f"POST {VERSION}/upload/complete",
        read=words_packages.read_complete,
        verb=complete_upload,
        show=show_nothing,
        permission=NAMESPACE_WRITE,
        about=About(group=RELEASES, summary="Finish an upload in parts.", body=shapes_packages.CompleteBody),
    ),
    operation(
        INVENTORY,
        f"GET {VERSION}/download",
        read=words_packages.read_download,
        verb=download_package,
        show=words_packages.show_download,
        permission=NAMESPACE_SEEN,
        about=About(group=RELEASES, summary="Where a release's package is to be fetched.", status=302),
    ),
)
