"""What compiling and performing ask of the inventory. The HTTP answer to it lives with the runner."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol


class InventoryError(Exception):
    """The inventory said no, or did not answer; the message says what it said."""


class MissingReleaseError(InventoryError):
    """The inventory has no such release."""


class AlreadyReleasedError(InventoryError):
    """The inventory has this version already."""


class InventoryPort(Protocol):
    """The inventory. query: `latest`, `v1.0`, `v1.@` or a tag. All raise InventoryError."""

    def next_version(self, namespace: str, name: str, prefix: str) -> str:
        """The next version that starts with the prefix."""
        ...

    def release(self, namespace: str, name: str, query: str) -> Mapping[str, Any]:
        """The metadata of the release that the query finds. Faults: MissingReleaseError."""
        ...

    def download(self, namespace: str, name: str, version: str, path: Path) -> str | None:
        """Write the package of a version; answer its recorded SHA-256, if there is one. Faults: MissingReleaseError."""
        ...

    def register(self, namespace: str, metadata: Mapping[str, Any]) -> None:
        """Make the release known. Faults: AlreadyReleasedError."""
        ...

    def upload(self, namespace: str, name: str, version: str, path: Path) -> None:
        """Store the package of a registered release."""
        ...

    def tag(self, release_id: str, tag: str) -> None:
        """Let the tag name this release."""
        ...
