"""A place to perform plans in: real files, processes and packages, with the inventory and the state in memory."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from slipway.perform.build import BuildResult, Checkout, Site, perform_build_step
from slipway.perform.deployment import DeploymentRequest, DeploymentResult, deploy
from slipway.perform.earlier import Attempt
from slipway.perform.git_program import GitProgram, Origin
from slipway.perform.logs import Log, LogLine
from slipway.perform.shell import ProcessShell
from slipway.perform.state import Place
from slipway.perform.unit import Toolbox
from slipway.plan.fetch import Fetcher
from slipway.plan.git import revision_of
from slipway.plan.release import Value
from slipway_formats.build_step import BuildStep
from tests.fakes.escape_inventory import MemoryInventory
from tests.fakes.escape_states import MemoryStates
from tests.slipway.runner.repositories import git

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
PLACE = Place(project="web", environment="ci")


@dataclass
class Workplace:
    """Where things happen. lines: all that was logged."""

    root: Path
    inventory: MemoryInventory = field(default_factory=MemoryInventory)
    states: MemoryStates = field(default_factory=MemoryStates)
    lines: list[LogLine] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    script_seconds: float | None = 20.0
    count: int = 0
    attempt: Attempt = field(default_factory=Attempt)

    @property
    def bench(self) -> Toolbox:
        return Toolbox(
            fetcher=Fetcher(inventory=self.inventory, cache=self.inventory.cache),
            shell=ProcessShell(self.stop, grace=0.5), log=Log(self.lines.append),
            environment={"PATH": os.environ["PATH"]}, fetch_url=self._fetch, script_seconds=self.script_seconds,
        )  # fmt: skip

    @property
    def site(self) -> Site:
        return Site(place=PLACE, states=self.states, clock=lambda: NOON, user="ann", attempt=self.attempt)

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    def folder(self, plan: str, files: Mapping[str, str] = MappingProxyType({})) -> Path:
        """A fresh folder with a plan and files; those named `.sh` become scripts."""
        self.count += 1
        folder = self.root / f"folder{self.count}"
        for name, content in {"escape.yml": plan, **files}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"#!/bin/sh\nset -e\n{content}\n" if path.suffix == ".sh" else content)
        return folder

    def release(
        self, plan: str, files: Mapping[str, str] = MappingProxyType({}), step: BuildStep | None = None
    ) -> BuildResult:
        """What a build step makes of a plan and its files."""
        return self.perform(self.folder(plan, files), step)

    @property
    def said(self) -> list[str]:
        """What scripts wrote to their standard output."""
        return [line.text for line in self.lines if line.stream == "out"]

    def perform(self, folder: Path, step: BuildStep | None = None) -> BuildResult:
        """What a build step makes of a folder."""
        return perform_build_step(step or BuildStep(), self.checkout(folder), self.site, self.bench)

    def checkout(self, folder: Path) -> Checkout:
        """A folder as a job is given it, with a bare repository beside it when it is one of git."""
        environment = {"PATH": os.environ["PATH"]}
        revision = revision_of(folder, environment)
        if not revision.revision:
            return Checkout(folder=folder)
        store = folder.with_name(f"{folder.name}.git")
        git(folder, "clone", "--quiet", "--bare", ".", str(store))
        git(store, "remote", "set-url", "origin", git(folder, "config", "remote.origin.url"))
        program = GitProgram(folder=store, environment=environment, shell=self.bench.shell, log=self.bench.log)
        return Checkout(folder=folder, revision=revision, origin=Origin(git=program, commit=revision.revision))

    def deploy(
        self, release: str, name: str = "", providers: dict[str, str] | None = None, **inputs: Value
    ) -> DeploymentResult:
        """A release of the inventory deployed."""
        ask = DeploymentRequest(release=release, deployment=name, inputs=inputs, providers=providers or {})
        return deploy(ask, self.fresh(), self.site, self.bench)

    def fresh(self) -> Path:
        """A folder that is not there yet."""
        self.count += 1
        return self.root / f"fresh{self.count}"

    def _fetch(self, url: str, target: Path) -> None:
        target.write_text(f"from {url}")
