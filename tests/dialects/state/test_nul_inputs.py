"""A NUL in an input is refused wherever inputs come in: no program can be given one."""

from typing import Any

import pytest

from tests.dialects.state.site import Site
from tests.dialects.state.walk import PIPELINES, STAGING

WEB = f"{PIPELINES}/by-project/web"
NUL = "a\0b"
ERRAND = {"type": "run-errand", "errand_name": "e", "deployment": "d", "environment": "staging"}
STEP: dict[str, Any] = {"name": "go", "type": "noop"}


def pipeline(**step: object) -> dict[str, Any]:
    return {"name": "release", "triggers": [{"type": "webhook"}], "phases": [{"steps": [{**STEP, **step}]}]}


def build(**step: object) -> dict[str, Any]:
    return {"name": "app", "repo": "https://x/y.git", "steps": [step]}


@pytest.fixture
def site() -> Site:
    made = Site()
    made.done("POST", f"{WEB}/add", pipeline())
    return made


@pytest.mark.parametrize(
    ("method", "place", "body", "path"),
    [
        ("POST", f"{WEB}/by-name/release/trigger", {"inputs": {"a": NUL}}, "inputs.a"),
        ("PUT", f"{STAGING}/", {"inputs": {"a": [NUL]}}, "inputs.a"),
        ("POST", f"{STAGING}/builds/", build(variables={"a": NUL}), "steps[0].variables.a"),
        (
            "PUT",
            f"{WEB}/by-name/release/",
            pipeline(**ERRAND, errand_inputs={"a": NUL}),
            "phases[0].steps[0].errand_inputs.a",
        ),
    ],
)
def test_a_nul_is_refused(site: Site, method: str, place: str, body: object, path: str) -> None:
    status, paths = site.refused(method, place, body)
    assert status == 400
    assert path in paths


def test_a_nul_is_refused_of_a_call_by_hand_too(site: Site) -> None:
    (trigger,) = site.get(f"{WEB}/by-name/release/")["triggers"]
    place = f"{WEB}/pipelines/webhook/{trigger['webhooktoken']}"
    assert site.refused("POST", place, {"inputs": {"a": NUL}}, by="") == (400, ["inputs.a"])


def test_a_step_that_is_saved_stops_on_error_unless_it_says_otherwise(site: Site) -> None:
    for said, shown in (({}, None), ({"stop_on_error": False}, False), ({"stop_on_error": True}, None)):
        site.done("PUT", f"{WEB}/by-name/release/", pipeline(type="script", script="true", **said))
        (phase,) = site.get(f"{WEB}/by-name/release/")["phases"]
        assert phase["steps"][0].get("stop_on_error") is shown
        site.done("POST", f"{WEB}/by-name/release/trigger", {})
        (leased,) = site.house.lease()
        assert leased.job.ask.get("stop_on_error", False) is (shown is None)
