"""What the feed holds: changes of runs, gates, deployments and releases, for programs and pages.

Each is made where its change is: of_runs.py, of_deployments.py, of_releases.py. It is written in the transaction of the
change, so that the feed has it exactly once: store/feed.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from slipway_formats.frozen import frozen

KEPT = timedelta(days=7)
"""How long the feed can be read back."""


class OccurrenceType(StrEnum):
    """What occurred: a kind of thing, and what became of it."""

    RUN_BEGAN = "run.began"
    RUN_ENDED = "run.ended"
    GATE_OPENED = "gate.opened"
    GATE_ENDED = "gate.ended"
    DEPLOYMENT_CHANGED = "deployment.changed"
    RELEASE_REGISTERED = "release.registered"
    RELEASE_UPLOADED = "release.uploaded"
    RELEASE_YANKED = "release.yanked"
    RELEASE_UNYANKED = "release.unyanked"

    @property
    def kind(self) -> str:
        """Return the kind of thing: run, gate, deployment or release."""
        return self.value.partition(".")[0]


KINDS = tuple(dict.fromkeys(one.kind for one in OccurrenceType))


@frozen
class Occurrence:
    """A change that the feed holds. subject: to what it happened, unique in the project. facts: plain JSON values."""

    type: OccurrenceType
    project: str
    subject: str
    at: datetime
    facts: Mapping[str, object]
