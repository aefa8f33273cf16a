"""What is an image, and what only says so."""

from base64 import b64encode

import pytest

from chalicelib.kernel.projects.image import MOST_BYTES, Image, ImageType, image_of

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0....\0\0\0\0IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0...\xff\xd9"
GIF = b"GIF89a\x01\0\x01\0\0\0\0;"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><g/></svg>'
WEBP = b"RIFF\x0a\0\0\0WEBPVP8L...."
IMAGES = {
    ImageType.PNG: PNG,
    ImageType.JPEG: JPEG,
    ImageType.GIF: GIF,
    ImageType.SVG: SVG,
    ImageType.WEBP: WEBP,
}
BOMB = b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>'


def text(content: bytes) -> str:
    return b64encode(content).decode()


@pytest.mark.parametrize("kind", ImageType)
def test_an_image_is_what_its_bytes_are(kind: ImageType) -> None:
    image = Image(type=kind, content=IMAGES[kind])
    assert image_of(text(IMAGES[kind])) == image
    assert image_of(f"data:{kind};base64,{text(IMAGES[kind])}") == image


def test_a_data_url_may_call_a_jpeg_jpg() -> None:
    assert image_of(f"data:image/jpg;base64,{text(JPEG)}") == Image(type=ImageType.JPEG, content=JPEG)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"words",
        PNG[:20],
        JPEG[:-2],
        GIF[:-1],
        WEBP[:-4],
        b"<html><svg/></html>",
        b"<svg>",
        b'<svg xmlns="http://elsewhere"/>',
        BOMB,
        "<svg/>".encode("utf-16"),
        b"%PDF-1.7",
    ],
)
def test_what_is_cut_off_or_something_else_is_no_image(content: bytes) -> None:
    assert image_of(text(content)) == "is no PNG, JPEG, GIF, SVG or WebP image"


@pytest.mark.parametrize(
    "said", ["hello world!", "data:image/png,plain", "data:image/png;base64,???", "https://x/a.png"]
)
def test_what_is_no_base64_is_no_image(said: str) -> None:
    assert isinstance(image_of(said), str)


def test_an_image_of_another_type_than_it_is_called_is_refused() -> None:
    assert image_of(f"data:image/png;base64,{text(GIF)}") == "is called image/png and is image/gif"


def test_an_image_has_its_most_bytes() -> None:
    fits = SVG.replace(b"<g/>", b"<g/>" + b" " * (MOST_BYTES - len(SVG)))
    assert isinstance(image_of(text(fits)), Image)
    assert image_of(text(fits + b" ")) == f"is an image of {MOST_BYTES + 1} bytes, more than {MOST_BYTES}"
    assert isinstance(image_of("A" * 10 * MOST_BYTES), str)
