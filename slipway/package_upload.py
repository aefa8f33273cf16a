"""A package goes to the inventory: begun there, sent to the store in parts, finished there, gone on with if it broke.

Where parts go, and how each is tried again, `upload` says; what is remembered of a broken one, `unfinished`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

from slipway import upload
from slipway.client import ApiRequest, Client
from slipway.client_error import ApiError
from slipway.transfer import ExpiredError, GoneError, Progress, TransferError
from slipway.unfinished import Begun, Parcel, Unfinished
from slipway.upload import Plan, Watch

_ANEW = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND})
_JOINING = 600.0
"""Seconds: the store makes one file of thousands of parts."""


class OtherPackageError(TransferError):
    """The release has a package, and it is not this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageUpload:
    """A package and where it is to be. path: of its version in the API."""

    client: Client
    path: str
    file: Path
    parcel: Parcel
    unfinished: Unfinished
    progress: Progress

    def run(self) -> None:
        """Ensures that the release has this package; that it has it already is no fault.

        Faults: ApiError, TransferError, OtherPackageError when it has another.
        """
        try:
            begun = self.unfinished.find(self.parcel)
            if begun is None or not self._is_gone_on_with(begun):
                self._send(None)
        except ApiError as error:
            if error.status != HTTPStatus.CONFLICT:
                raise
            if not self._is_there():
                raise OtherPackageError("it has another package already, and a package is given once") from error
        self.unfinished.forget(self.parcel)

    def _is_gone_on_with(self, begun: Begun) -> bool:
        """Whether the upload that broke off could be finished; if not, nobody knows it any more."""
        try:
            self._send(begun)
        except ApiError as error:
            if error.status not in _ANEW:
                raise
            return False
        except GoneError:
            return False
        return True

    def _send(self, begun: Begun | None) -> None:
        state = _state(self.file)
        while True:
            plan, begun = self._plan(begun)
            parts = dict(begun.parts)
            try:
                upload.send(plan, begun.parts.keys(), Watch(on_part=self._keeper(parts), progress=self.progress))
                break
            except ExpiredError:
                if len(parts) == len(begun.parts):
                    raise
                begun = replace(begun, parts=parts)
        if _state(self.file) != state:
            self.unfinished.forget(self.parcel)
            raise TransferError(f"{self.file.name} was changed while it was sent")
        self._complete(begun.upload, parts)

    def _plan(self, begun: Begun | None) -> tuple[Plan, Begun]:
        """Where the parts go, and the upload that they are of: this one or a new one."""
        asked = {"size": self.parcel.size, "sha256": self.parcel.sha256}
        named = {"upload_id": begun.upload} if begun is not None else {}
        # To ask twice is to begin two, of which one is never finished: no harm.
        said = self.client.json(
            ApiRequest(method="POST", path=f"{self.path}/upload", body={**asked, **named}, again=True)
        )
        plan, upload_id = _read(said, self.file, self.parcel.size)
        if begun is None or begun.upload != upload_id or begun.part_size != plan.part_size:
            begun = Begun(upload=upload_id, part_size=plan.part_size)
            self.unfinished.begin(self.parcel, begun)
        return plan, begun

    def _keeper(self, parts: dict[int, str]) -> upload.OnPart:
        def keep(number: int, etag: str) -> None:
            parts[number] = etag
            self.unfinished.add(self.parcel, number, etag)

        return keep

    def _complete(self, upload_id: str, parts: Mapping[int, str]) -> None:
        listed = [{"number": number, "etag": etag} for number, etag in sorted(parts.items())]
        body = {"upload_id": upload_id, "parts": listed}
        path = f"{self.path}/upload/complete"
        self.client.send(ApiRequest(method="POST", path=path, body=body, timeout=60.0, patience=_JOINING))

    def _is_there(self) -> bool:
        """Whether what the release has is this very package."""
        known = self.client.get(f"{self.path}/", full="true")
        return isinstance(known, dict) and known.get("sha256") == self.parcel.sha256


def _read(said: Any, file: Path, size: int) -> tuple[Plan, str]:  # noqa: ANN401 - whatever JSON the API answers
    try:
        urls = {int(part["number"]): str(part["url"]) for part in said["parts"]}
        return Plan(file=file, size=size, part_size=int(said["part_size"]), urls=urls), str(said["upload_id"])
    except (KeyError, TypeError, ValueError) as error:
        raise TransferError(f"the inventory does not say how to upload: {error!r}") from error


def _state(file: Path) -> tuple[int, int]:
    status = file.stat()
    return status.st_size, status.st_mtime_ns
