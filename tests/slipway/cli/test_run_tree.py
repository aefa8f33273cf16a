"""A run is drawn whole: every phase with its mark, times, waits, reasons, groups and runs within it."""

from datetime import UTC, timedelta
from typing import Any

import pytest

from slipway.cli.runs.changes import changes
from slipway.cli.runs.tree import Look, tree, tree_line_of
from slipway.cli.runs.view import Family, run_view
from slipway.cli.show.phases import LOOKS
from tests.slipway.cli.recorded_api import RecordedApi, Shell
from tests.slipway.cli.runs import NOON, a_node, a_run, a_stage, at

DRAWING = Look(now=NOON + timedelta(seconds=42), zone=UTC)
ASCII = Look(now=NOON + timedelta(seconds=42), zone=UTC, ascii=True)


def a_family(run: dict[str, Any], *children: dict[str, Any]) -> Family:
    return Family(run=run_view(run), children={one["id"]: run_view(one) for one in children}, shown=run)


def drawn(run: dict[str, Any], *children: dict[str, Any], look: Look = DRAWING) -> str:
    return tree(a_family(run, *children), look).plain


def a_gate(name: str, phase: str = "new", *, took: tuple[float, float] | None = None, **more: object) -> dict[str, Any]:
    return a_node(name, phase, took=took, kind="gate", work="Approval", **more)


def a_job_run(phase: str, **more: object) -> dict[str, Any]:
    step = a_node("deploy", phase, took=(20, 26), log="J1")
    return a_run(phase, a_stage("job", phase, step), **{"id": "C1", "kind": "deployment-job", **more})


def test_a_running_run_shows_what_was_what_is_and_what_will_be() -> None:
    make = a_node("make", "succeeded", took=(0, 12.34), outputs={"release": "shop/app-v1.0"})
    run = a_run(
        "running",
        a_stage("build", "succeeded", make, ended_at=at(12.5)),
        a_stage("staging", "running", a_node("web", "running", child="C1", took=(14, 0)), a_node("smoke"), number=2),
        a_stage("production", "new", a_gate("go"), a_node("deploy")),
        releases=["shop/app-v1.0"],
    )

    assert drawn(run, a_job_run("running")).split("\n") == [
        "● shop/delivery#7       42.0 s  running, shop/app-v1.0, by ann",
        "├─ ✓ build              12.5 s",
        "│  └─ ✓ make            12.3 s  shop/app-v1.0",
        "├─ ● staging            42.0 s",
        "│  ├─ ● web             28.0 s",
        "│  │  └─ ● deploy       22.0 s",
        "│  └─ · smoke",
        "└─ · production",
        "   ├─ · go",
        "   └─ · deploy",
    ]


def test_gates_say_for_whom_and_until_when_they_wait() -> None:
    night = a_node("night", "waiting-time", kind="gate", work="Schedule", took=(40, 0), opens_at=at(3642))
    run = a_run("gates", a_stage("production", "gates", a_gate("go", "waiting-person", took=(2, 0)), night))

    assert drawn(run).split("\n") == [
        "◇ shop/delivery#7       42.0 s  at its gates, by ann",
        "└─ ◇ production         42.0 s  at its gates",
        "   ├─ ◆ go              40.0 s  waits for a person",
        "   └─ ◷ night            2.0 s  opens at 13:00:42 UTC, in 1 h 00 min",
    ]


def test_a_child_run_says_in_which_step_of_which_run_it_is() -> None:
    parent = {"run": "R0", "execution": 1, "node": "s1", "attempt": 1, "waits": True}
    assert drawn(a_run("running", parent=parent)).endswith("42.0 s  running, by ann, in step s1 of run R0")


def test_a_step_says_how_long_its_job_was_in_line_and_whose_it_became() -> None:
    def a_job(leased: float | None) -> dict[str, Any]:
        return {"queued_at": at(0), "leased_at": at(leased) if leased is not None else None, "runner": "gpu-1"}

    jobs = [a_node(name, "running", job=a_job(leased)) for name, leased in (("a", 12), ("b", 0.5), ("c", None))]
    assert drawn(a_run("running", a_stage("staging", "running", *jobs))).split("\n")[2:] == [
        "   ├─ ● a               42.0 s  in line for 12.0 s, then on gpu-1",
        "   ├─ ● b               42.0 s",
        "   └─ ● c               42.0 s",
    ]


def test_endings_say_why() -> None:
    rejected = a_gate("go", "rejected", reason="rejected by bob: not today")
    run = a_run(
        "rejected",
        a_stage("staging", "failed", a_node("smoke", "failed", attempt=3, reason="exit code 1"), reason="smoke failed"),
        a_stage("staging", "succeeded", a_node("smoke", "overridden"), number=2, attempt=2),
        a_stage("production", "rejected", rejected, number=3),
        reason="go was rejected",
    )

    assert drawn(run).split("\n") == [
        "⊘ shop/delivery#7          1 min 00 s  rejected, go was rejected, by ann",
        "├─ ✗ staging                    5.0 s  failed, smoke failed",
        "│  └─ ✗ smoke                   1.0 s  failed, exit code 1, attempt 3",
        "├─ ✓ staging (attempt 2)        5.0 s",
        "│  └─ ↷ smoke                   1.0 s  overridden",
        "└─ ⊘ production                 5.0 s  rejected",
        "   └─ ⊘ go                      1.0 s  rejected by bob: not today",
    ]


