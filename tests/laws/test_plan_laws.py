"""Laws of definitions and plans: cycles are found wherever they are, and what was defined is kept as it was."""

from graphlib import CycleError, TopologicalSorter

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel import codec
from chalicelib.kernel.definitions.compile_pipeline import pipeline_defects
from chalicelib.kernel.definitions.definition import Definition
from chalicelib.kernel.definitions.pipeline import PipelineStep, StepType
from slipway_formats import glob
from tests.kernel.definitions.given import a_build, a_job, a_phase, a_pipeline, a_run_ask, noop

NAMES = "abcdefgh"
NEEDS = st.dictionaries(st.sampled_from(NAMES), st.sets(st.sampled_from(NAMES), max_size=3), max_size=8)
TEXT = st.text(alphabet="ab*?/[]!-\\.", max_size=12)


def can_be_walked(needs: dict[str, set[str]]) -> bool:
    try:
        TopologicalSorter(needs).prepare()
    except CycleError:
        return False
    return True


@given(needs=NEEDS)
def test_a_cycle_is_told_exactly_where_there_is_one(needs: dict[str, set[str]]) -> None:
    steps = [noop(name, *sorted(needs.get(name, ()))) for name in NAMES]
    assert (pipeline_defects(a_pipeline(a_phase(*steps)), a_run_ask()) == ()) is can_be_walked(needs)


@given(needs=NEEDS)
def test_a_group_around_steps_changes_nothing_of_their_order(needs: dict[str, set[str]]) -> None:
    steps = tuple(noop(name, *sorted(needs.get(name, ()))) for name in NAMES)
    group = PipelineStep(name="around", type=StepType.GROUP, steps=steps)
    assert (pipeline_defects(a_pipeline(a_phase(group)), a_run_ask()) == ()) is can_be_walked(needs)


@given(pattern=TEXT, path=st.text(alphabet="ab/.", min_size=1, max_size=12))
def test_a_glob_that_can_be_read_always_answers(pattern: str, path: str) -> None:
    if glob.check(pattern, "g") == ():
        assert glob.matches(pattern, path) in (True, False)


@given(path=st.text(alphabet="ab/.-_", min_size=1, max_size=20).filter(lambda text: text.strip("/")))
def test_two_stars_mean_every_path(path: str) -> None:
    assert glob.matches("**", path)


def test_encoding_a_definition_and_decoding_it_gives_it_back() -> None:
    kind: type = Definition  # type: ignore[assignment]  # a union, which the codec takes as a kind
    for definition in (a_build(), a_job(), a_pipeline()):
        assert codec.decode(kind, codec.encode(kind, definition)) == definition
