"""A platform of the demo's own: started, asked through one door by CLI and HTTP, and stopped with all it started."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from examples.demo.door import STATE_ALONE, Door

SLIPWAY = Path(sys.executable).with_name("slipway")
START_SECONDS = 30


class Failed(Exception):
    """Something is not as it should be."""


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Platform:
    """`slipway up` in a folder and on ports of its own. services: those that its door lets in. settings: more of them."""

    def __init__(self, folder, services=STATE_ALONE, settings=None):
        self.services = services
        self.home = folder / "platform"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("SLIPWAY_", "AWS_"))},
            "SLIPWAY_HOME": str(self.home),
            # Its deployments start a service on this very machine, and stop the one of the deployment before.
            "SLIPWAY_SANDBOX": "never",
            "SLIPWAY_PORT": str(free_port()),
            "SLIPWAY_AWS_PORT": str(free_port()),
            "XDG_CONFIG_HOME": str(folder / "config"),
            **(settings or {}),
        }
        self.process = None
        self.ready = {}
        self.door = None

    def __enter__(self):
        self.home.parent.mkdir(parents=True, exist_ok=True)
        log = (self.home.parent / "platform.log").open("w")
        self.ready = self._start(log)
        self.door = Door(self.ready["api"], self.services)
        self.door.open()
        self.environment |= {"SLIPWAY_API": self.door.address, "SLIPWAY_TOKEN": self.ready["admin_token"]}
        return self

    def __exit__(self, *_):
        self.door.close()
        self._stop()

    def _start(self, log):
        """Where it answers and the admin's token, once it does."""
        self.process = subprocess.Popen([SLIPWAY, "up"], env=self.environment, stdout=log, stderr=log)
        until = time.monotonic() + START_SECONDS
        while not (self.home / "ready.json").exists():
            if self.process.poll() is not None or time.monotonic() > until:
                raise Failed(f"the platform does not start: see {log.name}")
            time.sleep(0.02)
        return json.loads((self.home / "ready.json").read_text())

    def _stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def slipway(self, *arguments, expected=(0,), show=True):
        """What the CLI prints, which must end with one of the expected codes."""
        if show:
            print(f"\n\033[1m$ slipway {' '.join(arguments)}\033[0m", flush=True)
        done = subprocess.run(
            [SLIPWAY, *arguments], env=self.environment, text=True, stdout=None if show else subprocess.PIPE
        )
        if done.returncode not in expected:
            raise Failed(f"slipway {' '.join(arguments)} ended with {done.returncode}")
        return done

    def ask(self, method, path, body=None):
        """What the HTTP API answers."""
        headers = {"Authorization": f"Bearer {self.ready['admin_token']}", "Content-Type": "application/json"}
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.door.address}{path}", content, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                text = reply.read().decode()
        except urllib.error.HTTPError as error:
            raise Failed(f"{method} {path} answered {error.code}: {error.read().decode()}") from error
        return json.loads(text) if text.strip() else None


def service_says(port, path="/"):
    """What the deployed service answers; nothing when it does not."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as reply:
            return json.load(reply)
    except OSError:
        return None


def fresh(folder):
    """An empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
