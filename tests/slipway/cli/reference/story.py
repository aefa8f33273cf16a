"""A story in which every command is said, and what each one answers. It is told by a platform on fakes."""

from __future__ import annotations

import json
import os
import re
import shlex
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from chalicelib.kernel.explanation.runner import Runner
from tests.dialects.matrix.callers import ADMIN, OWNER
from tests.dialects.matrix.world import PASSWORD
from tests.slipway.cli.real_api import RealApi, serving_world
from tests.slipway.cli.recorded_api import Shell

LINES = Path(__file__).with_name("story.txt")
ADDRESS = "https://slipway.example.com"
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
MADE = {
    r"\bslp_\w+": "slp_…",
    r"\b0{16}\d{10}\b": "01JX8V2M3N4P5Q6R7S8T9V0W1X",
    r"\b[0-9a-f]{64}\b": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    r"\b[0-9a-f]{24}\b": "5f4dcc3b5aa765d61d8327de",
    r"\b([fw])[0-9a-f]{11}\b": r"\g<1>0123456789a",
}
"""Ids and secrets, which are others with each ask: all of a kind are shown alike."""

DELIVERY = """\
name: delivery
triggers: [{type: webhook}]
phases:
  - name: staging
    environment: staging
    steps: [{name: greet, type: noop}]
  - name: production
    environment: production
    gates: [{name: go, type: approval, quorum: 2}]
    steps: [{name: greet, type: noop}]
"""
FILES = {
    "delivery.yaml": DELIVERY,
    "template.yaml": "Pipeline: delivery\n",
    "report.json": json.dumps({"type": "job", "name": "report", "image": "x", "cmd": ["true"]}),
    "nightly.json": json.dumps({"name": "nightly", "tasks": [{"name": "create", "namespacetask": "code/create"}]}),
    "escape_state.json": json.dumps({"name": "local", "environments": {"dev": {"name": "dev", "deployments": {}}}}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A line of the story, and what a terminal shows after it."""

    line: str
    answer: str

    @property
    def command(self) -> tuple[str, ...]:
        """The words of the line after `slipway`."""
        return tuple(shlex.split(self.line.rpartition("| ")[2])[1:])


@dataclass(slots=True, kw_only=True)
class Teller:
    """Tells the story in a folder. shell: of whoever says the lines."""

    api: RealApi
    folder: Path
    shell: Shell

    def tell(self) -> Iterator[Said]:
        """Yield every line with its answer. Faults: AssertionError if a line does not end as it should."""
        acts: Mapping[str, Callable[[], None]] = {
            "releases": self._releases,
            "deployed": self._deployed,
            "hotfix": self._hotfix,
            "runner": self._runner,
            "stranger": self._stranger,
        }
        for line in LINES.read_text().splitlines():
            if line.startswith("!"):
                acts[line[1:]]()
            else:
                yield self._said(line)

    def _said(self, line: str) -> Said:
        expected, line = (int(line[1]), line[4:]) if line.startswith("[") else (0, line)
        said = Said(line=line, answer="")
        words = [self._meant(word) for word in said.command]
        result = self.shell(*words, stdin=self._given(line))
        assert result.exit_code == expected, f"{line}\n{result.output}"
        self.api.world.house.world.move(timedelta(seconds=20))
        return replace(said, answer=self._shown(result.stdout + result.stderr))

    def _meant(self, word: str) -> str:
        match word:
            case "$FREEZE":
                return str(json.loads(self.shell("freeze", "list", "--json").stdout)["items"][0]["id"])
            case "$WEBHOOK":
                found = json.loads(self.shell("webhook", "list", "--project", "shop", "--json").stdout)
                return str((found["items"] if isinstance(found, dict) else found)[0]["id"])
            case "$TOKEN":
                found = json.loads(self.shell("token", "list", "--json").stdout)
                return next(str(one["id"]) for one in found if one["label"] == "laptop")
            case _:
                return word.replace(ADDRESS, self.api.address)

    def _given(self, line: str) -> str:
        if "$OLD" in line:
            return f"{PASSWORD}\nanother {PASSWORD}\n"
        return f"{self.api.world.tokens[OWNER]}\n" if "$TOKEN" in line and "|" in line else ""

    def _shown(self, answer: str) -> str:
        """The answer without what is another at each telling."""
        plain = answer.replace(self.api.address, ADDRESS).replace(str(self.folder), "~")
        plain = plain.replace(self.api.address.removeprefix("http://"), ADDRESS.removeprefix("https://"))
        for made, shown in MADE.items():
            plain = re.sub(made, shown, plain)
        return re.sub(r"in \d+ ms", "in 5 ms", plain)

    def _releases(self) -> None:
        app = {"name": "app", "project": "demo", "description": "takes payments"}
        errands = {"backup": {"description": "saves all", "script": "backup.sh"}}
        for name, version, more in (
            ("db", "1.0", {}),
            ("app", "1.0", {}),
            ("app", "1.1", {"depends": [{"release_id": "demo/db-v1.0"}], "errands": errands}),
        ):
            release = {**app, **more, "name": name, "version": version}
            self.api.world.done("POST", "/api/v1/inventory/demo/register", release)

    def _deployed(self) -> None:
        target = "/api/v1/state/shop/environments/staging/deployments/?deployment=demo%2Fapp"
        for version in ("1.0", "1.1"):
            outputs = {"url": "https://staging.example.org"}
            stage = {"version": version, "inputs": {"size": 3}, "calculated_outputs": outputs}
            state = {"name": "demo/app", "release": "demo/app", "stages": {"deploy": stage}}
            self.api.world.done("PUT", target, {"path": "demo/app", "root_stage": "", "state": state})

    def _hotfix(self) -> None:
        steps = [{"name": "greet", "type": "noop"}]
        phases = [
            {"name": name, "environment": name, "promotion": how, "steps": steps}
            for name, how in (("staging", "automatic"), ("production", "manual"))
        ]
        place = "/api/v1/pipelines/by-project/shop"
        self.api.world.done("POST", f"{place}/add", {"name": "hotfix", "phases": phases})
        self.api.world.done("POST", f"{place}/by-name/hotfix/trigger", {})

    def _runner(self) -> None:
        house = self.api.world.house
        seen = Runner(pool="default", name="builder-1", seen_at=house.world.now(), slots=8, version="0.1.0")
        house.ports.runners.note(replace(seen, executor="process"))

    def _stranger(self) -> None:
        self.shell = replace(self.shell, environment={})


def told(folder: Path) -> list[Said]:
    """Tell the story in a folder, and return every line of it."""
    for name, content in FILES.items():
        (folder / name).write_text(content)
    (folder / "logo.png").write_bytes(b64decode(DOT))
    with serving_world() as api, chdir(folder):
        known = {"SLIPWAY_API": api.address, "SLIPWAY_TOKEN": api.world.tokens[ADMIN]}
        shell = Shell(home=folder, environment=known, clock=api.world.house.world.now)
        return list(Teller(api=api, folder=folder, shell=shell).tell())


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        for one in told(Path(os.path.realpath(place))):
            print(f"$ {one.line}\n{one.answer}", end="")  # noqa: T201
