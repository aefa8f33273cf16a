"""The files that pages load: read once, and named by the hash of them all, so that a browser keeps them for ever."""

import gzip
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from slipway_formats.frozen import frozen

FOLDER = Path(__file__).parents[1] / "static" / "files"
MEDIA = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}


@frozen
class File:
    """A file. packed: gzipped."""

    media: str
    content: bytes
    packed: bytes


@cache
def files() -> Mapping[str, File]:
    """Return all files by name."""
    return MappingProxyType({path.name: _read(path) for path in sorted(FOLDER.iterdir())})


@cache
def hash_of_files() -> str:
    """Return the hash that stands in every file's address."""
    return sha256(b"".join(file.content for file in files().values())).hexdigest()[:12]


def _read(path: Path) -> File:
    content = path.read_bytes()
    return File(media=MEDIA[path.suffix], content=content, packed=gzip.compress(content, 9, mtime=0))
