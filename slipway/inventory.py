"""The inventory over HTTP, for compiling and performing. How files are transferred: upload and download."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from slipway import download, transfer
from slipway.client import ApiRequest, Client, segment, text_of
from slipway.client_error import ApiError
from slipway.download import Source
from slipway.package_upload import PackageUpload
from slipway.plan.cache import PackageCache
from slipway.plan.files import sha256
from slipway.plan.names import parse_release_id
from slipway.plan.ports import AlreadyReleasedError, InventoryError, InventoryPort, MadeRelease, MissingReleaseError
from slipway.transfer import Progress, TransferError
from slipway.unfinished import Parcel, Unfinished
from slipway_formats.override import override

SHA256_HEADER = "X-Slipway-SHA256"
PROJECT_HEADER = "X-Slipway-Project"
RUN_HEADER = "X-Slipway-Run"
_PLAIN_VERSION = re.compile(r"[0-9]+(\.[0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageAt:
    """Where a package is: at an address, or already here. what: its name for messages. path: API path that
    returned it.
    """

    what: str
    path: str
    url: str | None
    content: bytes = field(default=b"", repr=False)
    sha256: str | None = None


class HttpInventory(InventoryPort):
    """Implement InventoryPort with a client.

    project: owns namespaces that a registration creates. progress: bytes, of total. run: that builds what is
    registered. unfinished: remembers interrupted uploads. cache: looked up before a package is downloaded, and filled
    after. Source: reference/escape.md 1.
    """

    def __init__(
        self,
        client: Client,
        *,
        project: str = "",
        run: str = "",
        progress: Progress = transfer.silent,
        unfinished: Unfinished | None = None,
        cache: PackageCache | None = None,
    ) -> None:
        self._client, self._progress = client, progress
        self._about = {name: text for name, text in ((PROJECT_HEADER, project), (RUN_HEADER, run)) if text}
        self._unfinished = unfinished or Unfinished(None)
        self._cache = cache

    @override
    def next_version(self, namespace: str, name: str, prefix: str) -> str:
        path, query = f"{_unit(namespace, name)}/next-version", {"prefix": prefix}
        with _refusals(f"{namespace}/{name}"):
            answer = text_of(self._client.send(ApiRequest(method="GET", path=path, query=query))).strip()
        if not _PLAIN_VERSION.fullmatch(answer):
            raise InventoryError(f"{namespace}/{name}: the inventory answers {answer[:40]!r} for the next version")
        return answer

    @override
    def release(self, namespace: str, name: str, query: str) -> Mapping[str, Any]:
        with _refusals(f"{namespace}/{name} {query}"):
            answer = self._client.get(f"{_unit(namespace, name)}/versions/{segment(query)}/")
        if not isinstance(answer, dict):
            raise InventoryError(f"{namespace}/{name} {query}: the inventory answers no release")
        return answer

    @override
    def made(self, namespace: str, name: str, query: str) -> MadeRelease:
        with _refusals(f"{namespace}/{name} {query}"):
            found = self._client.get(f"{_unit(namespace, name)}/versions/{segment(query)}/", full="true")
        try:
            version, source = str(found["release"]["version"]), found["provenance"]
            return MadeRelease(
                id=f"{namespace}/{name}-v{version}", version=version, revision=str(source["revision"]),
                run=str(source["run"]), has_package="sha256" in found,
            )  # fmt: skip
        except (KeyError, TypeError) as error:
            raise InventoryError(f"{namespace}/{name} {query}: the inventory does not say who made it") from error

    @override
    def download(self, namespace: str, name: str, version: str, path: Path) -> str | None:
        path.unlink(missing_ok=True)
        package = self.package(namespace, name, version)
        if self._cache is None or package.sha256 is None:
            self.fetch(package, path)
        elif not self._cache.copy(package.sha256, path):
            self.fetch(package, path)
            self._cache.keep(path)
        return package.sha256

    def package(self, namespace: str, name: str, version: str) -> PackageAt:
        """Return where the package of a version is. Faults: as release."""
        request = ApiRequest(method="GET", path=f"{_version(namespace, name, version)}/download")
        what = f"{namespace}/{name}-v{version}"
        with _refusals(what):
            answer = self._client.send(request)
        target = answer.get_redirect_location()
        url = self._joined(request.path, target) if target else None
        content = b"" if url is not None else answer.data
        sha256 = answer.headers.get(SHA256_HEADER)
        return PackageAt(what=what, path=request.path, url=url, content=content, sha256=sha256)

    def fetch(self, package: PackageAt, path: Path) -> None:
        """Download the package; existing content counts as its beginning. Faults: InventoryError."""
        if package.url is None:
            path.write_bytes(package.content)
            return
        first = iter((package.url,))
        with _refusals(package.what):
            download.fetch(
                Source(address=lambda: next(first, "") or self._address(package), progress=self._progress), path
            )

    @override
    def register(self, namespace: str, metadata: Mapping[str, Any]) -> None:
        path = f"/api/v1/inventory/{segment(namespace)}/register"
        try:
            self._client.send(ApiRequest(method="POST", path=path, body=dict(metadata), headers=self._about))
        except ApiError as error:
            # Escape's inventory answers 400, or 409 when two clients registered at once.
            if error.status == HTTPStatus.CONFLICT or error.message.endswith("already exists"):
                raise AlreadyReleasedError(error.message) from error
            raise InventoryError(f"{namespace}/{metadata.get('name')}: {error}") from error

    @override
    def upload(self, namespace: str, name: str, version: str, path: Path) -> None:
        release = f"{namespace}/{name}-v{version}"
        size, digest = path.stat().st_size, sha256(path)
        parcel = Parcel(api=self._client.address, release=release, size=size, sha256=digest)
        with _refusals(release):
            PackageUpload(
                client=self._client,
                path=_version(namespace, name, version),
                file=path,
                parcel=parcel,
                unfinished=self._unfinished,
                progress=self._progress,
            ).run()

    @override
    def tag(self, release_id: str, tag: str) -> None:
        wanted = parse_release_id(release_id)
        with _refusals(release_id):
            self._client.post(f"{_unit(wanted.project, wanted.name)}/tags/", {"release_id": release_id, "tag": tag})

    def _address(self, package: PackageAt) -> str:
        """Return the package's current address."""
        answer = self._client.send(ApiRequest(method="GET", path=package.path))
        return self._joined(package.path, answer.headers["Location"])

    def _joined(self, path: str, target: str) -> str:
        return urljoin(f"{self._client.address}{path}", target)


def _unit(namespace: str, name: str) -> str:
    return f"/api/v1/inventory/{segment(namespace)}/units/{segment(name)}"


def _version(namespace: str, name: str, version: str) -> str:
    return f"{_unit(namespace, name)}/versions/v{segment(version)}"


@contextmanager
def _refusals(what: str) -> Iterator[None]:
    try:
        yield
    except ApiError as error:
        if error.status == HTTPStatus.NOT_FOUND:
            raise MissingReleaseError(f"the inventory has no {what}") from error
        raise InventoryError(f"{what}: {error}") from error
    except TransferError as error:
        raise InventoryError(f"{what}: {error}") from error
