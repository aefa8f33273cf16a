"""Getting releases from the inventory: found by id, downloaded, checked, unpacked with all that they depend on."""

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

_MAX_DEPTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher:
    """Where releases come from. cache: for packages that were made here, and are in the inventory."""

    inventory: InventoryPort
    cache: PackageCache | None = None
    limits: archive.Limits | None = None

    def metadata(self, asked: ReleaseId) -> Release:
        """The release that an id finds now. Faults: InventoryError, PlanError."""
        raw = self.inventory.release(asked.project, asked.name, asked.query)
        # The namespace it was asked in is authoritative: the body may carry another project.
        return release_reading.read({**raw, "project": asked.project}, str(asked))

    def unpack(self, release: Release, into: Path) -> None:
        """The release's package in a fresh folder, its dependencies and extensions below it in `deps/`."""
        self._unpack(release, into, (release.unit,))

    def unpack_dependency(self, release: Release, parent: Path) -> Path:
        """The folder of a release below its parent, fetched unless exactly this version is there."""
        return self._below(release, parent, (release.unit,))

    def keep(self, package: Path) -> None:
        """Put a package into the cache, if there is one."""
        if self.cache is not None:
            self.cache.keep(package)

    def _below(self, release: Release, parent: Path, chain: tuple[str, ...]) -> Path:
        folder = dependency_folder(parent, release)
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
            raise archive.ArchiveError(f"the package of {release.id} holds {there.package_name}")
        for id_ in (*release.extends, *(known.release_id for known in release.depends)):
            asked = parse_release_id(id_)
            if asked.unit in chain or len(chain) > _MAX_DEPTH:
                raise InventoryError(f"{release.id} depends on itself: {' -> '.join((*chain, asked.unit))}")
            self._below(self.metadata(asked), into, (*chain, asked.unit))

    def _package(self, release: Release, scratch: Path) -> Path:
        package = scratch / f"{release.package_name}.tgz"
        known = self.inventory.download(release.project, release.name, release.version, package)
        if known is not None and files.sha256(package) != known.lower():
            raise archive.ArchiveError(f"the package of {release.id} is not what was uploaded: its SHA-256 differs")
        return package


def dependency_folder(parent: Path, release: Release) -> Path:
    """Where a dependency is unpacked below its parent: `deps/project/name`."""
    return parent / "deps" / release.project / release.name


def release_in(folder: Path) -> Release:
    """The release that an unpacked folder holds. Faults: PlanError, ArchiveError."""
    file = folder / "release.json"
    if not file.is_file():
        raise archive.ArchiveError(f"no release.json in {folder.name}")
    return release_reading.read_text(file.read_text(encoding="utf-8", errors="replace"), str(file.name))
