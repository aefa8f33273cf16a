"""The audit of the lock, against an index of this machine that answers as OSV does."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from infra.package.vulnerabilities import Unreachable, known_in, main, pins_of
from tests.cloud import free_port
from tests.http_server import HttpServer

LOCK = """good==1.0 \\
    --hash=sha256:00
bad-one==2.0.1 ; python_version < '4' \\
    --hash=sha256:11
    # via good
"""
KNOWN = {("bad-one", "2.0.1"): ["GHSA-1", "PYSEC-2"]}


class Index(BaseHTTPRequestHandler):
    """Knows of one bad version."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        assert {one["package"]["ecosystem"] for one in asked} == {"PyPI"}
        known = (KNOWN.get((one["package"]["name"], one["version"]), []) for one in asked)
        body = json.dumps({"results": [{"vulns": [{"id": each} for each in ids]} if ids else {} for ids in known]})
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture
def index() -> Iterator[str]:
    server = HttpServer(("127.0.0.1", 0), Index)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1/querybatch"
    server.shutdown()
    thread.join()
    server.server_close()


def test_pins_are_read_with_their_versions_and_without_their_markers() -> None:
    assert pins_of(LOCK) == (("good", "1.0"), ("bad-one", "2.0.1"))


def test_what_is_known_of_a_pin_is_told_by_its_ids(index: str) -> None:
    assert known_in(pins_of(LOCK), index) == {"bad-one==2.0.1": ("GHSA-1", "PYSEC-2")}


def test_a_lock_with_a_vulnerable_pin_fails_and_one_without_passes(
    index: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(LOCK)
    assert main(["--lock", str(lock), "--index", index]) == 1
    lock.write_text("good==1.0\n")
    assert main(["--lock", str(lock), "--index", index]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "bad-one==2.0.1: GHSA-1, PYSEC-2",
        "audit: 1 of 2 pins have known vulnerabilities",
        "audit: 0 of 1 pins have known vulnerabilities",
    ]


def test_where_no_index_can_be_reached_the_audit_says_so_and_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(LOCK)
    nowhere = f"http://127.0.0.1:{free_port()}/"

    with pytest.raises(Unreachable):
        known_in(pins_of(LOCK), nowhere)
    assert main(["--lock", str(lock), "--index", nowhere]) == 0
    assert capsys.readouterr().out.startswith("audit skipped: ")
