"""Check a package before it is a release's: read to its end, as runners read it, and against what it claims to be."""

from hashlib import sha256
from io import BytesIO

from chalicelib.kernel.releases.check import refused
from chalicelib.kernel.releases.release import Package, ReleaseKey, Upload
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.archive import HOW_TO_PACK, ArchiveError, Limits, metadata_in
from slipway_formats.override import override
from slipway_formats.readable import Readable

_CHUNK = 1 << 20


def check_content(key: ReleaseKey, content: bytes) -> None:
    """Refuse a package that is damaged, could not be unpacked, or says another name or version. Faults: Invalid."""
    _read(key, BytesIO(content), len(content))


def check_stored(ports: Ports, key: ReleaseKey, stored: Upload | Package) -> None:
    """Refuse a stored package that is none, or another one than was declared. Faults: Invalid, NotFound."""
    with ports.packages.content(stored.object) as content:
        summed = _Summed(content)
        _read(key, summed, stored.size)
        digest = summed.hexdigest()
    if digest != stored.sha256:
        raise refused("cannot take the package: its SHA-256 is not the one that was declared")


def _read(key: ReleaseKey, source: Readable, size: int) -> None:
    top = f"{key.application}-v{key.version}"
    try:
        metadata_in(source, top=top, limits=Limits.of_size(size))
    except ArchiveError as error:
        raise refused(f"cannot take the package: {error}; {HOW_TO_PACK}") from error


class _Summed(Readable):
    """A stream of which all that was read is summed."""

    def __init__(self, inner: Readable) -> None:
        self._inner, self._sum = inner, sha256()

    @override
    def read(self, size: int = -1, /) -> bytes:
        found = self._inner.read(_CHUNK if size < 0 else size)
        self._sum.update(found)
        return found

    def hexdigest(self) -> str:
        """Return the SHA-256 of all, also of what nobody has read yet."""
        while self.read(_CHUNK):
            pass
        return self._sum.hexdigest()
