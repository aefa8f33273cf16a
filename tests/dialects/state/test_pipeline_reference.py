"""The reference of the pipeline file tells the truth: every field has a word, those that count do, examples run."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.dialects.state.pipelines import field_texts, shapes, words
from chalicelib.dialects.state.pipelines.reference import EVERY_GATE, EVERY_STEP, GATES, STEPS, TypeReference
from chalicelib.kernel.definitions.compile_pipeline import compile_pipeline
from chalicelib.kernel.definitions.handles import handles
from chalicelib.kernel.definitions.pipeline import GateType, PipelinePhase, StepType
from chalicelib.kernel.engine.phase import WAITING, Phase
from chalicelib.kernel.faults import Invalid
from tests.dialects.state.site import Site
from tests.dialects.state.walk import JOBS, PIPELINES, WEB
from tests.kernel.definitions.given import a_pipeline, a_run_ask, noop

BEFORE = {"type": "noop", "name": "before"}
OTHERS: Mapping[str, tuple[object, ...]] = {
    "name": ("another",),
    "needs": (["before"],),
    "precondition": ("1 == 1",),
    "ignore_failure": (True, False),
    "run_on_failure": (True,),
    "timeout": (77,),
    "attempts": (5,),
    "backoff": (44,),
    "tag": ("gold", ""),
    "namespace": ("other",),
    "application": ("other",),
    "tag_version": ("tagged-version", "last-version-in-pipeline"),
    "tag_tagged_version": ("silver",),
    "project": ("other",),
    "environment": ("production",),
    "build": ("other",),
    "deployment": ("other",),
    "pipeline": ("other",),
    "wait_for_pipeline": (True, False),
    "trigger_pipeline_on_build": (True,),
    "trigger_pipeline_on_deploy": (True,),
    "update_version": ("tagged-version",),
    "update_version_deployment": ("other",),
    "update_version_environment": ("production",),
    "errand_name": ("other",),
    "errand_inputs": ({"one": "1"},),
    "webhook_url": ("https://other.example.org/",),
    "script": ("echo other",),
    "pool": ("gpu",),
    "no_network": (True,),
    "api_token": (True,),
    "stop_on_error": (False,),
    "team": ("ops",),
    "user": ("ada",),
    "subject": ("Other",),
    "message": ("Other.",),
    "to": (["https://other.example.org/"],),
    "seconds": (7,),
    "until": ("2027-01-01T00:00:00Z",),
    "cron": ("0 0 5 * * ?",),
    "steps": ([{"type": "noop"}],),
    "description": ("Other.",),
    "quorum": (7,),
    "no_self_approval": (True, False),
    "expires_after": (7,),
    "windows": ([{"opens": "0 0 1 * * ?", "closes": "0 0 2 * * ?"}],),
    "system": ("other",),
    "ticket": ("other",),
    "phase": ("other",),
    "qualifier": ("failed-at-most",),
    "value": (7,),
}
"""Other values of each field."""

TAGGED = {"tag": "tested", "namespace": "demo", "application": "app"}
MARKS = {"tag", *field_texts.TAGGING}
STEP_FIELDS = tuple(name for name in shapes.StepShape.model_fields if name not in {"type", *field_texts.READ_ONLY})
GATE_FIELDS = tuple(name for name in shapes.GateShape.model_fields if name not in {"type", *field_texts.READ_ONLY})


def compiled(phase: PipelinePhase) -> object:
    """What comes of a phase between others: its plan without the definition itself, and what it listens to."""
    one = replace(a_pipeline(), phases=(replace(a_pipeline().phases[0], name="build", steps=(noop("x"),)), phase))
    try:
        return replace(compile_pipeline(one, a_run_ask()), snapshot={}), handles(one)
    except Invalid as fault:
        return {(one.path, one.message) for one in fault.defects}


def of_step(step: Mapping[str, Any]) -> object:
    body = shapes.PhaseShape.model_validate_json(json.dumps({"environment": "staging", "steps": [BEFORE, step]}))
    return compiled(words._phase(body))


def of_gate(gate: Mapping[str, Any]) -> object:
    return compiled(
        words._phase(shapes.PhaseShape.model_validate_json(json.dumps({"gates": [gate], "steps": [BEFORE]})))
    )


@pytest.mark.parametrize("name", STEP_FIELDS)
@pytest.mark.parametrize("type_", StepType)
def test_the_fields_of_a_step_that_are_said_to_count_do_and_no_others(type_: StepType, name: str) -> None:
    reference = STEPS[type_]
    also = {"tag_version": "tagged-version"} if name == "tag_tagged_version" else {}
    also |= {"update_version": "version-from-deployment-job"} if name == "update_version_deployment" else {}
    example = {**reference.example, **(TAGGED if name in MARKS else {}), **also}

    changed = [of_step({**example, name: other}) for other in OTHERS[name]]
    is_refused = [isinstance(one, set) for one in changed]

    if name in (*EVERY_STEP, *reference.fields):
        assert any(one != of_step(example) for one in changed)
    elif name not in MARKS:
        assert all(is_refused) or all(one == of_step(example) for one in changed)


@pytest.mark.parametrize("name", GATE_FIELDS)
@pytest.mark.parametrize("type_", GateType)
def test_the_fields_of_a_gate_that_are_said_to_count_do_and_no_others(type_: GateType, name: str) -> None:
    reference = GATES[type_]

    changed = [of_gate({**reference.example, name: other}) for other in OTHERS[name]]

    matters = name in (*EVERY_GATE, *reference.fields)
    # Kept of each in its policy, and looked at where people decide.
    assert matters or name == "quorum" or all(one == of_gate(reference.example) for one in changed)
    assert not matters or any(one != of_gate(reference.example) for one in changed)


@pytest.mark.parametrize("reference", [*STEPS.values(), *GATES.values()], ids=lambda one: str(one.example["type"]))
def test_a_type_is_refused_without_what_it_is_said_to_need(reference: TypeReference) -> None:
    made = of_step if reference in STEPS.values() else of_gate
    example = {**reference.example, "environment": "staging"} if made is of_step else reference.example

    assert not isinstance(made(example), set)
    for name in reference.needed:
        assert isinstance(made({key: value for key, value in example.items() if key != name}), set), name
    for name in reference.one_of:
        assert not isinstance(made({**_without(example, reference.one_of), name: OTHERS[name][0]}), set), name
    if reference.one_of:
        assert isinstance(made(_without(example, reference.one_of)), set)


def _without(example: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {key: value for key, value in example.items() if key not in names}


@pytest.mark.parametrize(
    ("shape", "texts"),
    [
        (shapes.PipelineBody, field_texts.PIPELINE),
        (shapes.TriggerShape, field_texts.TRIGGER),
        (shapes.PhaseShape, field_texts.PHASE),
        (shapes.StepShape, field_texts.STEP),
        (shapes.GateShape, field_texts.GATE),
        (shapes.WindowShape, field_texts.WINDOW),
    ],
)
def test_every_field_has_its_word_and_no_other(shape: type[Any], texts: Mapping[str, str]) -> None:
    assert set(texts) == set(shape.model_fields) - field_texts.READ_ONLY


ENDS = {
    **dict.fromkeys(StepType, Phase.SUCCEEDED),
    StepType.CONFIRMATION: Phase.WAITING_PERSON,
    StepType.MANUAL_TASK: Phase.WAITING_PERSON,
    StepType.WAIT: Phase.WAITING_TIME,
    StepType.SCHEDULE: Phase.WAITING_TIME,
    StepType.IMPOSSIBLE: Phase.FAILED,
}
"""How an example stands once every job in it has succeeded."""


@pytest.mark.parametrize("type_", StepType)
def test_the_example_of_a_step_runs(type_: StepType) -> None:
    site = a_site()
    build = {"type": "build", "environment": "staging", "build": "app"}

    run = run_of(site, {"steps": [build]}, {"environment": "staging", "steps": [STEPS[type_].example]})

    assert run.stages[1].nodes["s1"].phase is ENDS[type_], run.stages[1].nodes["s1"].reason


@pytest.mark.parametrize("type_", GateType)
def test_the_example_of_a_gate_is_reached(type_: GateType) -> None:
    site = a_site()

    run = run_of(site, {"name": "build", "steps": [BEFORE]}, {"gates": [GATES[type_].example], "steps": [BEFORE]})

    assert run.stages[1].nodes["g1"].phase in {*WAITING, Phase.SUCCEEDED}


def a_site() -> Site:
    """A site with the build, job and pipeline that the examples name."""
    site = Site()
    site.done("POST", f"{WEB}/environments/", {"name": "ci"}, by="olga")
    site.done("POST", f"{WEB}/repositories/add-repository", {"name": "code", "url": "file:///srv/app.git"})
    for environment in ("staging", "ci"):
        place = f"{WEB}/environments/{environment}/builds/"
        site.done("POST", place, {"name": "app", "repo": "code", "steps": [{}]})
    job = {"environment": "staging", "deployment": "app", "release": "demo/app"}
    site.done("POST", f"{JOBS}/by-project/web/add", job)
    site.done("POST", f"{JOBS}/by-project/web/by-environment/staging/by-name/app/trigger")
    work_off(site)
    nightly = {"name": "nightly", "phases": [{"steps": [BEFORE]}]}
    site.done("POST", f"{PIPELINES}/by-project/web/add", nightly)
    return site


def run_of(site: Site, *phases: dict[str, Any]) -> Any:  # noqa: ANN401 - a run
    """The run of a pipeline of these phases, when every job in it has succeeded."""
    site.done("POST", f"{PIPELINES}/by-project/web/add", {"name": "release", "phases": list(phases)})
    id_ = site.done("POST", f"{PIPELINES}/by-project/web/by-name/release/trigger")["id"]
    work_off(site)
    return site.house.runs.run(id_)


def work_off(site: Site) -> None:
    site.house.work_off()
    while leased := site.house.lease():
        for one in leased:
            site.house.finish(one, release="demo/app-v2.0")
