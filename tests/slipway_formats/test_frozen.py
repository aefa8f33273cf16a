"""Quickly made records are what the standard library's frozen ones with slots are."""

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, is_dataclass, replace
from typing import Any, ClassVar

import pytest

from slipway_formats.frozen import frozen
from tests.calls import calls_in


@frozen
class Point:
    x: int
    y: int = 2
    names: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    x: int
    y: int = 2
    names: list[str] = field(default_factory=list)


@frozen
class One:
    only: tuple[int, ...]


@frozen
class Empty:
    pass


@frozen
class Shy:
    secret: str

    def __repr__(self) -> str:
        return "Shy()"


@frozen
class Checked:
    low: int
    high: int = 9

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError("upside down")


MANY: list[Any] = [Point(x=1), One(only=(1,)), Empty(), Shy(secret="x")]


def test_it_is_shown_and_described_as_the_standard_one_is() -> None:
    assert repr(Point(x=1)).replace("Point", "Standard") == repr(Standard(x=1))
    described = [[(one.name, one.type, one.kw_only) for one in fields(kind)] for kind in (Point, Standard)]
    assert described[0] == described[1]
    assert is_dataclass(Point)
    # Its initialiser is there since a point was made.
    assert list(inspect.signature(Point).parameters) == list(inspect.signature(Standard).parameters)


def test_equal_fields_make_equal_records_of_one_kind_alone() -> None:
    assert Point(x=1, names=["a"]) == Point(x=1, y=2, names=["a"])
    assert Point(x=1) != Point(x=2)
    assert Empty() == Empty()
    others: tuple[object, ...] = (Standard(x=1), (1, 2, []))
    assert Point(x=1) not in others


def test_equal_records_have_one_hash_and_what_has_none_gives_none() -> None:
    assert hash(One(only=(1, 2))) == hash(One(only=(1, 2)))
    assert len({Empty(), Empty(), Shy(secret="x")}) == 2
    with pytest.raises(TypeError, match="unhashable"):
        hash(Point(x=1))


def test_nothing_of_it_changes() -> None:
    point: Any = Point(x=1)
    with pytest.raises(FrozenInstanceError):
        point.x = 2
    with pytest.raises(FrozenInstanceError):
        point.z = 2
    with pytest.raises(FrozenInstanceError):
        del point.x
    assert point == Point(x=1)
    assert not hasattr(point, "__dict__")


def test_fields_are_given_by_name_and_all_of_them() -> None:
    made: Any = Point
    for arguments, named in (((1,), {}), ((), {}), ((), {"x": 1, "z": 2})):
        with pytest.raises(TypeError):
            made(*arguments, **named)


def test_a_default_that_is_made_is_made_anew() -> None:
    assert Point(x=1).names is not Point(x=1).names
    assert replace(Point(x=1), y=3) == Point(x=1, y=3)


@pytest.mark.parametrize("record", MANY)
def test_copies_are_equal(record: Any) -> None:  # noqa: ANN401 - any record
    for again in (copy.copy(record), copy.deepcopy(record), pickle.loads(pickle.dumps(record))):  # noqa: S301 - our own bytes
        assert again == record
        assert again is not record


def test_a_record_s_own_manner_of_being_shown_stays() -> None:
    assert repr(Shy(secret="x")) == "Shy()"


def test_a_record_that_checks_itself_is_made_only_where_it_is_right() -> None:
    assert Checked(low=3).high == 9
    with pytest.raises(ValueError, match="upside down"):
        Checked(low=3, high=2)
    with pytest.raises(ValueError, match="upside down"):
        replace(Checked(low=3), low=10)


@frozen
class Spot(Point):
    y: int = 3
    z: int


def test_a_record_of_a_record_has_its_fields_first_and_may_give_them_other_defaults() -> None:
    assert [(one.name, one.default) for one in fields(Spot) if one.name == "y"] == [("y", 3)]
    assert [one.name for one in fields(Spot)] == ["x", "y", "names", "z"]
    assert repr(Spot(x=1, z=4)) == "Spot(x=1, y=3, names=[], z=4)"
    assert replace(Spot(x=1, z=4), x=2) == Spot(x=2, z=4)
    assert Spot(x=1, z=4) != Spot(x=1, z=5)
    assert pickle.loads(pickle.dumps(Spot(x=1, z=4))) == Spot(x=1, z=4)  # noqa: S301 - our own bytes
    assert not hasattr(Spot(x=1, z=4), "__dict__")


def test_what_is_annotated_and_no_field_is_refused() -> None:
    @frozen
    class Counted:
        low: int
        known: ClassVar[int] = 3

    with pytest.raises(TypeError, match="Counted: all annotations of a record are fields"):
        Counted(low=1)


def test_creating_a_class_of_records_costs_little() -> None:
    def created() -> None:
        frozen(type("Wide", (), {"__annotations__": dict.fromkeys("abcdefghijklmnopqrstuvwxyz", int)}))

    # The standard library alone makes over 400 for such a class, and compiles.
    assert calls_in(created) < 20


def test_showing_a_record_costs_one_call_from_the_second_on() -> None:
    shown = repr(Spot(x=1, z=4))
    point = Spot(x=1, z=4)

    assert (calls_in(lambda: repr(point)), repr(point)) == (2, shown)
