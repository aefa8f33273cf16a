"""The train of snapshots that nobody planned: it never ends, and each snapshot has its own pipeline."""

from dataclasses import replace

import pytest

from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.trains.completion import is_earlier, next_number
from chalicelib.kernel.trains.snapshot import pipeline_name
from chalicelib.kernel.trains.transitions import Wanted, cancelled, created, delivered, entered, titled
from chalicelib.kernel.trains.travel import line_of, train_in
from tests.builders import NOON
from tests.kernel.trains.given import CANCELLED, TEST, a_snapshot, a_train

UNPLANNED = replace(a_train(""), pipeline="", sequence=0)
WANTED = Wanted(pipeline="Nightly", by="ada", at=NOON)


def test_a_snapshot_that_nobody_planned_has_its_own_pipeline_and_another_that_of_its_train() -> None:
    changed = created(UNPLANNED, WANTED)

    assert pipeline_name(changed.train, changed.snapshot) == "Nightly"
    assert entered(changed.train, changed.snapshot, TEST).snapshot.furthest == TEST
    planned = created(a_train(), WANTED)
    assert pipeline_name(planned.train, planned.snapshot) == planned.train.pipeline
    assert planned.snapshot.pipeline == ""


def test_a_train_that_nobody_planned_is_neither_cancelled_nor_delivered() -> None:
    with pytest.raises(Conflict, match="application web/web that belong to no train"):
        cancelled(UNPLANNED, CANCELLED)
    assert delivered(UNPLANNED, "ada", NOON) is UNPLANNED
    assert titled(UNPLANNED) == "application web/web"


def test_no_train_comes_before_or_after_one_that_nobody_planned() -> None:
    assert not is_earlier(a_train(), UNPLANNED)
    assert not is_earlier(UNPLANNED, a_train())
    assert next_number(UNPLANNED) is None


def test_a_snapshot_supersedes_those_of_its_own_pipeline_alone() -> None:
    nightly, hotfix = line_of(10_001, 10_002, "Nightly"), line_of(10_001, 10_003, "hot/fix")

    assert nightly.name != hotfix.name != line_of(10_001, 10_004).name
    assert nightly.name == line_of(10_001, 10_005, "NIGHTLY").name
    assert [train_in(line) for line in (nightly, hotfix, line_of(10_001, 10_004))] == [10_001] * 3
    assert a_snapshot().snapshot.pipeline == ""
