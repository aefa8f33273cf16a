"""An inventory in memory that answers what slipway.plan.ports.InventoryPort asks, by the real rules."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slipway.plan.cache import PackageCache
from slipway.plan.ports import AlreadyReleasedError, InventoryError, InventoryPort, MadeRelease, MissingReleaseError


@dataclass(slots=True)
class MemoryInventory(InventoryPort):
    """Releases and packages by namespace, name and version. asked: every call, in order. cache: as HttpInventory's.

    run: that registers.
    """

    releases: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    packages: dict[tuple[str, str, str], bytes] = field(default_factory=dict)
    sums: dict[tuple[str, str, str], str] = field(default_factory=dict)
    tags: dict[tuple[str, str, str], str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    cache: PackageCache | None = None
    run: str = ""
    runs: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def next_version(self, namespace: str, name: str, prefix: str) -> str:
        self.asked.append(f"next-version {namespace}/{name} {prefix}")
        rests = [found[len(prefix) :] for found in self._versions(namespace, name) if found.startswith(prefix)]
        return f"{prefix}{max((int(rest.split('.')[0]) for rest in rests), default=-1) + 1}"

    def release(self, namespace: str, name: str, query: str) -> Mapping[str, Any]:
        self.asked.append(f"release {namespace}/{name} {query}")
        return self.releases[namespace, name, self._found(namespace, name, query)]

    def made(self, namespace: str, name: str, query: str) -> MadeRelease:
        version = self._found(namespace, name, query)
        key = (namespace, name, version)
        return MadeRelease(
            id=f"{namespace}/{name}-v{version}", version=version, revision=self.releases[key].get("git_revision", ""),
            run=self.runs.get(key, ""), has_package=key in self.packages,
        )  # fmt: skip

    def download(self, namespace: str, name: str, version: str, path: Path) -> str | None:
        key = (namespace, name, version)
        if self.cache is not None and self.cache.copy(self.sums.get(key, ""), path):
            return self.sums[key]
        self.asked.append(f"download {namespace}/{name} {version}")
        if key not in self.packages:
            raise MissingReleaseError(f"no package of {namespace}/{name}-v{version}")
        path.write_bytes(self.packages[key])
        if self.cache is not None:
            self.cache.keep(path)
        return self.sums.get(key)

    def register(self, namespace: str, metadata: Mapping[str, Any]) -> None:
        key = (namespace, metadata["name"], metadata["version"])
        self.asked.append(f"register {namespace}/{key[1]} {key[2]}")
        if key in self.releases:
            raise AlreadyReleasedError(f"release {key[1]}-v{key[2]} already exists")
        self.releases[key] = dict(metadata)
        self.runs[key] = self.run

    def upload(self, namespace: str, name: str, version: str, path: Path) -> None:
        self.asked.append(f"upload {namespace}/{name} {version}")
        key = (namespace, name, version)
        if key not in self.releases or key in self.packages:
            raise InventoryError(f"cannot upload {namespace}/{name}-v{version}")
        self.packages[key] = path.read_bytes()
        self.sums[key] = hashlib.sha256(self.packages[key]).hexdigest()

    def tag(self, release_id: str, tag: str) -> None:
        unit, _, version = release_id.rpartition("-v")
        namespace, _, name = unit.partition("/")
        self.tags[namespace, name, tag] = version

    def _found(self, namespace: str, name: str, query: str) -> str:
        bare = query.removeprefix("v")
        known = self._versions(namespace, name)
        if query == "latest" or bare.endswith(".@"):
            prefix = "" if query == "latest" else bare[:-1]
            known = [found for found in known if found.startswith(prefix)]
            found = max(known, key=lambda one: [int(part) for part in one.split(".")], default="")
        else:
            found = self.tags.get((namespace, name, query), bare)
        if (namespace, name, found) not in self.releases:
            raise MissingReleaseError(f"no release {namespace}/{name} {query}")
        return found

    def _versions(self, namespace: str, name: str) -> list[str]:
        return [version for project, unit, version in self.releases if (project, unit) == (namespace, name)]
