"""Inputs that no run could hold are refused wherever inputs come in, when they are saved."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.dialects.state.site import Site
from tests.dialects.state.walk import JOBS, PIPELINES, STAGING
from tests.dialects.state.walk_projects import WEB as PROJECT

WEB = f"{PIPELINES}/by-project/web"
NUL = "a\0b"
ERRAND = {"type": "run-errand", "errand_name": "e", "deployment": "d", "environment": "staging"}
STEP: dict[str, Any] = {"name": "go", "type": "noop"}


def pipeline(**step: object) -> dict[str, Any]:
    return {"name": "release", "triggers": [{"type": "webhook"}], "phases": [{"steps": [{**STEP, **step}]}]}


def build(**step: object) -> dict[str, Any]:
    return {"name": "app", "repo": "https://x/y.git", "steps": [step]}


def job(**settings: object) -> dict[str, Any]:
    return {"environment": "staging", "deployment": "door", "release": "ns/door", **settings}


@pytest.fixture
def site() -> Site:
    made = Site()
    made.done("POST", f"{WEB}/add", pipeline())
    return made


def import_of(inputs: dict[str, object]) -> dict[str, Any]:
    return {"environments": {"lent": {"inputs": inputs}}}


SAVING = [
    ("POST", f"{WEB}/by-name/release/trigger", lambda given: {"inputs": given}, "inputs"),
    ("PUT", f"{STAGING}/", lambda given: {"inputs": given}, "inputs"),
    ("POST", f"{STAGING}/builds/", lambda given: build(variables=given), "steps[0].variables"),
    ("POST", f"{JOBS}/by-project/web/add", lambda given: job(inputs=given), "inputs"),
    (
        "PUT",
        f"{WEB}/by-name/release/",
        lambda given: pipeline(**ERRAND, errand_inputs=given),
        "phases[0].steps[0].errand_inputs",
    ),
    ("POST", f"{PROJECT}/import-environments", import_of, "environments.lent.inputs"),
]
UNFIT: list[tuple[dict[str, Any], str]] = [
    ({"a": NUL}, ".a"),
    ({"a": {"secret": NUL}}, ".a"),
    ({"a": "x" * 130_000}, ".a"),
    ({f"a{number}": "x" * 90_000 for number in range(5)}, ""),
    ({"a=b": "c"}, ".a=b"),
]


@pytest.mark.parametrize(("method", "place", "body", "path"), SAVING)
@pytest.mark.parametrize(("given", "inner"), UNFIT)
def test_what_no_run_could_hold_is_refused(
    site: Site, method: str, place: str, body: Callable[[object], object], path: str, given: dict[str, Any], inner: str
) -> None:
    if place.endswith("/trigger") and inner in (".a=b",):
        return  # of a pipeline, no program is given them
    status, paths = site.refused(method, place, body(given))
    assert (status, f"{path}{inner}" in paths) == (400, True), paths


@pytest.mark.parametrize(("method", "place", "body", "path"), SAVING[2:4])
def test_what_a_run_would_hold_too_often_is_refused_when_it_is_saved(
    site: Site, method: str, place: str, body: Callable[[object], object], path: str
) -> None:
    status, paths = site.refused(method, place, body({"a": "x" * 99_000, "b": "x" * 99_000}))
    assert (status, paths) == (400, [path.partition("[")[0]])


def test_what_no_run_could_hold_is_refused_of_a_call_by_hand_too(site: Site) -> None:
    (trigger,) = site.get(f"{WEB}/by-name/release/")["triggers"]
    place = f"{WEB}/pipelines/webhook/{trigger['webhooktoken']}"
    for given in (NUL, "x" * 130_000):
        assert site.refused("POST", place, {"inputs": {"a": given}}, by="") == (400, ["inputs.a"])


def test_a_step_that_is_saved_stops_on_error_unless_it_says_otherwise(site: Site) -> None:
    for said, shown in (({}, None), ({"stop_on_error": False}, False), ({"stop_on_error": True}, None)):
        site.done("PUT", f"{WEB}/by-name/release/", pipeline(type="script", script="true", **said))
        (phase,) = site.get(f"{WEB}/by-name/release/")["phases"]
        assert phase["steps"][0].get("stop_on_error") is shown
        site.done("POST", f"{WEB}/by-name/release/trigger", {})
        (leased,) = site.house.lease()
        assert leased.job.ask.get("stop_on_error", False) is (shown is None)
