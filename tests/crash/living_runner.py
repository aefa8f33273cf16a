"""A runner that lives through a story."""

from dataclasses import dataclass, field

from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.job import Ending
from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.plans.work import JobKind
from chalicelib.use_cases.jobs.finish import FinishJob, finish_job
from chalicelib.use_cases.jobs.hand_out import HandOutJobs, hand_out_jobs
from chalicelib.use_cases.jobs.lease import Heartbeat, LeaseJobs, renew_lease
from chalicelib.use_cases.ports.bundle import Ports


@dataclass
class LivingRunner:
    """A runner that takes what waits, keeps what it holds, and obeys."""

    held: dict[str, Heartbeat] = field(default_factory=dict)
    asked: int = 0

    def work(self, ports: Ports, *, is_done: bool) -> None:
        """One round: beat, stop what is to stop, end what is done."""
        for job_id, hold in list(self.held.items()):
            self._beat(ports, job_id, hold, is_done=is_done)

    def take_more(self, ports: Ports) -> None:
        """Lease what waits."""
        self.asked += 1
        nonce = f"nonce-of-the-living-{self.asked}"
        lease = LeaseJobs(pool="default", runner="alive", slots=8, nonce=nonce, says_began=True, executor="process")
        for handed in hand_out_jobs(ports, HandOutJobs(lease=lease)):
            job = handed.leased.job
            token = handed.leased.token
            self.held[job.id] = Heartbeat(job=job.id, token=token, number=job.leases, began=True)

    def _beat(self, ports: Ports, job_id: str, hold: Heartbeat, *, is_done: bool) -> None:
        try:
            job = renew_lease(ports, hold)
        except (Conflict, NotFound):
            del self.held[job_id]
            return
        if job.cancel or is_done:
            # What it keeps for a workload it gives up at last, as if somebody had cancelled the run.
            is_stopped = job.cancel or job.kind is JobKind.TASK
            outcome = Outcome.CANCELLED if is_stopped else Outcome.SUCCEEDED
            ending = Ending(outcome=outcome, at=ports.clock.now(), nonce=f"end-{job_id}")
            finish_job(ports, FinishJob(held=hold, ending=ending))
            del self.held[job_id]
