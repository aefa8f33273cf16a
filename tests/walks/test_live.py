"""Logs seen while they grow, over real WebSockets: a build runs, and others add to its log as well."""

import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.walks.api import Ask, Json, eventually
from tests.walks.site import Site

PROJECT = "live"
BUILDS = f"/api/v1/state/{PROJECT}/environments/staging/builds"
PLAN = "name: live/app\nversion: 0.1.@\nincludes: [talk.sh]\nbuild: talk.sh\n"
TALK = """#!/bin/sh
echo begun
n=0
until [ -e {folder}/enough-$(cat name) ]; do n=$((n+1)); echo "said $n"; sleep 0.05; done
echo done
"""
WRITERS, EACH, AT_ONCE = 2, 500, 10
PATIENCE = 120.0


@pytest.fixture(scope="module")
def place(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site, with a project whose builds talk until they are told that it is enough."""
    site.project(PROJECT, "staging")
    site.post(f"/api/v1/state/{PROJECT}/add-namespace", {"name": "live"})
    folder = tmp_path_factory.mktemp("talk")
    for name in ("crowd", "watched", "refused"):
        origin = repository(site, folder / name, name)
        body: Json = {"name": name, "repo": str(origin), "branch": "main", "steps": [{}]}
        site.post(f"{BUILDS}/", body)
    return site


def repository(site: Site, folder: Path, name: str) -> Path:
    folder.mkdir()
    git = partial(subprocess.run, cwd=folder, check=True, capture_output=True)
    (folder / "escape.yml").write_text(PLAN.replace("[talk.sh]", "[talk.sh, name]"))
    (folder / "name").write_text(name)
    (folder / "talk.sh").write_text(TALK.format(folder=site.folder))
    (folder / "talk.sh").chmod(0o755)
    who = ("-c", "user.name=walk", "-c", "user.email=walk@example.com")
    git(["git", "init", "--quiet", "--initial-branch=main"])
    git(["git", "add", "."])
    git(["git", *who, "commit", "--quiet", "-m", "talk"])
    return folder


def begun(place: Site, name: str) -> str:
    """The path of an execution whose script talks."""
    path = f"{BUILDS}/by-name/{name}"
    execution = f"{path}/executions/{place.post(f'{path}/trigger-build')['id']}"
    eventually(lambda: any("begun" in chunk["text"] for chunk in log(place, execution)), PATIENCE)
    return execution


def enough(place: Site, name: str) -> None:
    (place.folder / f"enough-{name}").touch()


def log(place: Site, execution: str) -> list[Json]:
    """The whole log, page by page."""
    found: list[Json] = []
    while page := place.get(f"{execution}/logs?after={len(found)}"):
        found.extend(page)
    return found


def opened(place: Site, path: str, token: str | None = None, **headers: str) -> ClientConnection:
    own = {"X-Escape-Token": place.ready["admin_token"] if token is None else token, **headers}
    told = {name.replace("_", "-"): value for name, value in own.items() if value}
    # No pings: on a busy machine the client itself would give up amid a long log.
    return connect(f"ws://127.0.0.1:{place.port}{path}", additional_headers=told, max_size=None, ping_interval=None)


def heard(socket: ClientConnection) -> tuple[list[Json], Json]:
    """All chunks until the end, and the word of the end; then the connection is closed."""
    chunks: list[Json] = []
    while True:
        message: Any = json.loads(socket.recv(PATIENCE))
        if isinstance(message, dict):
            with pytest.raises(ConnectionClosed):
                socket.recv(PATIENCE)
            return chunks, message
        chunks.extend(message)


def test_a_thousand_chunks_of_two_writers_beside_the_runners_arrive_in_order_without_loss(place: Site) -> None:
    execution = begun(place, "crowd")

    def write(writer: int) -> None:
        for first in range(0, EACH, AT_ONCE):
            lines = [{"text": f"{writer}/{first + number}", "stream": "note"} for number in range(AT_ONCE)]
            place.post(f"{execution}/logs", lines)

    with opened(place, f"{execution}/logs_ws?after=0") as socket, ThreadPoolExecutor() as threads:
        watching = threads.submit(heard, socket)
        for writing in [threads.submit(write, writer) for writer in range(WRITERS)]:
            writing.result()
        enough(place, "crowd")
        seen, end = watching.result()

    kept = log(place, execution)
    assert [chunk["seq"] for chunk in kept] == list(range(1, len(kept) + 1))
    for writer in range(WRITERS):
        own = [chunk["text"] for chunk in kept if chunk["text"].startswith(f"{writer}/")]
        assert own == [f"{writer}/{number}" for number in range(EACH)]
    said = "".join(chunk["text"] for chunk in kept if chunk["stream"] == "out").splitlines()
    counted = [line for line in said if line.startswith("said ")]
    assert counted == [f"said {number}" for number in range(1, len(counted) + 1)]
    assert "done" in said
    assert seen == kept
    assert end == {"head": len(kept), "sealed": True}


def test_a_viewer_who_comes_late_or_after_the_end_sees_the_rest(place: Site) -> None:
    execution = begun(place, "watched")
    with opened(place, f"{execution}/logs_ws?after=1") as late:
        eventually(lambda: len(log(place, execution)) > 4)
        enough(place, "watched")
        seen, end = heard(late)
    kept = log(place, execution)

    assert seen == kept[1:]
    assert end == {"head": len(kept), "sealed": True}
    offered = place.get(f"{execution}/logs_ws?after={len(kept) - 1}")["url"]
    with connect(offered, ping_interval=None) as afterwards:
        assert heard(afterwards) == (kept[-1:], end)


@pytest.fixture(scope="module")
def refused(place: Site) -> Iterator[str]:
    """The path of an execution that goes on."""
    yield begun(place, "refused")
    enough(place, "refused")


def status(place: Site, path: str, token: str | None = None, **headers: str) -> int:
    """The status with which a WebSocket is refused."""
    with pytest.raises(InvalidStatus) as found, opened(place, path, token, **headers):
        pass
    return found.value.response.status_code


def test_a_ticket_lets_one_in(place: Site, refused: str) -> None:
    offered: str = place.get(f"{refused}/logs_ws")["url"]
    assert offered.startswith(f"ws://127.0.0.1:{place.port}/live?ticket=")
    path = offered.partition(str(place.port))[2]

    with connect(offered, ping_interval=None) as first:
        assert json.loads(first.recv(PATIENCE))[0]["seq"] == 1
        assert status(place, path, "") == 401
    assert status(place, path, "") == 401
    assert status(place, "/live?ticket=guessed", "") == 401
    assert status(place, "/live") == 401


def test_whoever_may_not_read_the_execution_may_not_watch_it(place: Site, refused: str) -> None:
    stranger = place.user("live-stranger")
    reader = place.user("live-reader", f"project:{PROJECT}:global:read")

    assert status(place, f"{refused}/logs_ws", "") == 401
    assert status(place, f"{refused}/logs_ws", stranger) == 404
    assert place.asks(Ask(method="GET", path=f"{refused}/logs_ws", token=stranger)).status == 404
    with opened(place, f"{refused}/logs_ws", reader) as socket:
        assert json.loads(socket.recv(PATIENCE))[0]["seq"] == 1


def test_another_site_cannot_watch_with_the_cookie_of_its_visitor(place: Site, refused: str) -> None:
    cookie = f"X-Escape-Token={place.ready['admin_token']}"
    own = f"http://127.0.0.1:{place.port}"

    assert status(place, f"{refused}/logs_ws", "", Cookie=cookie, Origin="https://elsewhere.example") == 401
    with opened(place, f"{refused}/logs_ws", "", Cookie=cookie, Origin=own) as socket:
        assert json.loads(socket.recv(PATIENCE))[0]["seq"] == 1


def test_what_is_no_log_is_no_websocket(place: Site, refused: str) -> None:
    assert status(place, "/") == 404
    assert status(place, "/no/such/path") == 404
    assert status(place, refused) == 404
