"""Inputs that differ, their mark, and the digest of a change set."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.changes.canonical import digest_of
from chalicelib.kernel.changes.change_set import Between, ChangeSet, DeploymentChange
from chalicelib.kernel.changes.steps import StepChange, steps_that_differ
from chalicelib.kernel.changes.values import Difference, Given, values_that_differ
from chalicelib.kernel.plans.work import Job, JobKind
from tests.builders import a_step
from tests.laws.profiles import effort

VALUES = st.dictionaries(st.sampled_from("abc"), st.integers(0, 3) | st.text(max_size=2))
CHANGE = DeploymentChange(project="web", environment="test", deployment="app", old="1.0", new="1.1", given="x")


@effort(100)
@given(VALUES, VALUES)
def test_no_input_differs_exactly_where_marks_are_the_same(old: dict[str, object], new: dict[str, object]) -> None:
    before, now = Given(plain=old), Given(plain=new)
    assert (not values_that_differ(before, now)) is (before.mark() == now.mark())


@effort(100)
@given(VALUES, VALUES, st.sets(st.sampled_from("abc")))
def test_what_is_hidden_is_never_told(old: dict[str, object], new: dict[str, object], hidden: set[str]) -> None:
    for change in values_that_differ(Given(plain=old), Given(plain=new, hidden=hidden)):
        assert change.is_secret is (change.name in hidden)
        assert not change.is_secret or (change.old, change.new) == (None, None)


def test_a_secret_differs_by_its_reference_and_from_a_plain_value() -> None:
    kept = Given(secrets={"password": "kept/1"})
    assert values_that_differ(kept, kept) == ()
    for other, kind in (
        (Given(secrets={"password": "kept/2"}), Difference.CHANGED),
        (Given(plain={"password": "plain"}), Difference.CHANGED),
        (Given(), Difference.REMOVED),
    ):
        (change,) = values_that_differ(kept, other)
        assert (change.kind, change.is_secret, change.new) == (kind, True, None)
        assert kept.mark() != other.mark()


def test_what_is_hidden_counts_by_who_saved_it_and_not_by_its_value() -> None:
    one = Given(plain={"password": "a"}, hidden={"password"}, salt="v1")
    assert one.mark() == replace(one, plain={"password": "b"}).mark()
    assert one.mark() != replace(one, salt="v2").mark()


def test_a_digest_depends_on_no_order_of_keys() -> None:
    assert digest_of({"a": 1, "b": [1, 2]}) == digest_of({"b": [1, 2], "a": 1})


def test_what_follows_from_the_releases_is_no_part_of_the_digest() -> None:
    step = StepChange(name="s", does="it", mark="m")
    whole = ChangeSet(deployments=(CHANGE,), steps=(step,), since="run1")
    gone = StepChange(name="gone", does="it", kind=Difference.REMOVED)
    other = ChangeSet(
        deployments=(replace(CHANGE, between=Between(is_back=True)),),
        steps=(replace(step, kind=Difference.ADDED), gone),
        since="run2",
    )
    assert whole.digest == other.digest
    assert whole.digest != replace(whole, steps=(replace(step, mark="n"),)).digest
    assert whole.digest != replace(whole, deployments=(replace(CHANGE, new="1.2"),)).digest


def test_a_step_differs_by_what_it_says_and_not_by_its_place() -> None:
    script = a_step("s1", Job(kind=JobKind.SCRIPT, ask={"script": "true"}))
    moved = replace(script, key="s2", needs=("s0",), name="s1")
    assert steps_that_differ((script,), (moved,))[0].kind is None
    (alone,) = steps_that_differ((script,), None)
    assert (alone.kind, alone.does) == (None, "script on a runner of pool default")
