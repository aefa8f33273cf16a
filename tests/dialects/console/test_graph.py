"""The drawing of a run: nothing lies on another, lines go beside boxes, and much is folded."""

from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.dialects.console.runs.graph import HEIGHT, WIDTH, graph
from chalicelib.dialects.console.runs.view import StagePart, StepPart
from chalicelib.kernel.engine.phase import Phase
from tests.calls import calls_in


def a_step(key: str, needs: Sequence[str] = (), *, is_gate: bool = False, group: str | None = None) -> StepPart:
    return StepPart(
        address=f"1/{key}", key=key, name=key, is_gate=is_gate, phase=Phase.NEW, needs=tuple(needs), group=group
    )


def a_stage(*steps: StepPart, key: str = "build", phase: Phase = Phase.RUNNING) -> StagePart:
    return StagePart(
        key=key,
        name=key,
        environment="",
        number=1,
        attempt=1,
        phase=phase,
        reason="",
        began_at=None,
        ended_at=None,
        steps=steps,
    )


def places(stage: StagePart) -> Mapping[str, tuple[int, int]]:
    (frame,) = graph([stage]).frames
    return {box.step.key: (box.x, box.y) for box in frame.boxes}


def test_steps_stand_right_of_what_they_need() -> None:
    found = places(a_stage(a_step("a"), a_step("b", ["a"]), a_step("c", ["a", "b"])))

    assert found["a"][0] < found["b"][0] < found["c"][0]


def test_a_long_line_has_a_row_of_its_own_in_the_columns_between() -> None:
    (frame,) = graph([a_stage(a_step("a"), a_step("b", ["a"]), a_step("c", ["a", "b"]))]).frames
    straight = {f"M{box.x + WIDTH} {box.y + HEIGHT // 2}" for box in frame.boxes}

    assert len(frame.edges) == 3
    assert max(edge.path.count("C") for edge in frame.edges) == 2
    assert all(any(edge.path.startswith(begin) for begin in straight) for edge in frame.edges)


def test_gates_stand_before_steps() -> None:
    found = places(a_stage(a_step("go", is_gate=True), a_step("a")))

    assert found["go"][0] < found["a"][0]


def test_a_group_is_what_is_in_it() -> None:
    found = places(a_stage(a_step("all"), a_step("a", group="all"), a_step("b", group="all"), a_step("c", ["all"])))

    assert set(found) == {"a", "b", "c"}
    assert found["c"][0] > found["a"][0] == found["b"][0]


def test_with_over_40_nodes_what_went_well_is_one_box() -> None:
    well = a_stage(*(a_step(f"s{number}") for number in range(40)), key="well", phase=Phase.SUCCEEDED)
    first, second = graph([well, a_stage(a_step("a"))]).frames

    assert (first.folded, first.boxes) == (40, ())
    assert len(second.boxes) == 1


@given(st.lists(st.sets(st.integers(0, 11), max_size=4), min_size=1, max_size=12))
def test_no_box_lies_on_another_and_all_are_in_the_drawing(wanted: list[set[int]]) -> None:
    steps = [a_step(f"s{place}", [f"s{one}" for one in needs if one < place]) for place, needs in enumerate(wanted)]
    drawn = graph([a_stage(*steps)])
    (frame,) = drawn.frames
    corners = [(box.x, box.y) for box in frame.boxes]

    assert len(corners) == len(set(corners)) == len(steps)
    assert all(0 <= x <= drawn.width - WIDTH and 0 <= y <= drawn.height - HEIGHT for x, y in corners)


def test_a_step_among_many_costs_little_more_than_among_few() -> None:
    few, many = (a_stage(*(a_step(f"s{n}", [f"s{n - 4}"] if n > 3 else []) for n in range(size))) for size in (20, 100))

    # It was 69 times as much while each step looked through all others for what it needs.
    assert calls_in(lambda: graph([many])) <= 10 * calls_in(lambda: graph([few]))
