"""Typed views of a run, parsed from the JSON of the API. tree.py draws them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from slipway.cli.show.phases import DECIDED_BY_PERSON, FINAL
from slipway.cli.show.times import instant
from slipway_formats.run_title import run_address, run_title


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """When the job of a step came into its line, and which runner leased it when; None for none, or where unknown."""

    queued_at: datetime | None
    leased_at: datetime | None
    runner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeView:
    """A gate or step. log: the job whose log it is. child: the run that does the work. job: if that was asked for."""

    key: str
    name: str
    kind: str
    work: str
    phase: str
    attempt: int = 0
    group: str | None = None
    reason: str = ""
    began_at: datetime | None = None
    ended_at: datetime | None = None
    opens_at: datetime | None = None
    log: str | None = None
    child: str | None = None
    job: JobView | None = None
    outputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_final(self) -> bool:
        """Whether it has ended."""
        return self.phase in FINAL


@dataclass(frozen=True, slots=True, kw_only=True)
class StageView:
    """An execution of a stage, or a stage not yet reached. number: 0 for the latter."""

    number: int
    stage: str
    name: str
    environment: str
    attempt: int
    phase: str
    reason: str = ""
    began_at: datetime | None = None
    ended_at: datetime | None = None
    nodes: tuple[NodeView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentView:
    """The step of another run that started a run. node: its key."""

    run: str
    node: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """A run. version: rises with every change. parent: None of one that no other run started."""

    id: str
    project: str
    kind: str
    environment: str
    name: str
    number: int
    phase: str
    reason: str = ""
    version: int = 0
    started_by: str = ""
    trigger: str = ""
    created_at: datetime | None = None
    ended_at: datetime | None = None
    releases: tuple[str, ...] = ()
    parent: ParentView | None = None
    stages: tuple[StageView, ...] = ()

    @property
    def is_final(self) -> bool:
        """Whether it has ended."""
        return self.phase in FINAL

    @property
    def title(self) -> str:
        """The name that people type: `project/pipeline#12`, `build:project/environment/name#12`."""
        return run_address(self.kind, self.project, self.environment, self.name, self.number)

    @property
    def words(self) -> str:
        """What it does, in words: `Deploy hello to shop/production #12`."""
        return run_title(self.kind, self.project, self.environment, self.name, self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A run and the runs that it started, by id. shown: the run's own JSON."""

    run: RunView
    children: Mapping[str, RunView] = field(default_factory=dict)
    shown: Mapping[str, Any] = field(default_factory=dict)

    def members(self) -> Iterator[RunView]:
        """The run, then those that it started."""
        yield self.run
        yield from self.children.values()

    def waiting(self) -> Iterator[tuple[RunView, StageView, NodeView]]:
        """All nodes that wait for a person's decision."""
        for run in self.members():
            for stage in run.stages:
                for node in stage.nodes:
                    if node.phase == DECIDED_BY_PERSON:
                        yield run, stage, node


def run_view(shown: Mapping[str, Any]) -> RunView:
    """Parse a run of the API."""
    return RunView(
        id=str(shown["id"]),
        project=str(shown.get("project", "")),
        kind=str(shown.get("kind", "")),
        environment=str(shown.get("environment") or ""),
        name=str(shown.get("name", "")),
        number=int(shown.get("run_nr") or 0),
        phase=str(shown["phase"]),
        reason=str(shown.get("reason") or ""),
        version=int(shown.get("version") or 0),
        started_by=str(shown.get("started_by") or ""),
        trigger=str(shown.get("trigger") or ""),
        created_at=instant(shown.get("created_at")),
        ended_at=instant(shown.get("ended_at")),
        releases=tuple(map(str, shown.get("releases") or ())),
        parent=_parent(shown.get("parent")),
        stages=tuple(_stage(one) for one in shown.get("stages") or ()),
    )


def _parent(shown: Mapping[str, Any] | None) -> ParentView | None:
    return None if shown is None else ParentView(run=str(shown["run"]), node=str(shown["node"]))


def _stage(shown: Mapping[str, Any]) -> StageView:
    return StageView(
        number=int(shown.get("number") or 0),
        stage=str(shown["stage"]),
        name=str(shown.get("name") or shown["stage"]),
        environment=str(shown.get("environment") or ""),
        attempt=int(shown.get("attempt") or 0),
        phase=str(shown["phase"]),
        reason=str(shown.get("reason") or ""),
        began_at=instant(shown.get("began_at")),
        ended_at=instant(shown.get("ended_at")),
        nodes=tuple(_node(one) for one in shown.get("nodes") or ()),
    )


def _node(shown: Mapping[str, Any]) -> NodeView:
    return NodeView(
        key=str(shown["key"]),
        name=str(shown.get("name") or shown["key"]),
        kind=str(shown.get("kind", "")),
        work=str(shown.get("work", "")),
        phase=str(shown["phase"]),
        attempt=int(shown.get("attempt") or 0),
        group=shown.get("group"),
        reason=str(shown.get("reason") or ""),
        began_at=instant(shown.get("began_at")),
        ended_at=instant(shown.get("ended_at")),
        opens_at=instant(shown.get("opens_at")),
        log=shown.get("log"),
        child=shown.get("child"),
        job=_job(shown.get("job")),
        outputs={str(name): str(value) for name, value in (shown.get("outputs") or {}).items()},
    )


def _job(shown: Mapping[str, Any] | None) -> JobView | None:
    if shown is None:
        return None
    return JobView(
        queued_at=instant(shown.get("queued_at")),
        leased_at=instant(shown.get("leased_at")),
        runner=str(shown.get("runner") or ""),
    )
