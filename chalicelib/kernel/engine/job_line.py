"""The line of a pool: by project in turn, within a project by age, so that no project's jobs hold up another's."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from chalicelib.kernel.engine.job import Job


def by_turns(jobs: Iterable[Job], after: str) -> Sequence[Job]:
    """Order waiting jobs: one of each project in turn, by name, beginning behind the project `after`."""
    lines: dict[str, list[Job]] = {}
    for job in sorted(jobs, key=lambda job: (job.created_at, job.id)):
        lines.setdefault(job.project, []).append(job)
    turns = sorted(lines, key=lambda project: (project <= after, project))
    rounds = zip_longest(*(lines[project] for project in turns))
    return [job for one_round in rounds for job in one_round if job is not None]
