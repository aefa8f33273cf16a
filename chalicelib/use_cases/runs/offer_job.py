"""Telling runners that a job waits."""

from chalicelib.kernel.engine.job import Job
from chalicelib.use_cases.ports.bundle import Ports


def offer_job(ports: Ports, job: Job) -> None:
    """Runners that wait for a job of the pool hear of this one."""
    ports.live.push(f"pool/{job.pool}", {"job": job.id})
