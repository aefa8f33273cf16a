"""Fetch releases from the inventory: find by id, download, verify, and unpack with all their dependencies."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from slipway.plan import archive, files, release_reading
from slipway.plan.cache import PackageCache
from slipway.plan.names import ReleaseId, parse_release_id
from slipway.plan.ports import InventoryError, InventoryPort
from slipway.plan.release import Release
from slipway_formats.archive import ArchiveError, Limits

_MAX_DEPTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher:
    """Where releases come from. cache: for packages that were built here and are in the inventory."""

    inventory: InventoryPort
    cache: PackageCache | None = None
    limits: Limits | None = None

    def metadata(self, wanted: ReleaseId) -> Release:
        """Return the release that an id currently finds. Faults: InventoryError, PlanError."""
        raw = self.inventory.release(wanted.project, wanted.name, wanted.query)
        # The requested namespace is authoritative: the body may name another project.
        return release_reading.read({**raw, "project": wanted.project}, str(wanted))

    def unpack(self, release: Release, into: Path) -> None:
        """Unpack the release's package into a new folder, with its dependencies and extensions in `deps/`."""
        self._unpack(release, into, (release.unit,))

    def unpack_dependency(self, release: Release, parent: Path) -> Path:
        """Return the folder of a dependency below its parent; fetch it unless this very version is there."""
        return self._below(release, parent, (release.unit,))

    def keep(self, package: Path) -> None:
        """Put a package into the cache, if there is one."""
        if self.cache is not None:
            self.cache.keep(package)

    def _below(self, release: Release, parent: Path, chain: tuple[str, ...]) -> Path:
        # A script of the parent may have made a link of it.
        folder = archive.inner_path(parent, str(dependency_folder(parent, release).relative_to(parent)))
        if folder.exists():
            there = release_in(folder)
            if there.id == release.id:
                return folder
            shutil.rmtree(folder)
        self._unpack(release, folder, chain)
        return folder

    def _unpack(self, release: Release, into: Path, chain: tuple[str, ...]) -> None:
        with tempfile.TemporaryDirectory(prefix="slipway-") as scratch:
            archive.unpack(self._package(release, Path(scratch)), into, top=release.package_name, limits=self.limits)
        there = release_in(into)
        if (there.name, there.version) != (release.name, release.version):
            raise ArchiveError(f"the package of {release.id} holds {there.package_name}")
        for id_ in (*release.extends, *(known.release_id for known in release.depends)):
            wanted = parse_release_id(id_)
            if wanted.unit in chain or len(chain) > _MAX_DEPTH:
                raise InventoryError(f"{release.id} depends on itself: {' -> '.join((*chain, wanted.unit))}")
            self._below(self.metadata(wanted), into, (*chain, wanted.unit))

    def _package(self, release: Release, scratch: Path) -> Path:
        package = scratch / f"{release.package_name}.tgz"
        known = self.inventory.download(release.project, release.name, release.version, package)
        if known is not None and files.sha256(package) != known.lower():
            raise ArchiveError(f"the package of {release.id} is not what was uploaded: its SHA-256 differs")
        return package


def dependency_folder(parent: Path, release: Release) -> Path:
    """Return where a dependency is unpacked below its parent: `deps/project/name`."""
    return parent / "deps" / release.project / release.name


def release_in(folder: Path) -> Release:
    """Return the release in an unpacked folder. Faults: PlanError, ArchiveError."""
    file = folder / "release.json"
    if not file.is_file():
        raise ArchiveError(f"no release.json in {folder.name}")
    return release_reading.read_text(file.read_text(encoding="utf-8", errors="replace"), str(file.name))
