"""What the use cases need from outside to move runs and jobs. Each port has one fake and one real store."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.kernel.engine.effects import Effect
from chalicelib.kernel.engine.events import Event
from chalicelib.kernel.engine.job import Job
from chalicelib.kernel.engine.run import Run, StageExecution
from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.plans.plan import DefinitionRef, Plan
from chalicelib.kernel.plans.work import DefinitionKind

SHARDS = 16
"""Of each index by due time."""


@frozen
class Page:
    """A part of a list, newest first. after: exclusive id of the last one seen, or nothing to begin."""

    size: int = 50
    after: str | None = None


@frozen
class Due:
    """Something that must be looked at again, and when."""

    id: str
    at: datetime


class Runs(Protocol):
    """Runs and their plans. A run is saved by create and commit alone."""

    def create(self, run: Run, plan: Plan) -> bool:
        """Store a new run with its plan; false when a run of that id was there already. Faults: TooLarge."""

    def run(self, run_id: str) -> Run:
        """The run as it is now (a consistent read). Faults: NotFound."""

    def find_run(self, run_id: str) -> Run | None:
        """The run as it is now (a consistent read), if there is one."""

    def plan(self, plan_id: str) -> Plan:
        """The plan; it never changes, so it may come from a cache. Faults: NotFound."""

    def commit(self, run: Run) -> Run:
        """Save the run by one conditional write on its version; the saved run has the next. Faults: Stale, TooLarge.

        A conflict with one's own lost reply is a success. A replaced plan is stored before.
        """

    def replace_plan(self, plan: Plan) -> None:
        """Store one more plan of a run; the same again is no fault."""

    def due(self, shard: int, before: datetime, limit: int) -> Sequence[Due]:
        """Runs due at or before an instant, earliest first. shard: 0 to SHARDS - 1."""

    def of_definition(self, definition: DefinitionRef, page: Page) -> Sequence[Run]:
        """The runs of a definition."""

    def of_project(self, project: str, kind: DefinitionKind, page: Page) -> Sequence[Run]:
        """The runs of a project's definitions of a kind."""

    def open_in_train(self, train: str, below: int) -> Sequence[str]:
        """Ids of the runs of a train that have not ended and have a lower number."""

    def unfinished(self) -> Sequence[str]:
        """Ids of the runs that have not ended or still owe. For recovery alone: it reads much."""

    def every_of_project(self, project: str, kind: DefinitionKind, environment: str = "") -> Iterator[str]:
        """Ids of all runs of a project's definitions of a kind, in one environment or in all, newest first. May lag."""

    def forget(self, run: Run) -> None:
        """Forget a run with its plan, its stage executions and its jobs; again is no fault."""

    def earlier_executions(self, run_id: str) -> Sequence[StageExecution]:
        """The ended stage executions that were moved out of a long run, in order."""


class Jobs(Protocol):
    """Jobs and who holds them. Every change is a conditional put on the version."""

    def create(self, job: Job) -> Job:
        """The job, stored; or the one that is there under its id, be it that it was told to stop before it came.

        Faults: TooLarge.
        """

    def job(self, job_id: str) -> Job:
        """The job as it is now. Faults: NotFound."""

    def find_job(self, job_id: str) -> Job | None:
        """The job as it is now, if there is one."""

    def save(self, job: Job) -> Job:
        """Save on its version; the saved job has the next. Faults: Stale."""

    def create_tombstone(self, job: Job) -> Job:
        """Leave a tombstone, an ended job, where no job is yet; or the job that is there."""

    def waiting(self, pool: str, limit: int) -> Sequence[Job]:
        """Jobs of a pool that nobody holds, oldest first. May lag: leasing decides."""

    def leased_with(self, pool: str, nonce: str) -> Sequence[Job]:
        """The jobs that a lease call of this nonce took, held or ended since, for its repetition. May lag."""

    def due(self, shard: int, before: datetime, limit: int) -> Sequence[Due]:
        """Jobs whose lease ran out, or that ended and are not acknowledged and sealed by then, earliest first."""

    def of_run(self, run_id: str) -> Sequence[Job]:
        """The jobs of a run, oldest first."""


@frozen
class Chunk:
    """A piece of a log. seq: from 1, without gaps. stream: out, err or note."""

    seq: int
    at: datetime
    stream: str
    text: str


@frozen
class Words:
    """What an ask adds to a log. said: streams and texts, in order."""

    ask: str
    at: datetime
    said: tuple[tuple[str, str], ...]


