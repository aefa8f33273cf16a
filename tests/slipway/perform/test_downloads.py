"""Downloads come over real HTTP, and what they unpack stays in its folder."""

import contextlib
import io
import os
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest

from slipway.perform.downloads import download_all, fetch_url
from slipway.perform.faults import StageCancelledError, StageFailedError
from slipway.perform.state import Deployment, Environment
from slipway.perform.unit import Unit
from slipway.plan.release import Release
from slipway_formats.archive import ArchiveError
from slipway_formats.release import Download, Scope
from tests.http_server import HttpServer
from tests.slipway.perform.workplace import NOON, PLACE, Workplace


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        pass


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    with HttpServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def a_unit(place: Workplace, *downloads: Download) -> Unit:
    environment = Environment(place=PLACE, states=place.states, clock=lambda: NOON)
    folder = place.root / "unit"
    folder.mkdir()
    release = Release(project="demo", name="app", version="1", downloads=downloads)
    deployment = Deployment(name="web", release="demo/app", environment=environment)
    return Unit(release=release, folder=folder, deployment=deployment, scope=Scope.BUILD)


def a_tar(name: str, content: bytes = b"x") -> bytes:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w:gz") as tar:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
    return whole.getvalue()


def test_what_an_address_answers_is_written(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("content")
    with serving(tmp_path) as url:
        fetch_url(f"{url}/a", tmp_path / "got")
    assert (tmp_path / "got").read_text() == "content"


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x", "http://[", "ftp://x/y"])
def test_an_address_that_does_not_answer_fails(tmp_path: Path, url: str) -> None:
    with pytest.raises(StageFailedError, match="download of"):
        fetch_url(url, tmp_path / "got")


def test_an_answer_that_is_an_error_fails(tmp_path: Path) -> None:
    with serving(tmp_path) as url, pytest.raises(StageFailedError, match="404"):
        fetch_url(f"{url}/none", tmp_path / "got")


def test_archives_are_unpacked_beside_them(place: Workplace, tmp_path: Path) -> None:
    (tmp_path / "a.tgz").write_bytes(a_tar("inner/t"))
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as zipped:
        zipped.writestr("inner/z", "x")
    with serving(tmp_path) as url:
        unit = a_unit(
            place,
            Download(url=f"{url}/a.tgz", dest="sub/a.tgz", unpack=True),
            Download(url=f"{url}/b.zip", dest="b.zip", unpack=True),
        )
        download_all(unit, replace(place.bench, fetch_url=fetch_url))
    assert (unit.folder / "sub/inner/t").is_file()
    assert (unit.folder / "inner/z").is_file()


@pytest.mark.parametrize("content", [a_tar("../out"), b"no archive"], ids=["a name outside", "no archive"])
def test_an_archive_that_would_leave_its_folder_fails(place: Workplace, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.tgz").write_bytes(content)
    with serving(tmp_path) as url:
        unit = a_unit(place, Download(url=f"{url}/a.tgz", dest="a.tgz", unpack=True))
        with pytest.raises(StageFailedError, match=r"cannot unpack a\.tgz"):
            download_all(unit, replace(place.bench, fetch_url=fetch_url))


def test_an_absolute_name_in_an_archive_lands_in_its_folder(place: Workplace, tmp_path: Path) -> None:
    (tmp_path / "a.tgz").write_bytes(a_tar("/inner/t"))
    with serving(tmp_path) as url:
        unit = a_unit(place, Download(url=f"{url}/a.tgz", dest="a.tgz", unpack=True))
        download_all(unit, replace(place.bench, fetch_url=fetch_url))
    assert (unit.folder / "inner/t").is_file()


def a_zip(name: str) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as zipped:
        zipped.writestr(name, "x")
    return whole.getvalue()


@pytest.mark.parametrize("there", ["link", "pipe"])
@pytest.mark.parametrize(
    ("content", "place_of_it"),
    [(b"x", "a.tgz"), (b"x", "a.tgz.part"), (a_zip("in/x"), "in/x"), (a_tar("in/x"), "in/x"), (a_zip("in/x"), "in")],
    # An archive says when it was made, so that two processes would not give its test the same name.
    ids=["file", "part", "zip", "tar", "folder"],
)
def test_what_stands_in_a_download_s_place_is_not_written_through(
    place: Workplace, tmp_path: Path, content: bytes, place_of_it: str, there: str
) -> None:
    """A repository may hold links, and scripts that ran before may have made any kind of file."""
    (tmp_path / "a.tgz").write_bytes(content)
    (tmp_path / "outside").mkdir()
    with serving(tmp_path) as url:
        unit = a_unit(place, Download(url=f"{url}/a.tgz", dest="a.tgz", unpack=len(content) > 1, overwrite=True))
        standing = unit.folder / place_of_it
        standing.parent.mkdir(exist_ok=True)
        if there == "link":
            standing.symlink_to(tmp_path / "outside" if place_of_it == "in" else tmp_path / "outside/x")
        else:
            os.mkfifo(standing)
        with contextlib.suppress(StageFailedError, ArchiveError):
            download_all(unit, replace(place.bench, fetch_url=fetch_url))

    assert list((tmp_path / "outside").iterdir()) == []


def test_a_download_stops_with_its_job(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("content")

    def stopped(_: int, __: int) -> None:
        raise StageCancelledError("stopped")

    with serving(tmp_path) as url, pytest.raises(StageCancelledError):
        fetch_url(f"{url}/a", tmp_path / "got", stopped)
