"""A job from its deploy to its first line, and what the proxy adds to a request to a service: on a whole platform."""

import contextlib
import json
import subprocess
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from tests.bench.budgets import Key
from tests.bench.figures import Figure, Measured
from tests.bench.platform import Platform

TIMES = 15
REQUESTS = 200
PAUSE = 0.01
LONGEST = 30.0
PROJECT = "tasks"
JOB = {"type": "job", "name": "say", "image": "x", "cmd": ["echo", "hello"]}
SERVER = """
import os, socketserver, http.server
class Hello(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")
    def log_message(self, *_): pass
socketserver.ThreadingTCPServer(("127.0.0.1", int(os.environ["PORT"])), Hello).serve_forever()
"""
SERVICE = {
    "type": "service", "name": "hello", "image": "x", "cmd": ["python3", "-c", SERVER], "container-port": 5000,
    "published": {"prefix": "/bench-hello/"},
}  # fmt: skip


def tasks(platform: Platform) -> Iterator[tuple[Key, Figure]]:
    """Both, on a warm runner."""
    _git_repository(platform)
    from_git, given = (median(_first_line(platform, n, from_git=one) for n in range(TIMES)) for one in (True, False))
    yield Key.FIRST_LINE, Measured(value=from_git, note=f"a manifest that is given: {given:.2f}")
    (direct, work), (carried, more_work) = _requests(platform)
    note = f"a request takes {direct:.2f} ms without it; of processor time it adds {more_work - work:.2f} ms"
    yield Key.PROXY, Measured(value=carried - direct, note=note)


def _git_repository(platform: Platform) -> None:
    folder = platform.home.parent / "code"
    (folder / "say").mkdir(parents=True)
    (folder / "say" / "manifest.json").write_text(json.dumps(JOB))
    _git(folder, "init", "--quiet", "--initial-branch", "main")
    _git(folder, "add", "--all")
    _git(folder, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "--quiet", "--message", "first")
    platform.ask("POST", f"/api/v1/state/{PROJECT}/add-project", {"name": PROJECT})
    platform.ask("PUT", "/api/v1/repositories/code", {"url": str(folder), "branch": "main", "projects": [PROJECT]})


def _git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True)


def _first_line(platform: Platform, number: int, *, from_git: bool) -> float:
    """Seconds from a deploy until its first line can be read."""
    name = f"say-{number}-{'git' if from_git else 'given'}"
    fields = {"namespace": PROJECT, "project": PROJECT}
    begun = time.monotonic()
    if from_git:
        task = platform.ask("POST", "/v2/task/elaborate/deploy/code/say", {**fields, "name": name})
    else:
        body = {**fields, "configuration": {**JOB, "name": name}}
        task = platform.ask("POST", "/v2/task/deploy/with-configuration", body)
    while not _said(platform, task["id"]):
        if time.monotonic() - begun > LONGEST:
            raise AssertionError(f"{name} has said nothing: {platform.ask('GET', task['state_url'])}")
        time.sleep(PAUSE)
    taken = time.monotonic() - begun
    while platform.ask("GET", task["state_url"])["status"] != "SUCCEEDED":
        time.sleep(PAUSE)
    return taken


def _said(platform: Platform, task: str) -> bool:
    status, content = platform.answered("GET", f"/v1/task/logs/{task}")
    return status == 200 and any("hello" in one["text"] for one in json.loads(content)["chunks"])


def _requests(platform: Platform) -> tuple[tuple[float, float], tuple[float, float]]:
    """Milliseconds of a request to the pod itself, and by the proxy: the median, and of processor time."""
    body = {"namespace": PROJECT, "project": PROJECT, "configuration": SERVICE}
    task = platform.ask("POST", "/v2/task/deploy/with-configuration", body)
    until = time.monotonic() + LONGEST
    while platform.ask("GET", task["state_url"])["status"] != "AVAILABLE":
        if time.monotonic() > until:
            raise AssertionError("the service is not available")
        time.sleep(PAUSE)
    (address,) = platform.ask("GET", "/api/v1/services?path=/bench-hello/")["addresses"]
    pod = HTTPConnection(address.removeprefix("http://"), timeout=LONGEST)
    with contextlib.closing(pod):
        return _many(platform, lambda: _got(pod)), _many(platform, lambda: platform.text("/bench-hello/"))


def _many(platform: Platform, act: Callable[[], object]) -> tuple[float, float]:
    before = platform.processor_time()
    taken = median(_milliseconds(act) for _ in range(REQUESTS))
    return taken, 1000 * (platform.processor_time() - before) / REQUESTS


def _got(pod: HTTPConnection) -> bytes:
    pod.request("GET", "/")
    return pod.getresponse().read()


def _milliseconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - begun)
