"""The line of a pool: by project in turn, within a project by age, so that no project's jobs hold up another's."""

from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest

from chalicelib.kernel.engine.job import Job

Place = tuple[int, str]
"""Where a project stands in the turns: by part of the line, then by name."""


def by_name(project: str) -> Place:
    """Return the place of a project in a line of one part."""
    return 0, project


def by_turns(jobs: Iterable[Job], begin: Place, place: Callable[[str], Place] = by_name) -> Sequence[Job]:
    """Order waiting jobs: one of each project in turn, beginning behind a place."""
    lines: dict[str, list[Job]] = {}
    for job in sorted(jobs, key=lambda job: (job.created_at, job.id)):
        lines.setdefault(job.project, []).append(job)
    turns = sorted(lines, key=lambda project: (place(project) <= begin, place(project)))
    rounds = zip_longest(*(lines[project] for project in turns))
    return [job for one_round in rounds for job in one_round if job is not None]


def begin_at(jobs: Iterable[Job], begin: Place, number: int, place: Callable[[str], Place]) -> Place:
    """Return the place behind which the turns begin with the project of this number, counted from behind `begin`."""
    known = {place(job.project) for job in jobs}
    turns = [begin, *sorted(known, key=lambda one: (one <= begin, one))]
    return turns[number % len(known)] if known else begin
