"""Notify runners of a waiting job."""

from chalicelib.kernel.engine.job import Job
from chalicelib.kernel.explanation.runner import topic_of
from chalicelib.use_cases.ports.bundle import Ports


def offer_job(ports: Ports, job: Job) -> None:
    """Push the job to runners that wait for one of its pool."""
    ports.live.push(topic_of(job.pool), {"job": job.id})
