"""Upload a package: begin at the inventory, send parts to the store, complete at the inventory; resume if interrupted.

Sending and retrying parts: upload. Remembering an interrupted upload: unfinished.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
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
"""Seconds: the store joins thousands of parts into one file."""

_CHECKING = "checking"
_CHECK_SECONDS, _MOST_CHECKS = 2.0, 600
"""A check takes 15 minutes at most."""


class OtherPackageError(TransferError):
    """The release already has a different package."""


class RefusedPackageError(TransferError):
    """The inventory has read the package, and does not take it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageUpload:
    """A package and its destination. path: of its version in the API."""

    client: Client
    path: str
    file: Path
    parcel: Parcel
    unfinished: Unfinished
    progress: Progress
    pause: Callable[[float], None] = time.sleep

    def run(self) -> None:
        """Upload the package; do nothing if the release already has it.

        Faults: ApiError, TransferError, OtherPackageError, RefusedPackageError.
        """
        try:
            begun = self.unfinished.find(self.parcel)
            if begun is None or not self._resume(begun):
                self._send(None)
        except ApiError as error:
            if error.status != HTTPStatus.CONFLICT:
                raise
            if not self._is_there():
                raise OtherPackageError("it has another package already, and a package is given once") from error
        self.unfinished.forget(self.parcel)

    def _resume(self, begun: Begun) -> bool:
        """Resume an interrupted upload. Return False when the inventory or the store no longer knows it."""
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
                upload.send(plan, begun.parts.keys(), Watch(on_part=self._remember_part(parts), progress=self.progress))
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
        """Return the addresses of the parts, and the upload that they belong to: this one or a new one."""
        package = {"size": self.parcel.size, "sha256": self.parcel.sha256}
        resumed = {"upload_id": begun.upload} if begun is not None else {}
        # A retry may begin a second upload, which is never completed: no harm.
        answer = self.client.json(
            ApiRequest(method="POST", path=f"{self.path}/upload", body={**package, **resumed}, again=True)
        )
        plan, upload_id = _read(answer, self.file, self.parcel.size)
        if begun is None or begun.upload != upload_id or begun.part_size != plan.part_size:
            begun = Begun(upload=upload_id, part_size=plan.part_size)
            self.unfinished.begin(self.parcel, begun)
        return plan, begun

    def _remember_part(self, parts: dict[int, str]) -> upload.OnPart:
        def keep(number: int, etag: str) -> None:
            parts[number] = etag
            self.unfinished.add(self.parcel, number, etag)

        return keep

    def _complete(self, upload_id: str, parts: Mapping[int, str]) -> None:
        listed = [{"number": number, "etag": etag} for number, etag in sorted(parts.items())]
        body = {"upload_id": upload_id, "parts": listed}
        path = f"{self.path}/upload/complete"
        request = ApiRequest(method="POST", path=path, body=body, timeout=60.0, patience=_JOINING)
        answer = self.client.json(request)
        if isinstance(answer, dict) and answer.get("package") == _CHECKING:
            self._await_check()

    def _await_check(self) -> None:
        """Wait until the inventory has read a large package. Faults: TransferError, if it does not take it."""
        for _ in range(_MOST_CHECKS):
            known = self.client.get(f"{self.path}/", full="true")
            told = str(known.get("package", "")) if isinstance(known, dict) else ""
            if told != _CHECKING:
                break
            self.pause(_CHECK_SECONDS)
        else:
            raise TransferError("the inventory still checks the package: see `slipway release show` later")
        if told:
            self.unfinished.forget(self.parcel)
            raise RefusedPackageError(f"the inventory does not take the package: {told.removeprefix('refused: ')}")

    def _is_there(self) -> bool:
        """True when the release already has this very package."""
        known = self.client.get(f"{self.path}/", full="true")
        return isinstance(known, dict) and known.get("sha256") == self.parcel.sha256


def _read(answer: Any, file: Path, size: int) -> tuple[Plan, str]:  # noqa: ANN401 - whatever JSON the API answers
    try:
        urls = {int(part["number"]): str(part["url"]) for part in answer["parts"]}
        return Plan(file=file, size=size, part_size=int(answer["part_size"]), urls=urls), str(answer["upload_id"])
    except (KeyError, TypeError, ValueError) as error:
        raise TransferError(f"the inventory does not say how to upload: {error!r}") from error


def _state(file: Path) -> tuple[int, int]:
    status = file.stat()
    return status.st_size, status.st_mtime_ns
