"""The JSON Schema of a pipeline file takes what the platform takes, and refuses what it refuses, with the place."""

from collections.abc import Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chalicelib.dialects.state.pipelines.reference import GATES, STEPS, TypeReference
from tests.dialects.state.site import Site
from tests.dialects.state.walk import PHASES, PIPELINES
from tests.teams import add_person, add_team

NOOP = {"type": "noop"}


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    found = Site().ask("GET", "/schemas/pipeline.json", by="")
    assert found.status == 200
    Draft202012Validator.check_schema(found.json)
    return Draft202012Validator(found.json)


def pipeline(reference: TypeReference, **others: object) -> dict[str, Any]:
    body = {**reference.example, **others}
    phase = {"steps": [body]} if reference in STEPS.values() else {"steps": [NOOP], "gates": [body]}
    return {"name": "release", "phases": [{"name": "one", **phase}]}


EVERY = pytest.mark.parametrize("reference", [*STEPS.values(), *GATES.values()], ids=lambda one: one.example["type"])


@EVERY
def test_each_example_is_valid(schema: Draft202012Validator, reference: TypeReference) -> None:
    assert list(schema.iter_errors(pipeline(reference))) == []


@EVERY
def test_what_a_type_must_have_is_missed(schema: Draft202012Validator, reference: TypeReference) -> None:
    for name in (*reference.needed, *reference.one_of):
        body = pipeline(reference)
        phase = body["phases"][0]
        del (phase.get("gates") or phase["steps"])[0][name if name in reference.example else reference.one_of[0]]

        assert list(schema.iter_errors(body)), name


@EVERY
def test_an_unknown_field_is_found_at_its_place(schema: Draft202012Validator, reference: TypeReference) -> None:
    (found,) = schema.iter_errors(pipeline(reference, tiemout=3))

    place = "steps" if reference in STEPS.values() else "gates"
    assert list(found.absolute_path) == ["phases", 0, place, 0]


def test_what_the_platform_shows_is_valid(schema: Draft202012Validator) -> None:
    assert list(schema.iter_errors(shown())) == []


def shown() -> Mapping[str, Any]:
    """A pipeline as it is answered."""
    site = Site()
    add_team(site.house.ports, "ops")
    add_person(site.house.ports, "ada")
    phases = [{**PHASES[1], "steps": [{"type": "wait", "seconds": 3}]}]
    body = {"name": "release", "phases": phases, "triggers": [{"type": "webhook"}]}
    site.done("POST", f"{PIPELINES}/by-project/web/add", body)
    found = site.get(f"{PIPELINES}/by-project/web/by-name/release/")
    assert isinstance(found, dict)
    return found
