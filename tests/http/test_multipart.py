"""Files come out of multipart bodies as they went in."""

import gzip
from pathlib import Path

import pytest
from httpx import Request
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.http.multipart import MOST_PARTS, Part, parse_multipart
from chalicelib.kernel.faults import Invalid

NAMES = st.text(st.characters(codec="utf-8", exclude_characters='"\\\r\n', min_codepoint=32), min_size=1, max_size=20)


@given(content=st.binary(max_size=400), filename=NAMES)
def test_whatever_a_client_sends_comes_out_as_it_was(content: bytes, filename: str) -> None:
    sent = Request("POST", "http://x", data={"a": "1"}, files={"file": (filename, content)})

    parts = parse_multipart(sent.headers["Content-Type"], sent.read())

    assert parts[0] == Part(name="a", filename=None, content=b"1")
    assert (parts[1].name, parts[1].content) == ("file", content)


@given(body=st.binary(max_size=200))
def test_hostile_bodies_are_parsed_or_refused(body: bytes) -> None:
    for wrapped in (body, b"--b\r\n" + body + b"\r\n--b--"):
        try:
            parse_multipart("multipart/form-data; boundary=b", wrapped)
        except Invalid:
            continue


@pytest.mark.parametrize("media", ["", "application/json", "multipart/form-data", "text/plain; boundary=b"])
def test_another_type_is_refused(media: str) -> None:
    with pytest.raises(Invalid, match="Content-Type"):
        parse_multipart(media, b"")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--b\r\n",
        b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx',
        b"--b\r\n\r\nno name\r\n--b--",
        b"\r\n".join([b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx'] * (MOST_PARTS + 1)) + b"\r\n--b--",
    ],
)
def test_a_malformed_body_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid, match="malformed multipart"):
        parse_multipart("multipart/form-data; boundary=b", body)


BODIES = Path(__file__).parents[1] / "data" / "multipart-bodies"
BODY = "multipart/form-data; boundary=xYzZY"


@pytest.mark.parametrize(
    "file", ["filename-star-only", "filename-holds-name", "folded-header", "lf-only", "spaces-around-equals"]
)
def test_a_head_is_read_however_it_is_written(file: str) -> None:
    body = (BODIES / f"{file}.body").read_bytes()
    (part,) = parse_multipart(BODY, body)

    end = b"\n" if file == "lf-only" else b"\r\n"
    assert part.name == "file"
    assert part.filename
    assert part.content == body.partition(end * 2)[2].removesuffix(end + b"--xYzZY--" + end)
    assert gzip.decompress(part.content)


@pytest.mark.parametrize("file", ["base64", "quoted-printable"])
def test_an_encoded_part_is_refused(file: str) -> None:
    with pytest.raises(Invalid, match=file):
        parse_multipart(BODY, (BODIES / f"{file}.body").read_bytes())


@pytest.mark.parametrize("encoding", ["BASE64", " x-uuencode ", "Quoted-Printable"])
def test_an_encoding_is_refused_however_it_is_written(encoding: str) -> None:
    head = f"content-transfer-encoding:{encoding}\r\nContent-Disposition: form-data; name=file"
    with pytest.raises(Invalid, match="encoded as"):
        parse_multipart(BODY, f"--xYzZY\r\n{head}\r\n\r\nx\r\n--xYzZY--".encode())


@pytest.mark.parametrize(
    ("disposition", "name", "filename"),
    [
        ("form-data; name=file; filename=x.tgz", "file", "x.tgz"),
        ('FORM-DATA; NAME="file"; FILENAME="x;y=\\"z\\".tgz"', "file", 'x;y="z".tgz'),
        ('form-data; name="\u0438\u043c\u044f"; filename="\u043f.tgz"', "\u0438\u043c\u044f", "\u043f.tgz"),
        ("form-data; name*=utf-8''%D0%B8; filename*0*=utf-8''%D0%BF; filename*1=.tgz", "\u0438", "\u043f.tgz"),
        ('form-data; name="file"', "file", None),
        ('form-data; name=""', "", None),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_names_are_read_as_browsers_and_mail_write_them(
    disposition: str, name: str, filename: str | None, end: str
) -> None:
    head = f"content-type: text/plain; name=other{end}content-DISPOSITION : {disposition}".replace(" :", ":")
    body = f"--xYzZY  {end}{head}{end}{end}a{end}--xYzZYb{end}{end}--xYzZY--{end}".encode()
    assert parse_multipart('multipart/form-data; charset=utf-8; boundary = "xYzZY"', body) == (
        Part(name=name, filename=filename, content=f"a{end}--xYzZYb{end}".encode()),
    )


@pytest.mark.parametrize("content", [b"", b"\n", b"\r\n", b"a\nb", b"\n--xYzZY--", b"\r", b"--"])
def test_bytes_between_lines_of_the_boundary_are_the_content(content: bytes) -> None:
    head = b'Content-Disposition: form-data; name="file"'
    body = b"--xYzZY\r\n" + head + b"\r\n\r\n" + content + b"\r\n--xYzZY--\r\n"
    assert [part.content for part in parse_multipart(BODY, body)] == [content]
