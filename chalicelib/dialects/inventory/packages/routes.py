"""Rows of the packages of releases."""

from chalicelib.dialects.inventory.dialect import INVENTORY
from chalicelib.dialects.inventory.packages import shapes as shapes_packages
from chalicelib.dialects.inventory.packages import words as words_packages
from chalicelib.http.operation import Flag, Group, Handling, Schema
from chalicelib.http.permission import NAMESPACE_SEEN, NAMESPACE_WORK
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

RELEASES = Group(INVENTORY, "Releases")
NAMESPACE = "/api/v1/inventory/{namespace}"
UNIT = f"{NAMESPACE}/units/{{name}}"
VERSION = f"{UNIT}/versions/{{version}}"


def _upload(ports: Ports, command: UploadWhole | BeginUpload) -> BegunUpload | None:
    if isinstance(command, BeginUpload):
        return begin_upload(ports, command)
    upload_whole(ports, command)
    return None


OPERATIONS = (
    RELEASES.operation(
        f"POST {VERSION}/upload",
        "Give a release its package, as the form field `file`; or say in JSON what is to come in parts.",
        NAMESPACE_WORK,
        Handling(words_packages.read_upload, _upload, words_packages.show_upload),
        schema=Schema(body=shapes_packages.UploadBody, answer=shapes_packages.UploadShape),
        flags=frozenset({Flag.LARGE_BODY}),
    ),
    RELEASES.operation(
        f"POST {VERSION}/upload/complete",
        "Finish an upload in parts.",
        NAMESPACE_WORK,
        Handling(words_packages.read_complete, complete_upload, words_packages.show_completed),
        schema=Schema(body=shapes_packages.CompleteBody),
    ),
    RELEASES.operation(
        f"GET {VERSION}/download",
        "Where a release's package is to be fetched.",
        NAMESPACE_SEEN,
        Handling(words_packages.read_download, download_package, words_packages.show_download),
        schema=Schema(status=302),
    ),
)
