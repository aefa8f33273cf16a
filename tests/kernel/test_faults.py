"""What refusals say of themselves."""

from __future__ import annotations

import pickle

from chalicelib.kernel import faults
from chalicelib.kernel.faults import Invalid
from slipway_formats.defect import Defect


def test_an_invalid_input_tells_every_defect_with_its_place_in_order() -> None:
    fault = Invalid((Defect("name", "name is missing"), Defect("", "nothing to do")))
    assert fault.message == str(fault) == "name: name is missing; nothing to do"
    assert Invalid.single("name", "name is missing").defects == (Defect("name", "name is missing"),)


def test_a_defect_of_a_part_is_told_by_its_place_in_the_whole() -> None:
    assert Defect("cron", "x").under("steps[2]") == Defect("steps[2].cron", "x")
    assert Defect("[0]", "x").under("steps") == Defect("steps[0]", "x")
    assert Defect("", "x").under("steps") == Defect("steps", "x")


def test_the_set_of_faults_is_closed() -> None:
    assert set(faults.FAULTS) == set(faults.Fault.__subclasses__())


def test_a_fault_survives_pickling() -> None:
    for fault in (Invalid.single("a", "b"), faults.NotFound("no run 7")):
        again = pickle.loads(pickle.dumps(fault))  # noqa: S301 - our own bytes
        assert (type(again), again.message) == (type(fault), fault.message)