def test_a_superseded_run_says_by_which() -> None:
    run = a_run("superseded", a_stage("production", "superseded", a_gate("go")), reason="by run 8 at production")

    assert drawn(run).startswith("» shop/delivery#7   1 min 00 s  superseded, by run 8 at production, by ann\n")


def test_steps_hang_on_their_group_and_a_pipeline_hangs_whole_on_its_step() -> None:
    steps = (
        a_node("all", "running", work="Group", key="s1"),
        a_node("one", group="s1"),
        a_node("two", "running", child="P2"),
    )
    child = a_run("running", a_stage("a", "succeeded"), a_stage("b", "new"), id="P2", name="other", run_nr=3)

    assert drawn(a_run("running", a_stage("s", "running", *steps)), child).split("\n")[2:] == [
        "   ├─ ● all                   42.0 s",
        "   │  └─ · one",
        "   └─ ● two                   42.0 s",
        "      └─ ● shop/other#3       42.0 s",
        "         ├─ ✓ a                5.0 s",
        "         └─ · b",
    ]


@pytest.mark.parametrize("phase", [*LOOKS, "of-a-later-platform"])
def test_every_phase_can_be_drawn_in_any_place(phase: str) -> None:
    run = a_run(phase, a_stage("s", phase, a_node("n", phase)))

    lines = drawn(run).split("\n")
    poor = drawn(run, look=ASCII)

    assert len(lines) == 3
    assert poor.isascii()


def test_names_and_reasons_cannot_command_the_terminal() -> None:
    run = a_run(
        "failed", a_stage("s\x1b]0;owned\x07", "failed", a_node("n\nm", "failed", reason="\x1b[2Jgone\r\x9b1m"))
    )

    text = drawn(run)

    assert not set(text) & {"\x1b", "\x07", "\r", "\x9b"}
    assert len(text.split("\n")) == 3


def test_a_run_that_names_itself_as_its_child_is_drawn_to_an_end() -> None:
    run = a_run("running", a_stage("s", "running", a_node("n", "running", child="R1")))

    assert drawn(run, run).count("n") < 100


def test_changes_tell_each_phase_once() -> None:
    before = a_run("running", a_stage("s", "running", a_node("n", "running"), a_node("n"), a_node("m")))
    after = a_run(
        "failed", a_stage("s", "failed", a_node("n", "succeeded"), a_node("n"), a_node("m", "failed", reason="no"))
    )
    first, second = tree_line_of(a_family(before), DRAWING), tree_line_of(a_family(after), DRAWING)

    assert changes(None, first, DRAWING) == [
        "12:00:42 ● shop/delivery#7: running (by ann)",
        "12:00:42 ● s: running",
        "12:00:42 ● s / n: running",
    ]
    assert changes(first, first, DRAWING) == []
    assert changes(first, second, DRAWING) == [
        "12:01:00 ✗ shop/delivery#7: failed after 1 min 00 s (by ann)",
        "12:00:05 ✗ s: failed after 5.0 s",
        "12:00:01 ✓ s / n: succeeded after 1.0 s",
        "12:00:01 ✗ s / m: failed after 1.0 s (no)",
    ]


def test_a_tree_says_in_short_why_what_waits_is_not_further(api: RecordedApi, slipway: Shell) -> None:
    gate = a_node("go", "waiting-person", key="g1", kind="gate")
    step = a_node("say", "queued", key="s1", child="R2")
    done = a_node("old", "failed", key="s0", reason="it broke; badly")
    shown = a_run("running", a_stage("ship", "gates", gate, step, done))
    child = a_run("running", a_stage("job", "running", a_node("build", "queued", key="b")), id="R2")
    holds = [
        a_hold("R1", "g1", "waits for 1 approval by team sre; given by ann"),
        a_hold("R2", "b", "no runner of pool gpu is up; the last was seen 2 h ago"),
        a_hold("R1", "s0", "it broke"),
        {**a_hold("R1", "", "waits for another run"), "execution": 1},
    ]
    api.on("GET /api/v1/runs/R1", {**shown, "explain": {"holds": holds}})
    api.on("GET /api/v1/runs/R2", child)

    said = slipway("run", "show", "R1").stdout

    assert dict(api.asked[0].query) == {"explain": "true", "times": "true"}
    for line in ("waits for 1 approval by team sre", "no runner of pool gpu is up", "waits for another run", "badly"):
        assert line in said
    assert "given by ann" not in said
    assert "waits for a person" not in said


def a_hold(run: str, node: str, reason: str) -> dict[str, object]:
    return {"run": run, "execution": 1, "node": node, "reason": reason, "kind": "approval"}
