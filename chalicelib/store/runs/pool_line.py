"""The line of a pool in the index `by_pool`: by project in turn, within a project by age. The rules: kernel/engine.

On AWS it is spread over shards by project, and each runner begins with another project: of many that see the same head
only one would lease it. The first shard is under the mere name of the pool, so that what older versions put there is
found. On one machine there is one shard, whose turns the process remembers.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from zlib import crc32

from pynamodb.expressions.operand import Path

from chalicelib.kernel.engine.job import Job
from chalicelib.kernel.engine.job_line import Place, begin_at, by_turns
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import record_of
from chalicelib.store.dynamo.tables import Reading, Table
from chalicelib.store.runs import keys
from slipway_formats.frozen import frozen

MOST_PROJECTS = 100
"""How many pages of a crowded shard are read for one lease."""


@frozen
class Wanted:
    """Query: the first jobs of a pool's line. limit: how many. without: projects that have none of it.

    runner: who asks. last: the project whose turn was last; None if that is not known.
    """

    pool: str
    limit: int
    without: Collection[str] = ()
    runner: str = ""
    last: str | None = None


class PoolLine:
    """The lines of all pools. shards: how many each is spread over."""

    def __init__(self, table: Table, shards: int) -> None:
        self._table = table
        self._shards = shards

    def place(self, project: str) -> Place:
        """Return where a project stands in the turns of each pool."""
        return crc32(project.encode()) % self._shards, project

    def pool_of(self, pool: str, project: str) -> str:
        """Return under which key of the index the jobs of a project wait."""
        return keys.pool_shard(pool, self.place(project)[0])

    def waiting(self, wanted: Wanted) -> Sequence[Job]:
        """Return the first jobs of the line, behind the last turn or, if that is not known, where the runner begins."""
        # A place of no project: before all those of its shard.
        own = crc32(wanted.runner.encode())
        begin = self.place(wanted.last) if wanted.last is not None else (own % self._shards, "")
        found = {str(item["waits_since"]): item for item in self._items(wanted, begin)}
        jobs = [job for job in map(job_of, found.values()) if job.project not in wanted.without]
        if wanted.last is None and self._shards > 1:
            begin = begin_at(jobs, begin, own // self._shards, self.place)
        return by_turns(jobs, begin, self.place)[: wanted.limit]

    def of_project(self, pool: str, project: str, limit: int) -> Sequence[Job] | None:
        """Return all waiting jobs of a project; None if there are more than the limit."""
        since = Path("waits_since").startswith(keys.project_line(project))
        found = self._table.query(
            (Path("pool") == self.pool_of(pool, project)) & since, Reading(index="by_pool", limit=limit + 1)
        )
        return None if len(found.items) > limit or found.next is not None else [job_of(item) for item in found.items]

    def _items(self, wanted: Wanted, begin: Place) -> Iterator[Item]:
        """Yield the first jobs of enough projects, shard by shard from the place where the turns begin."""
        shard, last = begin
        before: Sequence[Item] = ()
        projects = set[str]()
        for step in range(self._shards):
            pool = keys.pool_shard(wanted.pool, (shard + step) % self._shards)
            found = self._behind(pool, "", wanted.limit)
            if len(found) == wanted.limit:
                # There are more: look at the first jobs of each project.
                before = before if step else found
                found = self._first_of_each(pool, found, wanted, "" if step else last)
            yield from found
            projects |= {job_of(item).project for item in found} - set(wanted.without)
            if len(projects) >= wanted.limit:
                return
        yield from before

    def _first_of_each(self, pool: str, head: Sequence[Item], wanted: Wanted, last: str) -> Sequence[Item]:
        """Read the first jobs of each project, from behind the last turn's to the end of a shard.

        Of a line with one shard go on from its head. head: the first jobs, which are read already.
        """
        turn, behind_head = keys.behind_project(last) if last else "", _behind_item(head[-1])
        start, has_wrapped = turn or behind_head, not last or self._shards > 1
        found = [] if last else list(head)
        for _ in range(MOST_PROJECTS):
            items = self._behind(pool, start, wanted.limit)
            found.extend(items)
            start = _behind_item(items[-1]) if len(items) == wanted.limit else ""
            if not start and not has_wrapped:
                found.extend(head)
                start, has_wrapped = behind_head, True
            projects = {job_of(item).project for item in found}.difference(wanted.without)
            is_round = has_wrapped and self._shards == 1 and last and start >= turn
            if len(projects) >= wanted.limit or not start or is_round:
                break
        return found

    def _behind(self, pool: str, start: str, limit: int) -> Sequence[Item]:
        wanted = Path("pool") == pool
        if start:
            wanted &= Path("waits_since") > start
        return self._table.query(wanted, Reading(index="by_pool", limit=limit)).items


def job_of(item: Item) -> Job:
    """Return the job in an item of the table, or of the index."""
    found: Job = record_of(Job, item)
    return replace(found, version=item["version"])


def _behind_item(item: Item) -> str:
    """Return the place behind a waiting job's project; behind the job itself if 0.1 stored it, by age alone."""
    project, since = job_of(item).project, str(item["waits_since"])
    return keys.behind_project(project) if since.startswith(keys.project_line(project)) else since
