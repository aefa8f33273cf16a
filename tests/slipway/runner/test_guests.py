"""A runner that is full still takes one job at a time of each project of which it runs none."""

from __future__ import annotations

from dataclasses import replace

from slipway.runner.settings import read
from tests.slipway.runner.conftest import FAST, Start
from tests.slipway.runner.platform import Platform

# A full runner asks for guests at once.
EAGER = replace(FAST, still=0.0)


def test_a_project_that_takes_all_slots_holds_up_no_other(platform: Platform, start: Start) -> None:
    sleeping = [platform.script("sleep 30") for _ in range(4)]
    start(EAGER, slots=2, guests=1)
    platform.wait(lambda: [job.phase for job in sleeping].count("leased") == 2)

    guest = platform.script("echo I am in", project="other")
    platform.await_end(guest)

    assert [job.phase for job in sleeping].count("leased") == 2
    for job in sleeping:
        job.cancel = True


def test_a_guest_has_no_second_job_beside_its_first(platform: Platform, start: Start) -> None:
    jobs = [platform.script("sleep 30") for _ in range(2)]
    start(EAGER, slots=2, guests=2)
    platform.wait(lambda: all(job.phase == "leased" for job in jobs))

    guests = [platform.script("sleep 30", project="other") for _ in range(2)]
    third = platform.script("true", project="third")
    platform.await_end(third)

    assert [job.phase for job in guests] == ["leased", "waiting"]
    for job in (*jobs, *guests):
        job.cancel = True


def test_a_slot_that_frees_beside_a_guest_stays_free(platform: Platform, start: Start) -> None:
    short, long, waiting = platform.script("sleep 1"), platform.script("sleep 30"), platform.script("true")
    start(EAGER, slots=2, guests=1)
    platform.wait(lambda: short.phase == long.phase == "leased")
    guest = platform.script("sleep 30", project="other")

    platform.await_end(short)
    platform.wait(lambda: guest.phase == "leased")

    assert waiting.phase == "waiting"
    for job in (long, guest):
        job.cancel = True


def test_half_as_many_guests_as_slots_are_usual() -> None:
    told = [read(["--slots", slots, *more], {}).guests for slots, more in (("8", []), ("1", []), ("8", ["--guests=0"]))]

    assert told == [4, 0, 0]
