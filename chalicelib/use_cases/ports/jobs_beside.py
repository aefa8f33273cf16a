"""Jobs that are written in the transaction of their run."""

from chalicelib.kernel.engine.job import Job
from chalicelib.kernel.faults import Stale
from slipway_formats.frozen import frozen


@frozen
class JobsBeside:
    """What is written with a run. new: jobs of which none is there yet, not even a tombstone.

    saved: one that has ended, saved on its version.
    """

    new: tuple[Job, ...] = ()
    saved: Job | None = None

    def __bool__(self) -> bool:
        return bool(self.new) or self.saved is not None


NO_JOBS = JobsBeside()


class JobMoved(Stale):
    """A job that was to be written with a run is there already, or has changed; so nothing was written."""
