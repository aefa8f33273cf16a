"""A journal is read back in its order up to where it was torn; a snapshot replaces it, a spoiled one loses nothing."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.emulator.journal import folder as folders
from infra.local.emulator.journal.commits import Commits
from infra.local.emulator.journal.file import Change, JournalFile, batch_of, batches_in, changes_in, cut_torn_end
from infra.local.emulator.journal.folder import JournalFolder

CHANGES = st.builds(Change, st.tuples(st.text(), st.text()), st.binary())


def written(folder: JournalFolder, *names: str) -> None:
    for name in names:
        folder.current().append(batch_of([Change((name,), name.encode())]))


def names_in(folder: JournalFolder) -> list[str]:
    return [change.head[0] for change in folder.changes() if change != folders.END]


def snapshot(folder: JournalFolder, *names: str) -> int:
    number = folder.begin()
    folder.write_snapshot(number, [[Change((name,))] for name in names])
    folder.adopt(number)
    return number


@given(changes=st.lists(CHANGES, min_size=1))
def test_a_batch_is_read_back_as_it_was_written(changes: Sequence[Change]) -> None:
    content = batch_of(changes)[8:]

    assert [*changes_in(content)] == changes


@pytest.mark.parametrize("left", range(1, 28))
def test_a_torn_batch_is_cut_off_wherever_it_was_torn(tmp_path: Path, left: int) -> None:
    path = tmp_path / "torn"
    whole, torn = batch_of([Change(("one",), b"first")]), batch_of([Change(("two",), b"second")])
    path.write_bytes(whole + torn[: min(left, len(torn) - 1)])

    cut_torn_end(path)

    assert path.read_bytes() == whole


def test_a_batch_whose_sum_is_wrong_is_the_end(tmp_path: Path) -> None:
    path = tmp_path / "spoiled"
    first, second = batch_of([Change(("one",), b"first")]), batch_of([Change(("two",), b"second")])
    path.write_bytes(first + second[:-1] + b"?")

    assert len([*batches_in(path)]) == 1


def test_changes_come_in_their_order_from_snapshot_and_journals(tmp_path: Path) -> None:
    folder = JournalFolder(tmp_path)
    snapshot(folder, "base")
    written(folder, "a", "b")
    folder = JournalFolder(tmp_path)
    folder.begin()
    written(folder, "c")

    assert names_in(JournalFolder(tmp_path)) == ["base", "a", "b", "c"]


def test_what_is_written_after_a_torn_end_is_read(tmp_path: Path) -> None:
    folder = JournalFolder(tmp_path)
    snapshot(folder, "base")
    written(folder, "a")
    folder.current().append(batch_of([Change(("torn",))])[:-3])
    folder = JournalFolder(tmp_path)
    folder.begin()
    written(folder, "b")

    assert names_in(JournalFolder(tmp_path)) == ["base", "a", "b"]


def test_a_new_snapshot_replaces_what_came_before_the_last_one(tmp_path: Path) -> None:
    folder = JournalFolder(tmp_path)
    numbers = [snapshot(folder, str(life)) for life in range(4)]
    written(folder, "a")

    assert names_in(JournalFolder(tmp_path)) == ["3", "a"]
    left = sorted(tmp_path.iterdir())
    assert [int(one.stem) for one in left] == [numbers[2], numbers[2], numbers[3], numbers[3]]


@pytest.mark.parametrize("left", [0, 20, -1])
def test_a_spoiled_snapshot_loses_nothing(tmp_path: Path, left: int) -> None:
    folder = JournalFolder(tmp_path)
    snapshot(folder, "base")
    written(folder, "a")
    number = snapshot(folder, "base", "a")
    written(folder, "b")
    path = tmp_path / f"{number:010d}.snapshot"
    path.write_bytes(path.read_bytes()[:left])

    assert names_in(JournalFolder(tmp_path)) == ["base", "a", "b"]


def test_a_snapshot_that_was_not_finished_is_not_there(tmp_path: Path) -> None:
    folder = JournalFolder(tmp_path)
    snapshot(folder, "base")
    number = folder.begin()
    (tmp_path / f".unfinished-{number:010d}.snapshot").write_bytes(b"half")
    written(folder, "a")

    assert names_in(JournalFolder(tmp_path)) == ["base", "a"]
    assert not list(tmp_path.glob(".unfinished*"))


def test_a_snapshot_is_due_once_the_journals_are_longer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "LEAST", 500)
    folder = JournalFolder(tmp_path)
    snapshot(folder, "base")
    dues = []
    for number in range(20):
        written(folder, f"change {number}")
        dues.append(folder.has_outgrown())
    folder = JournalFolder(tmp_path)
    folder.begin()
    is_due_after_start = folder.has_outgrown()
    snapshot(folder, "base")

    assert dues == sorted(dues)
    assert not dues[0]
    assert dues[-1]
    assert is_due_after_start
    assert not folder.has_outgrown()


class Slow:
    """A disk that notes what it does."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def append(self, batch: bytes) -> None:
        self.done.append(f"append {[change.head[0] for change in changes_in(batch[8:])]}")

    def sync(self) -> None:
        self.done.append("sync")


async def noted(commits: Commits, disk: Slow, names: Sequence[str]) -> list[str]:
    """What the disk has done when the changes have settled."""
    commits.start()
    for name in names:
        commits.note(Change((name,)))
    await commits.settled()
    return [*disk.done]


def test_changes_of_one_moment_are_one_batch_which_is_written_before_it_settles() -> None:
    disk = Slow()

    done = asyncio.run(noted(Commits(lambda: disk, is_strict=False), disk, ["a", "b"]))

    assert done == ["append ['a', 'b']"]


def test_where_that_is_wanted_it_settles_when_it_is_synced() -> None:
    disk = Slow()

    done = asyncio.run(noted(Commits(lambda: disk, is_strict=True), disk, ["a", "b"]))

    assert done == ["append ['a', 'b']", "sync"]


def test_what_nobody_waits_for_is_written_at_once_and_synced_soon() -> None:
    disk = Slow()

    async def note() -> None:
        commits = Commits(lambda: disk, is_strict=False)
        commits.start()
        commits.note(Change(("a",)))
        await asyncio.sleep(0)
        assert disk.done == ["append ['a']"]
        await asyncio.sleep(0.2)

    asyncio.run(note())

    assert disk.done == ["append ['a']", "sync"]


def test_a_file_can_be_closed_and_is_whole(tmp_path: Path) -> None:
    file = JournalFile(tmp_path / "one")
    file.append(batch_of([Change(("a",))]))
    file.sync()
    file.close()

    assert [*next(iter(map(changes_in, batches_in(tmp_path / "one"))))] == [Change(("a",))]
