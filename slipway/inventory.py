"""The inventory over HTTP: what compiling and performing ask of it. How files are moved lives in transfer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

from slipway import transfer
from slipway.client import Ask, Client, segment
from slipway.client_error import ApiError
from slipway.plan.files import sha256
from slipway.plan.names import parse_release_id
from slipway.plan.ports import AlreadyReleasedError, InventoryError, MissingReleaseError
from slipway.transfer import Progress, TransferError

SHA256_HEADER = "X-Slipway-SHA256"
PROJECT_HEADER = "X-Slipway-Project"
RUN_HEADER = "X-Slipway-Run"
_PLAIN_VERSION = re.compile(r"[0-9]+(\.[0-9]+)*")


class HttpInventory:
    """The inventory behind a client. project: owns namespaces that a registration makes. progress: bytes, of how many.

    run: that builds what is registered. Source: reference/escape.md 1. It is an InventoryPort.
    """

    def __init__(
        self, client: Client, *, project: str = "", run: str = "", progress: Progress = transfer.silent
    ) -> None:
        self._client, self._progress = client, progress
        self._about = {name: text for name, text in ((PROJECT_HEADER, project), (RUN_HEADER, run)) if text}

    def next_version(self, namespace: str, name: str, prefix: str) -> str:
        """The next version that starts with the prefix. Faults: InventoryError."""
        path, query = f"{_unit(namespace, name)}/next-version", {"prefix": prefix}
        with _refusals(f"{namespace}/{name}"):
            answer = self._client.send(Ask(method="GET", path=path, query=query)).text.strip()
        if not _PLAIN_VERSION.fullmatch(answer):
            raise InventoryError(f"{namespace}/{name}: the inventory answers {answer[:40]!r} for the next version")
        return answer

    def release(self, namespace: str, name: str, query: str) -> Mapping[str, Any]:
        """The metadata of the release that the query finds. Faults: MissingReleaseError, InventoryError."""
        with _refusals(f"{namespace}/{name} {query}"):
            answer = self._client.get(f"{_unit(namespace, name)}/versions/{segment(query)}/")
        if not isinstance(answer, dict):
            raise InventoryError(f"{namespace}/{name} {query}: the inventory answers no release")
        return answer

    def download(self, namespace: str, name: str, version: str, path: Path) -> str | None:
        """Write the package of a version; its recorded SHA-256, if it is told. Faults: as release."""
        with _refusals(f"{namespace}/{name}-v{version}"):
            answer = self._client.send(Ask(method="GET", path=f"{_version(namespace, name, version)}/download"))
            if answer.has_redirect_location:
                transfer.fetch(str(answer.url.join(answer.headers["Location"])), path, self._progress)
            else:
                path.write_bytes(answer.content)
        known: str | None = answer.headers.get(SHA256_HEADER)
        return known

    def register(self, namespace: str, metadata: Mapping[str, Any]) -> None:
        """Make the release known. Faults: AlreadyReleasedError, InventoryError."""
        path = f"/api/v1/inventory/{segment(namespace)}/register"
        try:
            self._client.send(Ask(method="POST", path=path, body=dict(metadata), headers=self._about))
        except ApiError as error:
            # Escape's inventory says it with 400, and with 409 when two registered at once.
            if error.status == HTTPStatus.CONFLICT or error.message.endswith("already exists"):
                raise AlreadyReleasedError(error.message) from error
            raise InventoryError(f"{namespace}/{metadata.get('name')}: {error}") from error

    def upload(self, namespace: str, name: str, version: str, path: Path) -> None:
        """Store the package of a registered release, in parts; a part that broke off is sent again alone.

        Faults: MissingReleaseError, InventoryError.
        """
        base = f"{_version(namespace, name, version)}/upload"
        with _refusals(f"{namespace}/{name}-v{version}"):
            declared = {"size": path.stat().st_size, "sha256": sha256(path)}
            plan = self._client.post(base, declared)
            try:
                sent = [{"number": number, "etag": etag} for number, etag in self._sent(plan, path)]
                upload = plan["upload_id"]
            except (KeyError, TypeError, ValueError) as error:
                raise InventoryError(f"the inventory does not say how to upload: {error!r}") from error
            self._client.post(f"{base}/complete", {"upload_id": upload, "parts": sent})

    def tag(self, release_id: str, tag: str) -> None:
        """Let the tag name this release. Faults: MissingReleaseError, InventoryError."""
        asked = parse_release_id(release_id)
        with _refusals(release_id):
            self._client.post(f"{_unit(asked.project, asked.name)}/tags/", {"release_id": release_id, "tag": tag})

    def _sent(self, plan: Mapping[str, Any], path: Path) -> Iterator[tuple[int, str]]:
        size, done = path.stat().st_size, 0
        with transfer.store_client() as store:
            for part, content in zip(plan["parts"], transfer.parts_of(path, int(plan["part_size"])), strict=True):
                etag = transfer.send_part(store, part["url"], content)
                done += len(content)
                self._progress(done, size)
                yield int(part["number"]), etag


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
