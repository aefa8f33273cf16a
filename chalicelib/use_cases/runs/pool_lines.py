"""Read the line of a pool: its runners, and the jobs that wait for it."""

from collections.abc import Iterable, Mapping

from chalicelib.kernel.engine.job import Job
from chalicelib.kernel.explanation.hold import PoolLine
from chalicelib.kernel.explanation.pool import place_in, pool_of
from chalicelib.kernel.explanation.reasons import of_pool
from chalicelib.use_cases.ports.bundle import Ports

MOST_WAITING = 100
"""The longest line of a project in which places are told: whoever watches a run reads it again and again."""


def read_pool_line(ports: Ports, pool: str, projects: Iterable[str]) -> PoolLine:
    """Return the lines of these projects in the pool, and which of them are at their limit of jobs."""
    lines = {project: ports.jobs.line(pool, project, MOST_WAITING) for project in projects}
    found = (ports.projects.find_project(project) for project in lines)
    limits = {project.name: project.max_jobs for project in found if project is not None and project.max_jobs}
    return PoolLine(
        pool=pool_of(pool, ports.runners.of_pool(pool), ports.clock.now()),
        waiting={project: tuple(job.id for job in line) for project, line in lines.items() if line is not None},
        long=frozenset(project for project, line in lines.items() if line is None),
        full={project: most for project, most in limits.items() if ports.jobs.counted(project) >= most},
    )


def why_waiting(ports: Ports, jobs: Iterable[Job]) -> Mapping[str, str]:
    """Return for each waiting job, by id, why no runner has it."""
    pools: dict[str, list[Job]] = {}
    for job in jobs:
        pools.setdefault(job.pool, []).append(job)
    now, told = ports.clock.now(), dict[str, str]()
    for pool, of_it in pools.items():
        line = read_pool_line(ports, pool, {job.project for job in of_it})
        told |= {job.id: of_pool(line, job.project, place_in(line, job.project, job.id), now) for job in of_it}
    return told
