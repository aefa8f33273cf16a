"""The inventory and the state of the platform in memory, as jobs ask them over HTTP."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from slipway.perform.state import Node, Place
from slipway.plan.ports import AlreadyReleasedError, MissingReleaseError
from tests.fakes.escape_inventory import MemoryInventory
from tests.fakes.escape_states import MemoryStates
from tests.slipway.runner.api import Server
from tests.slipway.runner.platform import Answer, Json

PART = 1000


@dataclass
class Warehouse:
    """Answers of the two dialects. pause: called before an upload's part is taken."""

    server: Server
    inventory: MemoryInventory = field(default_factory=MemoryInventory)
    states: MemoryStates = field(default_factory=MemoryStates)
    parts: dict[int, bytes] = field(default_factory=dict)
    pause: Callable[[], None] = lambda: None

    def open(self) -> None:
        """The platform answers for us."""
        for method in ("GET", "POST", "PUT", "DELETE"):
            for start, act in (("/api/v1/inventory/", self._inventory), ("/api/v1/state/", self._state)):
                self.server.platform.more[method, start] = _by(method, act)
        self.server.platform.more["PUT", "/parts/"] = self._part

    def _inventory(self, method: str, target: str, body: Json) -> Answer:
        split = urlsplit(target)
        parts = [unquote(part) for part in split.path.split("/")[4:]]
        query = parse_qs(split.query)
        try:
            match method, parts:
                case "GET", [space, "units", name, "next-version"]:
                    return 200, self.inventory.next_version(space, name, query["prefix"][0]).encode()
                case "POST", [space, "register"]:
                    self.inventory.register(space, body)
                    return 200, b""
                case "GET", [space, "units", name, "versions", version, ""] if "full" in query:
                    return 200, self._in_full(space, name, version)
                case "GET", [space, "units", name, "versions", version, ""]:
                    return 200, dict(self.inventory.release(space, name, version))
                case "GET", [space, "units", name, "versions", version, "download"]:
                    return self._download(space, name, version)
                case "POST", [space, "units", name, "versions", version, "upload"]:
                    numbers = range(1, body["size"] // PART + 2)
                    urls = [{"number": one, "url": f"{self.server.address}/parts/{one}"} for one in numbers]
                    return 200, {"upload_id": "u1", "part_size": PART, "parts": urls}
                case "POST", [space, "units", name, "versions", version, "upload", "complete"]:
                    return self._complete(space, name, version)
        except MissingReleaseError:
            return 404, b""
        except AlreadyReleasedError as error:
            return 400, str(error).encode()
        return 404, b"404 page not found\n"

    def _in_full(self, space: str, name: str, version: str) -> Json:
        made = self.inventory.made(space, name, version)
        release = dict(self.inventory.release(space, name, f"v{made.version}"))
        package = {"sha256": "0" * 64} if made.has_package else {}
        return {"release": release, "provenance": {"revision": made.revision, "run": made.run}, **package}

    def _complete(self, space: str, name: str, version: str) -> Answer:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "package"
            file.write_bytes(b"".join(self.parts[number] for number in sorted(self.parts)))
            self.inventory.upload(space, name, version.removeprefix("v"), file)
        self.parts.clear()
        return 200, {}

    def _download(self, space: str, name: str, version: str) -> Answer:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "package"
            self.inventory.download(space, name, version.removeprefix("v"), file)
            return 200, file.read_bytes()

    def _part(self, target: str, body: object) -> Answer:
        self.pause()
        assert isinstance(body, bytes)
        number = int(target.rpartition("/")[2])
        self.parts[number] = body
        return 200, {"headers": {"ETag": f'"{number}"'}}

    def _state(self, method: str, target: str, body: Json) -> Answer:
        split = urlsplit(target)
        _, _, _, _, project, _, environment, *_ = (unquote(part) for part in split.path.split("/"))
        place = Place(project=project, environment=environment)
        if method == "GET":
            return 200, dict(self.states.load(place))
        root = parse_qs(split.query)["deployment"][0]
        if method == "DELETE":
            self.states.delete(place, root)
        else:
            self.states.put(
                place, Node(root=root, path=body["path"], root_stage=body["root_stage"], state=body["state"])
            )
        return 200, {}


def _by(method: str, act: Callable[[str, str, Json], Answer]) -> Callable[[str, object], Answer]:
    return lambda target, body: act(method, target, body if isinstance(body, dict) else {})
