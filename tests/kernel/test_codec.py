"""How records look as JSON values, and that they come back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from chalicelib.kernel.codec import STORED, decode, decoder, encode, stored_as, stored_name
from chalicelib.kernel.engine.effects import Effect, StartStep, StopStep
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import NodeState, Run
from chalicelib.kernel.plans.plan import Plan, Policy
from chalicelib.kernel.plans.work import Approval, Wait
from tests.builders import NOON, a_gate, a_plan, a_stage, begun, finished, later, then
from tests.kernel.engine.acts import approved


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A record that holds its own kind."""

    label: str
    size: int = 1
    inner: "Box | None" = None
    others: "tuple[Box, ...]" = ()
    marks: Mapping[str, timedelta] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crate:
    """A record as an older version named it and its field."""

    label: str
    size: int = 1


@stored_as("Crate")
@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """The same record under the names of today."""

    title: str = field(metadata={STORED: "label"})
    volume: int = field(default=1, metadata={STORED: "size"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tank(Container):
    """One of its own, which is stored under its own name."""


def test_a_field_that_has_its_default_is_left_out() -> None:
    assert encode(Box, Box(label="a")) == {"label": "a"}
    assert encode(Policy, Policy(attempts=2)) == {"attempts": 2}


def test_a_record_may_hold_its_own_kind() -> None:
    box = Box(label="a", inner=Box(label="b", size=2), others=(Box(label="c"),), marks={"x": timedelta(seconds=1.5)})
    plain = encode(Box, box)
    assert plain == {"label": "a", "inner": {"label": "b", "size": 2}, "others": [{"label": "c"}], "marks": {"x": 1500}}
    assert decode(Box, plain) == box


def test_instants_are_milliseconds_and_words_are_text() -> None:
    state = NodeState(phase=Phase.RUNNING, began_at=later(0.25))
    assert encode(NodeState, state) == {"phase": "running", "began_at": 1780315200250}
    assert decode(NodeState, encode(NodeState, state)) == state


@pytest.mark.parametrize("word", ["asleep", ["running"], None])
def test_what_is_none_of_the_words_is_refused(word: object) -> None:
    with pytest.raises(ValueError, match="is not a valid Phase"):
        decode(NodeState, {"phase": word})


def test_a_member_of_a_union_carries_its_name() -> None:
    start, stop = StartStep(execution=1, node="a", attempt=1), StopStep(execution=1, node="a", attempt=1)
    assert encode(Effect, start)["_"] == "StartStep"
    assert [decoder(Effect)(encode(Effect, one)) for one in (start, stop)] == [start, stop]


def test_a_field_that_is_not_known_any_more_is_passed_over() -> None:
    assert decode(Box, {"label": "a", "colour": "red"}) == Box(label="a")


def test_a_plan_and_its_run_come_back_from_json() -> None:
    gates = (a_gate("g1", Approval(expires_after=timedelta(hours=1))), a_gate("g2", Wait(until=later(60))))
    plan = a_plan(a_stage(gates=gates))
    run = then(begun(plan), approved(), finished(), now=later(61)).run
    assert decode(Plan, json.loads(json.dumps(encode(Plan, plan)))) == plan
    assert decode(Run, json.loads(json.dumps(encode(Run, run)))) == run


def test_an_absent_value_stays_absent() -> None:
    assert encode(int | None, None) is None
    assert decoder(Box | None)(None) is None
    assert decode(type(NOON), encode(type(NOON), NOON)) == NOON


def test_a_renamed_record_is_written_under_its_stored_names() -> None:
    assert encode(Box | Container, Container(title="a", volume=2)) == {"_": "Crate", "label": "a", "size": 2}


def test_a_renamed_record_is_read_from_what_its_old_names_wrote() -> None:
    old = encode(Box | Crate, Crate(label="a", size=2))
    assert decoder(Box | Container)(old) == Container(title="a", volume=2)


def test_a_stored_name_is_not_inherited() -> None:
    assert stored_name(Container) == "Crate"
    assert stored_name(Tank) == "Tank"
    assert encode(Container | Tank, Tank(title="a")) == {"_": "Tank", "label": "a"}
