"""Every field of the published schemas: served with the type it should have, written and read back, or not written."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.dialects.state.one_of_each import STEP, served, with_one_of_each
from tests.dialects.state.schemas import PLAIN, Field, schemas
from tests.dialects.state.site import Site
from tests.dialects.state.walk import BUILD, JOB, PIPELINE, STAGING, WEB

SCHEMAS = schemas()
WRITE_ONLY = {"Build": {"private_key", "escape_auth_token", "update_private_key"}}
"""What is taken and never shown."""

OURS = {"DeploymentJob": {"id"}, "Pipeline": {"permission", "project"}, "PipelineTrigger": {"webhooktoken"}}
"""What the page does not call read-only and can be nothing else."""

GIVEN_BY_PATH = {"Build": {"name"}, "DeploymentJob": {"name"}, "Pipeline": {"name"}}
LINKS = {"phases", "steps", "triggers", "service_account_name"}
"""What is made of other schemas, each of which has its own turn; and who acts, which only those make who may."""

WORTH = {
    "application": "app",
    "build": "app",
    "deployment": "demo/app",
    "environment": "staging",
    "namespace": "demo",
    "pipeline": "other",
    "project": "web",
    "repo": "code",
    "plan_location": "sub/escape.yml",
    "providers": {"db": "demo/app"},
    "remote_escape_worker_url": "https://worker.example.org",
    "type": "webhook-trigger",
    "update_version_deployment": "demo/app",
    "update_version_environment": "staging",
    "webhook_url": "https://hook.example.org/x",
}
"""What is written where not any text will do."""

STEPS_BY_TYPE: Mapping[str, Mapping[str, object]] = {
    "build": {"build": "app"},
    "pipeline-trigger": {"pipeline": "other"},
    "webhook-trigger": {"webhook_url": "https://hook.example.org/"},
    "confirmation": {},
    "deploy": {"deployment": "demo/app"},
    "run-smoke": {"deployment": "demo/app"},
    "run-destroy": {"deployment": "demo/app"},
    "run-errand": {"deployment": "demo/app", "errand_name": "backup"},
}


@pytest.fixture(scope="module")
def site() -> Site:
    return with_one_of_each()


def test_the_page_has_the_schemas_that_it_is_known_for(site: Site) -> None:
    assert set(SCHEMAS) == set(served(site))
    assert {name: len(fields) for name, fields in SCHEMAS.items() if len(fields) > 7} == {
        "Build": 17,
        "BuildStep": 19,
        "Pipeline": 8,
        "PipelineStep": 25,
    }


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_field_is_served_with_its_type(site: Site, name: str) -> None:
    _fits_schema(name, served(site)[name])


def _fits_schema(name: str, value: Any) -> None:  # noqa: ANN401 - a part of a body
    for field in SCHEMAS[name]:
        if field.name in WRITE_ONLY.get(name, ()):
            assert field.name not in value
            continue
        assert field.name in value, f"{name}.{field.name} is not served"
        _fits(field, field.type, value[field.name])


def _fits(field: Field, kind: str, value: Any) -> None:  # noqa: ANN401 - a part of a body
    inner = kind.strip("[]{}").rpartition(" ")[2]
    match kind[0]:
        case "[":
            assert isinstance(value, list)
            for one in value:
                _fits(field, inner, one)
        case "{":
            assert isinstance(value, dict)
            for one in value.values():
                _fits(field, inner, one)
        case _ if kind == "enum":
            assert value in field.choices, field
        case _ if kind in PLAIN or kind == "DeploymentName":
            kinds = {"string": str, "bool": bool, "int": int, "object": dict, "DeploymentName": str}
            assert type(value) is kinds[kind], field
        case _:
            _fits_schema(kind, value)


def _saved(site: Site, name: str, field: str, value: object) -> Any:  # noqa: ANN401 - a part of a body
    """What a GET shows of the schema after a PUT in which its field was given a value."""
    return SAVERS[name](site, {field: value})


def _save_build(site: Site, said: Mapping[str, object]) -> Any:  # noqa: ANN401 - a part of a body
    site.done("PUT", f"{BUILD}/", {"repo": "code", "steps": [{}], **said})
    return site.get(f"{BUILD}/")


def _save_pipeline(site: Site, said: Mapping[str, object]) -> Any:  # noqa: ANN401 - a part of a body
    phase = {"name": "one", "environment": "staging", "steps": [STEP]}
    site.done("PUT", f"{PIPELINE}/", {"phases": [phase], "triggers": [{"type": "webhook"}], **said})
    return site.get(f"{PIPELINE}/")


def _save_phase(site: Site, said: Mapping[str, object]) -> Any:  # noqa: ANN401 - a part of a body
    phase = {"name": "one", "environment": "staging", "steps": [STEP], **said}
    return _save_pipeline(site, {"phases": [phase]})["phases"][0]


def _save_job(site: Site, said: Mapping[str, object]) -> Any:  # noqa: ANN401 - a part of a body
    site.done("PUT", f"{JOB}/", {"release": "demo/app", **said})
    return site.get(f"{JOB}/")


SAVERS: Mapping[str, Callable[[Site, Mapping[str, object]], Any]] = {
    "Build": _save_build,
    "BuildStep": lambda site, said: _save_build(site, {"steps": [said]})["steps"][0],
    "DeploymentJob": _save_job,
    "Pipeline": _save_pipeline,
    "PipelinePhase": _save_phase,
    "PipelineStep": lambda site, said: _save_phase(site, {"steps": [{**STEP, **said}]})["steps"][0],
    "PipelineTrigger": lambda site, said: _save_pipeline(site, {"triggers": [{"type": "webhook", **said}]})["triggers"][
        0
    ],
}


def _is_written(name: str, field: Field) -> bool:
    kept_out = {*OURS.get(name, ()), *GIVEN_BY_PATH.get(name, ()), *WRITE_ONLY.get(name, ()), *LINKS}
    return not field.is_read_only and field.name not in kept_out


WRITTEN = [(name, field) for name in SAVERS for field in SCHEMAS[name] if _is_written(name, field)]
NOT_WRITTEN = [
    (name, field)
    for name in SAVERS
    for field in SCHEMAS[name]
    if field.is_read_only or field.name in OURS.get(name, ())
]


def _values(field: Field, before: object) -> list[object]:
    match field.type:
        case "bool":
            return [not before, before]
        case "enum":
            return list(field.choices)
        case "object" | "{string: string}":
            return [{"to": "there"}]
        case "[string]":
            return [["src/**", "*.py"]]
        case _:
            return [WORTH.get(field.name, "text")]


@pytest.mark.parametrize(("name", "field"), WRITTEN, ids=lambda one: getattr(one, "name", one))
def test_what_is_written_is_read_back(site: Site, name: str, field: Field) -> None:
    before = served(site)[name][field.name]
    for value in _values(field, before):
        more = STEPS_BY_TYPE[str(value)] if (name, field.name) == ("PipelineStep", "type") else {}
        tagged = {"namespace": "demo", "application": "app"} if field.name == "tag" else {}

        assert SAVERS[name](site, {**more, **tagged, field.name: value})[field.name] == value


@pytest.mark.parametrize(("name", "field"), NOT_WRITTEN, ids=lambda one: getattr(one, "name", one))
def test_what_is_read_only_is_ignored_when_it_is_written(site: Site, name: str, field: Field) -> None:
    before = served(site)[name][field.name]

    shown = _saved(site, name, field.name, "made-up")[field.name]

    assert shown != "made-up"
    if name != "PipelineTrigger":  # without the id of one that is there, it is a new one
        assert shown == before


@pytest.mark.parametrize(
    ("name", "field"),
    [(name, field) for name, field in WRITTEN if field.type == "enum"],
    ids=lambda one: getattr(one, "name", one),
)
def test_a_word_that_an_enum_has_not_is_refused_with_its_place(site: Site, name: str, field: Field) -> None:
    step = {**STEP, field.name: "made-up"}
    body = {
        "PipelineStep": {"phases": [{"name": "one", "steps": [step]}]},
        "PipelineTrigger": {"phases": [{"steps": [STEP]}], "triggers": [{"type": "made-up"}]},
    }[name]

    status, places = site.refused("PUT", f"{PIPELINE}/", body)

    assert status == 400
    assert any(place.endswith(f".{field.name}") for place in places)


def test_secrets_are_taken_and_never_shown(site: Site) -> None:
    secrets = {"private_key": "THE-KEY", "update_private_key": True, "escape_auth_token": "THE-TOKEN"}

    shown = _save_build(site, secrets)
    lists = [site.get(target) for target in ("/api/v1/builds/", f"{WEB}/builds/", f"{STAGING}/builds/")]

    assert not {"THE-KEY", "THE-TOKEN"} & set(str([shown, *lists]).replace("'", " ").split())
