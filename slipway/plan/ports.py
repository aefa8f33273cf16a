"""The port to the inventory for compiling and performing. The HTTP implementation: slipway/inventory.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


class InventoryError(Exception):
    """The inventory refused or did not answer; the message is its own."""


class MissingReleaseError(InventoryError):
    """The inventory has no such release."""


class AlreadyReleasedError(InventoryError):
    """The inventory already has this version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeRelease:
    """A release and who made it. run: of the platform, blank if none did. revision: the commit."""

    id: str
    version: str
    revision: str
    run: str
    has_package: bool


class InventoryPort(Protocol):
    """The inventory. query: `latest`, `v1.0`, `v1.@` or a tag. All methods raise InventoryError."""

    def next_version(self, namespace: str, name: str, prefix: str) -> str:
        """Return the next version that starts with the prefix."""
        ...

    def release(self, namespace: str, name: str, query: str) -> Mapping[str, Any]:
        """Return the metadata of the release that the query finds. Faults: MissingReleaseError."""
        ...

    def made(self, namespace: str, name: str, query: str) -> MadeRelease:
        """Return who made the release that the query finds, and whether it is whole. Faults: MissingReleaseError."""
        ...

    def download(self, namespace: str, name: str, version: str, path: Path) -> str | None:
        """Download the package of a version and return its recorded SHA-256, if known. Faults: MissingReleaseError."""
        ...

    def register(self, namespace: str, metadata: Mapping[str, Any]) -> None:
        """Register a release. Faults: AlreadyReleasedError."""
        ...

    def upload(self, namespace: str, name: str, version: str, path: Path) -> None:
        """Upload the package of a registered release in parts, or resume an interrupted upload; idempotent.

        Faults: MissingReleaseError.
        """
        ...

    def tag(self, release_id: str, tag: str) -> None:
        """Set the tag to this release. Faults: MissingReleaseError."""
        ...
