"""What a train says that travels a pipeline of gates."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from chalicelib.kernel.trains.role import PipelineRole
from slipway_formats.frozen import frozen


class Readiness(StrEnum):
    """Whether snapshots of an active train go on."""

    NOT_STARTED = "not-started"
    STARTED = "started"
    SUSPENDED = "suspended"


@frozen
class GatedTravel:
    """How a train travels a pipeline of gates.

    pipeline: its id. timezone: of crons that say none. roles, properties: before those of the pipeline, by name.
    schedule: Quartz crons joined by `;`, at whose fires a snapshot is made; empty for none. build_at: the next fire.
    built_at: the last one that was answered.
    """

    pipeline: int
    readiness: Readiness = Readiness.STARTED
    timezone: str = "UTC"
    roles: tuple[PipelineRole, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    schedule: str = ""
    build_at: datetime | None = None
    built_at: datetime | None = None


def title_at(gated: GatedTravel, at: datetime) -> str:
    """Return the title of a snapshot that is made at an instant: as a clock of the train's time zone shows it."""
    return at.astimezone(ZoneInfo(gated.timezone)).strftime("%m-%d-%Y %H:%M:%S")