class Logs(Protocol):
    """Logs of jobs, by job id: chunks while it runs, one object in S3 at the end."""

    def append(self, log: str, after: int, chunks: Sequence[Chunk]) -> int:
        """Put chunks at `after` + 1 and on; the new head. Faults: Conflict, TooLarge.

        The same again is no fault, and of more than was put before, the rest is put.
        """

    def add(self, log: str, words: Words) -> int:
        """Append chunks wherever the head is, once for each ask; the head after them. Faults: Conflict, TooLarge."""

    def read(self, log: str, after: int, limit: int = 1000) -> Sequence[Chunk]:
        """Chunks with seq over `after`, in order, without gaps."""

    def head(self, log: str) -> int:
        """The seq of the last chunk; 0 when there is none."""

    def seal(self, log: str) -> None:
        """Make one object of the chunks and let these expire; doing it again changes nothing."""

    def forget(self, log: str) -> None:
        """Forget a log, sealed or not; one that is not there is no fault."""


@frozen
class Holder:
    """Who holds or wants a lock: a stage execution of a run, or a run (execution 0). attempt: of the asking run."""

    run: str
    execution: int
    attempt: int = 0


@frozen
class Held:
    """The lock is yours. fence: higher than any before."""

    fence: int


@frozen
class Awaited:
    """Somebody else holds it; the asker stands in line. fence: the holder's."""

    holder: Holder
    fence: int


@frozen
class ReleasedBefore:
    """The asker gave the lock back before: a late asking, which does nothing."""


class Locks(Protocol):
    """Locks with a holder, a fencing number and those that wait, in order."""

    def take(self, lock: str, holder: Holder, now: datetime) -> Held | Awaited | ReleasedBefore:
        """Take the lock, or stand in line; asking again changes nothing."""

    def free(self, lock: str, holder: Holder, now: datetime) -> tuple[Holder, int] | None:
        """Give it back, or leave the line; whoever is first in line holds it now and is answered with the fence.

        A tombstone stays, so that a late take by the same holder is Buried. Doing it again answers the same heir while
        it still holds the lock.
        """

    def replace(self, lock: str, gone: Holder, fence: int, now: datetime) -> None:
        """Take the lock from a holder that has ended, by its fence, for the first in line; nothing when it moved on."""

    def line(self, lock: str) -> tuple[Holder, ...]:
        """Those that wait, in order."""


@frozen
class Passed:
    """No younger run was there before."""


@frozen
class Behind:
    """A younger run passed before."""

    by_run: str
    by_number: int


class Watermarks(Protocol):
    """The youngest run of each train that passed the gates of each stage."""

    def take(self, train: str, stage: str, number: int, run_id: str) -> Passed | Behind:
        """Raise the mark to this run's number, unless it is higher. Asking again answers the same."""

    def compare(self, train: str, stage: str, number: int) -> Passed | Behind:
        """How a run of this number stands to the mark, which stays as it is (a consistent read)."""


class Numbers(Protocol):
    """Counters."""

    def following(self, counter: str) -> int:
        """The next number of a counter, from 1; never the same twice, gaps allowed."""


class Queue(Protocol):
    """The ways by which a run is told something later, or elsewhere."""

    def enqueue_events(self, run_id: str, events: Sequence[Event], key: str) -> None:
        """Put events in the run's order of events. key: for deduplication."""

    def enqueue_tick(self, run_id: str, key: str) -> None:
        """Have the run looked at again soon. key: for deduplication."""

    def wake(self, run_id: str, at: datetime) -> None:
        """Have the run looked at again at an instant within 15 minutes; later ones are left to the due index."""

    def schedule_job_check(self, job_id: str, at: datetime) -> None:
        """Have the job looked at again at an instant within 15 minutes."""

    def enqueue_external_call(self, run_id: str, effect: Effect) -> None:
        """Have an effect that calls another system performed."""

    def schedule_delivery(self, delivery_id: str, at: datetime) -> None:
        """Have something owed performed at an instant within 15 minutes; later ones are left to the due index."""

    def enqueue_log_update(self, connection: str, key: str) -> None:
        """Have a viewer shown what its log has, after what it is being shown. key: for deduplication."""

    def delay_message(self, queue: str, receipt: str, seconds: int) -> None:
        """Have a message that was received come again after so many seconds. queue: its full name."""
