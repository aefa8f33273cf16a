"""Logos: decode an uploaded image and detect its type."""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Mapping
from enum import StrEnum
from xml.parsers.expat import ExpatError, ParserCreate

from slipway_formats.frozen import frozen

MOST_BYTES = 256 * 1024

_DATA_URL = re.compile(r"data:(?P<media>[a-z]+/[a-z0-9.+-]+)(;charset=[a-z0-9-]+)?;base64,(?P<content>.*)", re.I | re.S)
_SVG = ("svg", "http://www.w3.org/2000/svg svg")


class ImageType(StrEnum):
    """Supported image formats, by media type."""

    PNG = "image/png"
    JPEG = "image/jpeg"
    GIF = "image/gif"
    SVG = "image/svg+xml"
    WEBP = "image/webp"


_ALIASES: Mapping[str, str] = {"image/jpg": ImageType.JPEG, "image/svg": ImageType.SVG}


@frozen
class Image:
    """A decoded image. type: detected from the bytes."""

    type: ImageType
    content: bytes


def image_of(text: str) -> Image | str:
    """Decode an image from base64 or a data URL. On a defect, return a message instead."""
    if len(text) > 2 * MOST_BYTES:
        return f"is longer than an image of {MOST_BYTES} bytes can be"
    said = _DATA_URL.fullmatch(text.strip())
    if said is None and text.lstrip()[:5].lower() == "data:":
        return "should be a data URL of base64"
    try:
        content = b64decode("".join((said["content"] if said else text).split()), validate=True)
    except (Error, ValueError):
        return "should be an image in base64, or a data URL of one"
    if len(content) > MOST_BYTES:
        return f"is an image of {len(content)} bytes, more than {MOST_BYTES}"
    kind = _type_of(content)
    if kind is None:
        return "is no PNG, JPEG, GIF, SVG or WebP image"
    media = said["media"].lower() if said else kind
    if _ALIASES.get(media, media) != kind:
        return f"is called {media} and is {kind}"
    return Image(type=kind, content=content)


def _type_of(content: bytes) -> ImageType | None:
    """Detect the format by its signature at the beginning and, for some, at the end."""
    if content.startswith(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR") and b"IEND\xaeB`\x82" in content:
        return ImageType.PNG
    if content.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in content:
        return ImageType.JPEG
    if content[:6] in (b"GIF87a", b"GIF89a") and content.rstrip(b"\0").endswith(b";"):
        return ImageType.GIF
    if content[:4] == b"RIFF" and content[8:15] == b"WEBPVP8" and _riff_fits(content):
        return ImageType.WEBP
    return ImageType.SVG if _is_svg(content) else None


def _riff_fits(content: bytes) -> bool:
    return int.from_bytes(content[4:8], "little") + 8 <= len(content)


def _is_svg(content: bytes) -> bool:
    """Whether the bytes are UTF-8 XML with an SVG root. Documents that define entities are refused: they expand."""
    roots = list[str]()
    parser = ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, _: roots.append(name) if not roots else None
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(content.decode(), True)  # noqa: FBT003 - expat takes no names
    except (ExpatError, ValueError, LookupError):
        return False
    return roots[:1] != [] and roots[0] in _SVG


def _refuse(*_: object) -> None:
    raise ValueError("entities of its own")
