"""Updating a job: what this process remembers of it may be out of date, and makes no difference."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.engine import job as kernel
from chalicelib.kernel.engine.job import LEASE, Job
from chalicelib.kernel.faults import Conflict
from chalicelib.use_cases.effects.update_job import update_job
from tests.builders import NOON, later
from tests.store.runs.test_jobs import a_job
from tests.use_cases.house import House


def leased(house: House) -> Job:
    """A leased job, which is remembered so."""
    held = house.jobs.save(kernel.leased(house.jobs.create(a_job()), "runner", "token", "nonce", now=NOON, began=False))
    house.jobs.remembered[held.id] = held
    return held


def renewed(job: Job) -> Job:
    return kernel.renewed(job, "token", 1, now=later(5), began=True)


def test_a_remembered_job_is_saved_without_a_read(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    held = leased(house)
    monkeypatch.delattr(type(house.jobs), "job")
    assert update_job(house.ports, held.id, renewed) == replace(renewed(held), version=held.version + 1)


def test_a_job_that_was_cancelled_meanwhile_stays_so() -> None:
    house = House()
    held = leased(house)
    house.jobs.save(replace(held, cancel=True))
    assert update_job(house.ports, held.id, renewed).cancel


def test_a_lease_that_seems_lost_is_looked_up() -> None:
    house = House()
    held = leased(house)
    assert held.lease is not None
    house.jobs.remembered[held.id] = replace(held, lease=replace(held.lease, until=NOON - LEASE))
    assert update_job(house.ports, held.id, renewed).lease == replace(
        held.lease, until=later(5) + LEASE, began=True, began_at=later(5)
    )


def test_a_lease_that_is_lost_is_refused_whatever_is_remembered() -> None:
    house = House()
    held = leased(house)
    house.jobs.save(replace(held, phase=kernel.JobPhase.WAITING, lease=None))
    with pytest.raises(Conflict):
        update_job(house.ports, held.id, renewed)


def test_a_change_that_is_there_already_is_not_saved_again() -> None:
    house = House()
    held = leased(house)
    after = update_job(house.ports, held.id, lambda job: replace(job, timeout=timedelta(hours=1)))
    house.jobs.remembered[held.id] = after
    assert update_job(house.ports, held.id, lambda job: replace(job, timeout=timedelta(hours=1))) == after
