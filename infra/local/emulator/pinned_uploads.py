"""Uploads in parts that are not completed: of the pinned ministack, which itself keeps them in memory alone.

Each is a folder: what the upload is, and a file for each part, a line of JSON before its bytes. Files are written
beside and renamed into place before ministack answers. In memory a part is the file, not a copy of it.
"""

import contextlib
import json
import mmap
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

from infra.lifetimes import UNFINISHED_UPLOAD_DAYS

UPLOAD = "upload.json"
PARTS = "parts"
BODY, SIZE, CREATED = "body", "size", "created"
Query = Mapping[str, Any]
Act = Callable[..., Any]


@dataclass(slots=True, kw_only=True)
class Uploads:
    """The uploads of a ministack. s3: its module. folder: of their folders."""

    s3: ModuleType
    folder: Path

    def restore(self) -> None:
        """Take over what is there, but for what was begun so long ago that S3 would have removed it."""
        for place in self.folder.glob("*"):
            told = _upload_in(place)
            if told is None:
                shutil.rmtree(place, ignore_errors=True)
                continue
            account, upload = told
            self.s3._multipart_uploads._data[account, place.name] = {**upload, PARTS: dict(_parts_in(place))}

    def follow(self) -> None:
        """From now on, keep every upload that begins, its parts as they come, and nothing of it once it has ended."""
        begin, part, copied = self.s3._create_multipart_upload, self.s3._upload_part, self.s3._upload_part_copy
        complete, abort = self.s3._complete_multipart_upload, self.s3._abort_multipart_upload

        def begun(*of: Any) -> Any:  # noqa: ANN401 - as ministack is called
            known = {*self.s3._multipart_uploads._data}
            answer = begin(*of)
            for account, name in self.s3._multipart_uploads._data.keys() - known:
                self._keep(account, name)
            return answer

        def received(bucket: str, key: str, body: bytes, *of: Any) -> Any:  # noqa: ANN401 - likewise
            answer = part(bucket, key, body, *of)
            self._keep_part(of[0])
            return answer

        def received_copy(bucket: str, key: str, query: Query, headers: Any) -> Any:  # noqa: ANN401 - likewise
            answer = copied(bucket, key, query, headers)
            self._keep_part(query)
            return answer

        def completed(bucket: str, key: str, body: bytes, *of: Any) -> Any:  # noqa: ANN401 - likewise
            answer = complete(bucket, key, body, *of)
            self._forget(of[0])
            return answer

        def aborted(bucket: str, key: str, query: Query) -> Any:  # noqa: ANN401 - likewise
            answer = abort(bucket, key, query)
            self._forget(query)
            return answer

        vars(self.s3).update(
            _create_multipart_upload=begun,
            _upload_part=received,
            _upload_part_copy=received_copy,
            _complete_multipart_upload=completed,
            _abort_multipart_upload=aborted,
        )

    def _keep(self, account: str, name: str) -> None:
        upload = self.s3._multipart_uploads._data[account, name]
        plain = {key: value for key, value in upload.items() if key != PARTS}
        (self.folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        self.s3._atomic_write(str(self.folder / name / UPLOAD), json.dumps([account, plain]), text=True)

    def _keep_part(self, query: Query) -> None:
        """Write a part that was taken, and have its file in memory's place."""
        upload = self.s3._multipart_uploads.get(name := self.s3._qp(query, "uploadId"))
        number = self.s3._qp(query, "partNumber")
        part = upload[PARTS].get(int(number)) if upload is not None and number.isdecimal() else None
        if part is None or not isinstance(part[BODY], bytes):
            return
        path = self.folder / name / f"{int(number)}.part"
        plain = {key: value for key, value in part.items() if key != BODY}
        self.s3._atomic_write(str(path), b"\n".join((json.dumps(plain).encode(), part[BODY])))
        upload[PARTS][int(number)] = _part_in(path)

    def _forget(self, query: Query) -> None:
        name = self.s3._qp(query, "uploadId")
        ended = self.folder / name
        if name not in self.s3._multipart_uploads and ended.parent == self.folder and (ended / UPLOAD).exists():
            shutil.rmtree(ended)


def _upload_in(place: Path) -> tuple[str, dict[str, Any]] | None:
    """Return account and record of the upload in a folder, unless a kill left no record, or it is too old."""
    with contextlib.suppress(OSError, ValueError):
        account, upload = json.loads((place / UPLOAD).read_text())
        begun = datetime.fromisoformat(upload[CREATED])
        if begun.replace(tzinfo=begun.tzinfo or UTC) > datetime.now(UTC) - timedelta(days=UNFINISHED_UPLOAD_DAYS):
            return account, upload
    return None


def _parts_in(place: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for path in place.glob("*.part"):
        # One that a power cut tore is not there: it was written within the last 20 ms.
        with contextlib.suppress(OSError, ValueError):
            yield int(path.stem), _part_in(path)


def _part_in(path: Path) -> dict[str, Any]:
    """Return a part whose bytes are those of its file. Faults: OSError; ValueError if the file is torn."""
    with path.open("rb") as file:
        head = file.readline()
        whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    part = {**json.loads(head), BODY: whole[len(head) :]}
    if len(part[BODY]) != part[SIZE]:
        raise ValueError(f"{path} is torn")
    return part
