"""Where a page is: from home down to it, with the project's tile, by which one tells alike pages apart."""

from zlib import crc32

from slipway_formats.frozen import frozen

HUES = 8


@frozen
class Tile:
    """The colour and the letters of a project. hue: one of eight, the same everywhere."""

    hue: int
    letters: str


@frozen
class Crumb:
    """A page on the way. path: empty for the page itself."""

    word: str
    path: str = ""
    tile: Tile | None = None


def tile_of(project: str) -> Tile:
    """Return the tile of a project."""
    return Tile(hue=crc32(project.encode()) % HUES, letters=project[:2])
