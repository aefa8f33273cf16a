"""What guards a protected pipeline is changed by owners alone, and the audit log shows what was changed."""

from typing import Any

import pytest

from tests.dialects.state.site import Site
from tests.dialects.state.walk import PIPELINE, PIPELINES

GATE = {"name": "cab", "type": "approval"}
SURE = {"name": "sure?", "type": "confirmation"}
STEPS: list[dict[str, Any]] = [SURE, {"name": "go", "type": "noop", "needs": ["sure?"], "environment": "staging"}]
BASE = {"name": "live", "environment": "production", "exclusive": True, "promotion": "manual", "gates": [GATE]}
PHASE: dict[str, Any] = {**BASE, "steps": STEPS}
BODY = {"name": "release", "phases": [PHASE], "protected": True}


@pytest.fixture
def site() -> Site:
    made = Site()
    made.done("POST", f"{PIPELINES}/by-project/web/add", BODY, by="olga")
    return made


@pytest.mark.parametrize(
    "phases",
    [
        [{**PHASE, "gates": []}],
        [{**PHASE, "gates": [{**GATE, "precondition": "1 == 2"}]}],
        [{**PHASE, "exclusive": False}],
        [{**PHASE, "promotion": "automatic"}],
        [{**PHASE, "steps": [{**STEPS[1], "needs": []}]}],
        [{**PHASE, "steps": [SURE, {**STEPS[1], "needs": []}]}],
        [{**PHASE, "steps": [{**SURE, "ignore_failure": True}, STEPS[1]]}],
        [{"name": "before", "steps": [{"name": "go", "type": "noop"}]}, PHASE],
        [
            {
                **PHASE,
                "steps": [*STEPS, {"name": "else", "type": "script", "script": "true", "environment": "production"}],
            }
        ],
    ],
)
def test_a_writer_takes_no_guard_away(site: Site, phases: list[dict[str, Any]]) -> None:
    before = site.get(f"{PIPELINE}/")
    body = {**BODY, "phases": phases}

    assert site.refused("PUT", f"{PIPELINE}/", body)[0] == 403
    assert site.get(f"{PIPELINE}/") == before
    site.done("PUT", f"{PIPELINE}/", body, by="olga")


WINDOW = {"name": "window", "type": "schedule", "cron": "0 0 3 * * ?"}
GROUP = {"name": "both", "type": "group", "steps": [SURE], "needs": []}
AFTER = {"name": "go", "type": "noop", "needs": ["both"], "environment": "staging"}
INNER = {"name": "go", "type": "noop", "environment": "staging"}
OTHER = {"name": "other", "type": "noop"}
INSIDE: dict[str, Any] = {"name": "inside", "type": "group", "needs": ["sure?"]}
GUARDED = [
    ("the zone of a window", {"phases": [{**PHASE, "gates": [WINDOW]}]}, {"timezone": "Asia/Tokyo"}),
    (
        "the environment that is locked",
        {"phases": [{**PHASE, "steps": [INNER]}]},
        {"phases": [{**PHASE, "environment": "staging", "steps": [INNER]}]},
    ),
    (
        "a group around a gate that may fail",
        {"phases": [{**BASE, "steps": [GROUP, AFTER]}]},
        {"phases": [{**BASE, "steps": [{**GROUP, "ignore_failure": True}, AFTER]}]},
    ),
    (
        "a group around a gate that is skipped",
        {"phases": [{**BASE, "steps": [GROUP, AFTER]}]},
        {"phases": [{**BASE, "steps": [{**GROUP, "precondition": "1 == 2"}, AFTER]}]},
    ),
    (
        "a step that runs after a no",
        {"phases": [PHASE]},
        {"phases": [{**BASE, "steps": [SURE, {**STEPS[1], "run_on_failure": True}]}]},
    ),
    (
        "a step out of the group that waits",
        {"phases": [{**BASE, "steps": [SURE, {**INSIDE, "steps": [OTHER, INNER]}]}]},
        {"phases": [{**BASE, "steps": [SURE, {**INSIDE, "steps": [OTHER]}, INNER]}]},
    ),
    (
        "what a step without a name waits for",
        {"phases": [{**BASE, "steps": [SURE, {**INNER, "name": "", "needs": ["sure?"]}, {**INNER, "name": ""}]}]},
        {"phases": [{**BASE, "steps": [SURE, {**INNER, "name": "", "needs": []}, {**INNER, "name": ""}]}]},
    ),
]


@pytest.mark.parametrize(("before", "after"), [case[1:] for case in GUARDED], ids=[case[0] for case in GUARDED])
def test_a_writer_steps_beside_no_guard(site: Site, before: dict[str, Any], after: dict[str, Any]) -> None:
    site.done("PUT", f"{PIPELINE}/", {**BODY, **before}, by="olga")

    assert site.refused("PUT", f"{PIPELINE}/", {**BODY, **before, **after})[0] == 403
    site.done("PUT", f"{PIPELINE}/", {**BODY, **before, **after}, by="olga")


@pytest.mark.parametrize("more", [{"protected": False}, {"concurrency": "queue"}])
def test_a_writer_changes_neither_the_protection_nor_the_order_of_runs(site: Site, more: dict[str, object]) -> None:
    assert site.refused("PUT", f"{PIPELINE}/", {**BODY, **more})[0] == 403
    site.done("PUT", f"{PIPELINE}/", {**BODY, **more}, by="olga")


def test_a_writer_does_not_remove_it_nor_take_an_unprotected_one_over(site: Site) -> None:
    assert site.refused("DELETE", f"{PIPELINE}/")[0] == 403
    site.done("PUT", f"{PIPELINE}/", {**BODY, "protected": False}, by="olga")
    assert site.refused("PUT", f"{PIPELINE}/", BODY)[0] == 403
    site.done("DELETE", f"{PIPELINE}/")


def test_a_writer_changes_what_the_steps_do_and_need_not_say_that_it_is_protected(site: Site) -> None:
    steps = [SURE, {**STEPS[1], "type": "wait", "seconds": 1}]
    site.done("PUT", f"{PIPELINE}/", {"phases": [{**PHASE, "steps": steps}]})
    assert site.get(f"{PIPELINE}/")["protected"] is True


def test_the_audit_log_shows_what_was_changed_of_the_guard(site: Site) -> None:
    site.done("PUT", f"{PIPELINE}/", {**BODY, "phases": [{**PHASE, "gates": []}]}, by="olga")
    (entry,) = [one for one in site.house.audits.kept.values() if one.act == "changed-pipeline"]
    assert '"name":"cab"' in entry.details["guard_before"]
    assert '"gates":[]' in entry.details["guard_after"]
