"""Rows of the packages of releases."""

from chalicelib.dialects.inventory.dialect import INVENTORY
from chalicelib.dialects.inventory.packages import shapes as shapes_packages
from chalicelib.dialects.inventory.packages import words as words_packages
from chalicelib.dialects.inventory.words import show_nothing
from chalicelib.http.operation import About, operation
from chalicelib.http.permission import NAMESPACE_SEEN, NAMESPACE_WRITE
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.releases.download import download_package
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


def _upload(ports: Ports, ask: UploadWhole | BeginUpload) -> BegunUpload | None:
    if isinstance(ask, BeginUpload):
        return begin_upload(ports, ask)
    upload_whole(ports, ask)
    return None


OPERATIONS = (
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
