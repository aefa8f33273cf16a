"""A pipeline of stages with targets, as rafts hold them: BuildMaster's own. What a run does of it: settings.py."""

from collections.abc import Mapping
from dataclasses import field
from datetime import time, tzinfo

from chalicelib.kernel.trains.completion import Completion
from slipway_formats.frozen import frozen

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@frozen
class DeploymentWindow:
    """When a gate is open: from start to end, past midnight where the end is earlier. days: 0 is Monday.

    offset: of the times; None for the zone of the installation.
    """

    days: tuple[int, ...] = tuple(range(7))
    start: time = time()
    end: time = time()
    offset: tzinfo | None = None


@frozen
class StageApproval:
    """Who must approve. user, or group with how many of it."""

    user: str = ""
    group: str = ""
    count: int = 1
    description: str = ""


@frozen
class StageGate:
    """What must be met before a stage. checks: names of automatic checks. windows: one of them must be open."""

    approvals: tuple[StageApproval, ...] = ()
    windows: tuple[DeploymentWindow, ...] = ()
    checks: tuple[str, ...] = ()


@frozen
class Target:
    """What a stage deploys. plan: a script of the application, or a deployment job of that name.

    servers, roles: once for each of them, by title.
    """

    plan: str
    environment: str = ""
    servers: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


@frozen
class Machine:
    """For what a target runs once: a server or role, by title; neither where it names none."""

    server: str = ""
    role: str = ""

    def step_name(self, target: Target) -> str:
        """Return the name of the step that does it."""
        where = ", ".join(filter(None, (target.environment, self.server, self.role)))
        return f"{target.plan} ({where})" if where else target.plan


def machines_of(target: Target) -> tuple[Machine, ...]:
    """Return for what a target runs, each once."""
    servers = (Machine(server=title) for title in dict.fromkeys(target.servers))
    roles = (Machine(role=title) for title in dict.fromkeys(target.roles))
    return (*servers, *roles) or (Machine(),)


@frozen
class DeliveryStage:
    """A stage. promotes: what succeeded in it goes on to the next. in_sequence: its targets one after another."""

    name: str
    description: str = ""
    promotes: bool = False
    in_sequence: bool = False
    exclusive: bool = False
    gate: StageGate = StageGate()
    variables: Mapping[str, str] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()


@frozen
class StagedPipeline:
    """A pipeline of stages. keeps_order: a stage comes after the one before has succeeded.

    rejects_older: a snapshot that enters a stage rejects the older ones of its train there. variables: for all scripts
    of its stages, whose own are nearer.
    """

    name: str
    description: str = ""
    color: str = ""
    keeps_order: bool = True
    rejects_older: bool = False
    variables: Mapping[str, str] = field(default_factory=dict)
    stages: tuple[DeliveryStage, ...] = ()
    completion: Completion = Completion()
