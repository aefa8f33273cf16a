"""Download URLs of packages. Each URL that is issued counts as a download."""

from re import sub

from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.releases.release import Package
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.releases.releases import ReleaseByQuery, get_release
from slipway_formats.frozen import frozen


@frozen
class PackageAt:
    """A package with its temporary download URL."""

    package: Package
    url: str


@frozen
class DownloadPackage:
    """Request a download URL. seed: of the request, which counts once. only_head: for a HEAD, which counts not."""

    of: ReleaseByQuery
    seed: str
    only_head: bool = False


def download_package(ports: Ports, query: DownloadPackage) -> PackageAt:
    """Return the package's download URL. Faults: NotFound, also before its upload is finished and checked."""
    release = get_release(ports, query.of)
    if release.package is None:
        raise NotFound(f"release {release.metadata.name}-v{release.metadata.version} has no package yet")
    if release.package.is_checking:
        raise NotFound(f"the package of {release.metadata.name}-v{release.metadata.version} is being checked")
    if not query.only_head:
        ports.package_records.count_download(release.key, query.seed)
    # The file is named after the query, as in Escape; a tag can contain any character.
    name = sub(r"[^\w.@+-]", "_", f"{query.of.application}-{query.of.query}")
    url = ports.packages.address(release.package.object, f"{name}.tgz", only_head=query.only_head)
    return PackageAt(package=release.package, url=url)
