"""The steps of a build, from the State Service and from the repository."""

import pytest

from slipway.perform.build import Checkout, release
from slipway.perform.steps import read, read_file
from slipway.plan.defects import PlanError
from slipway_formats.build_step import BuildStep
from tests.slipway.perform.workplace import Workplace

YML = "escapekit_version: 1\nbuild:\n  steps:\n  - {escape_plan_location: a/escape.yml, tag_git: true}\n  - {}\n"


def test_a_step_of_the_service_is_read_with_its_defaults() -> None:
    raw = {"plan_location": "x.yml", "run_tests": False, "providers": {"db": "pg"}, "variables": {"a": "b"}, "new": 1}
    assert read(raw) == BuildStep(plan_location="x.yml", run_tests=False, providers={"db": "pg"}, variables={"a": "b"})


def test_the_repository_s_steps_are_read() -> None:
    assert read_file(YML) == (BuildStep(plan_location="a/escape.yml", tag_git=True), BuildStep())


def test_globs_of_the_repository_s_steps_that_cannot_be_read_are_told_by_their_place() -> None:
    with pytest.raises(PlanError) as raised:
        read_file("escapekit_version: 1\nbuild: {steps: [{ignore_file_changes: [ok, '[a']}]}\n")
    assert [defect.path for defect in raised.value.defects] == ["build.steps[0].ignore_file_changes[1]"]


def test_what_is_wrong_with_the_repository_s_steps_is_said_at_once() -> None:
    with pytest.raises(PlanError) as raised:
        read_file("escapekit_version: 2\nbuild: {steps: [{frob: 1, plan_location: ../x, run_build: maybe}]}\n")
    assert [defect.path for defect in raised.value.defects] == [
        "escapekit_version", "build.steps[0].frob", "build.steps[0].plan_location", "build.steps[0].run_build",
    ]  # fmt: skip


def test_the_steps_of_a_repository_are_performed_one_by_one(place: Workplace) -> None:
    files = {
        "escapekit.yml": "escapekit_version: 1\nbuild: {steps: [{plan_location: a/p.yml}, {plan_location: b/p.yml}]}",
        "a/p.yml": "name: demo/aa\nversion: '@'\nbuild: echo a",
        "b/p.yml": "name: demo/bb\nversion: 1.@\ndepends: [demo/aa-latest]\nbuild: echo b",
    }
    checkout = Checkout(folder=place.folder("", files))
    made = release(None, checkout, place.site, place.bench)
    assert [result.release_id for result in made] == ["demo/aa-v0", "demo/bb-v1.0"]
    assert place.said == ["a", "b"]
