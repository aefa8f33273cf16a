"""The fake of the port Packages. What is PUT to an address comes by `receive`, as S3 would take it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import md5
from io import BytesIO

from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.releases.release import Upload
from chalicelib.store.releases.package_objects import check_parts, numbers_of, part_size, wrong_size
from chalicelib.use_cases.ports.releases import Packages, Part, PartAddress, PartsPlan
from slipway_formats.readable import Readable

ADDRESS = "https://packages.example"


@dataclass
class FakePackages(Packages):
    """Packages in memory."""

    largest_direct: int | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    received: dict[tuple[str, int], bytes] = field(default_factory=dict)

    def put(self, name: str, content: bytes) -> None:
        if self.files.setdefault(name, content) != content:
            raise Conflict(f"package {name} exists already")

    def begin(self, name: str, size: int) -> str:
        part_size(size)
        return f"upload-{name}"

    def plan(self, upload: Upload, now: datetime) -> PartsPlan:  # noqa: ARG002 - the port's shape
        cut = part_size(upload.size)
        parts = tuple(PartAddress(number=n, url=f"{ADDRESS}/{upload.stored_id}/{n}") for n in numbers_of(upload))
        return PartsPlan(part_size=cut, parts=parts)

    def receive(self, upload_id: str, number: int, content: bytes) -> str:
        """The ETag that answers a part."""
        self.received[upload_id, number] = content
        return f'"{md5(content, usedforsecurity=False).hexdigest()}"'

    def complete(self, upload: Upload, parts: Sequence[Part]) -> None:
        check_parts(upload, parts)
        content = b"".join(
            self.received.get((upload.stored_id, one.number), b"") for one in sorted(parts, key=lambda one: one.number)
        )
        if len(content) != upload.size:
            raise wrong_size(upload)
        self.put(upload.object, content)

    def reopen(self, upload: Upload) -> str:
        fresh, content, cut = f"{upload.stored_id}-again", self.files[upload.object], part_size(upload.size)
        for number in numbers_of(upload):
            self.received[fresh, number] = content[(number - 1) * cut : number * cut]
            self.received.pop((upload.stored_id, number), None)
        return fresh

    @contextmanager
    def content(self, name: str) -> Iterator[Readable]:
        if name not in self.files:
            raise NotFound(f"no package {name}")
        with BytesIO(self.files[name]) as stored:
            yield stored

    def remove(self, name: str) -> None:
        self.files.pop(name, None)

    def address(self, name: str, file_name: str, *, only_head: bool = False) -> str:
        return f"{ADDRESS}/{name}?as={file_name}{'&head' if only_head else ''}"
