"""Folders of jobs that are over are removed beside the jobs that follow, and these have their slots."""

from __future__ import annotations

import threading
from pathlib import Path

from slipway.runner.cleaner import Cleaner
from slipway.runner.job_records import Job, Lease
from slipway.runner.leases.held import Held, held_since
from slipway.runner.leases.slots import Slots
from slipway.runner.sandbox.walls import scratch_of


def a_folder(work: Path, name: str) -> Path:
    folder = work / name
    for each in (folder, scratch_of(folder)):
        (each / "inner").mkdir(parents=True)
        (each / "inner" / "file").write_text("x")
    return folder


def a_held(name: str) -> Held:
    job = Job(id=name, run="r", kind="script", project="web", environment="", name=name, attempt=1)
    return held_since(Lease(job=job, token="t", number=1), 0.0, 5.0)


def test_when_it_is_closed_nothing_waits_any_more(tmp_path: Path) -> None:
    said: list[str] = []
    folders = [a_folder(tmp_path, f"job-{number}") for number in range(9)]
    cleaner = Cleaner(tmp_path, said.append, most=2)

    for folder in folders:
        cleaner.remove_soon(folder.name)
    cleaner.close()

    assert (list(tmp_path.iterdir()), said) == ([], [])


def test_what_is_gone_already_keeps_no_other(tmp_path: Path) -> None:
    said: list[str] = []
    other = a_folder(tmp_path, "job-1")
    cleaner = Cleaner(tmp_path, said.append, most=2)

    cleaner.remove_soon("job-0")
    cleaner.remove_soon("job-1")
    cleaner.close()

    assert (other.exists(), said) == (False, [])


def test_whoever_follows_a_lease_has_its_slot_at_once() -> None:
    slots = Slots(1, None)
    first, second = a_held("one"), a_held("two")
    rooms: list[int] = []
    slots.take(first)
    waiting = threading.Thread(target=lambda: rooms.append(slots.await_room()), daemon=True)
    waiting.start()

    slots.take(second, first)

    assert (slots.held, slots.busy, slots.passes_on, rooms) == ((second,), 1, True, [])
    slots.close()
    waiting.join()
    assert rooms == [0]
