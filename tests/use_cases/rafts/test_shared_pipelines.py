"""Pipelines of gates: their versions are drafts, then active, and then locked for ever."""

import pytest

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import Level, role_in
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, NotFound
from chalicelib.kernel.installation.shared_pipelines import SharedPipeline, VersionStatus
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.numbered_environments import CreateEnvironment, create_environment_entry
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.rafts.pipeline_versions import active_version
from chalicelib.use_cases.rafts.shared_pipelines import (
    ActivateVersion,
    CreatePipeline,
    PipelineQuery,
    SaveVersion,
    activate_version,
    create_or_update_version,
    create_pipeline,
    get_pipeline_version,
    list_pipeline_versions,
    list_pipelines,
)
from tests.builders import NOON
from tests.kernel.definitions.gated.given import Json, a_document, a_stage, a_step
from tests.use_cases.access.access_ports import ROOT, SEEDS
from tests.use_cases.house import House

OWNER = Principal(name="olga", roles=frozenset({role_in("web", Level.OWNER)}))


def origin(by: Principal = ROOT, seed: str = "") -> Origin:
    return Origin(by=by, at=NOON, seed=seed or SEEDS.next())


@pytest.fixture
def ports() -> Ports:
    return House().ports


def a_definition(ports: Ports, name: str = "look") -> Json:
    """A definition of one stage, in an environment that is there."""
    create = CreateEnvironment(origin=origin(seed="environment"), title="Development", code="DEV")
    environment = create_environment_entry(ports, create)
    return a_document(a_stage(a_step("MANUAL", name), environment=environment.id))


def a_pipeline(ports: Ports) -> SharedPipeline:
    return create_pipeline(ports, CreatePipeline(origin=origin(), title="standard", definition=a_definition(ports)))


def statuses(ports: Ports, pipeline: int) -> list[VersionStatus]:
    return [one.status for one in list_pipeline_versions(ports, PipelineQuery(origin=origin(), id=pipeline))]


def test_a_pipeline_is_made_with_a_draft(ports: Ports) -> None:
    pipeline = a_pipeline(ports)
    assert statuses(ports, pipeline.id) == [VersionStatus.DRAFT]
    assert active_version(ports, pipeline.id) is None
    view = get_pipeline_version(ports, PipelineQuery(origin=origin(), id=pipeline.id, number=1))
    assert view.definition.stages[0].steps[0].name == "look"
    assert list_pipelines(ports, PipelineQuery(origin=origin(), title="STAND")) == [pipeline]


def test_of_two_versions_one_is_active(ports: Ports) -> None:
    pipeline = a_pipeline(ports).id
    create_or_update_version(
        ports, SaveVersion(origin=origin(), pipeline=pipeline, definition=a_definition(ports, "new"))
    )
    for number in (1, 2):
        activate_version(ports, ActivateVersion(origin=origin(), pipeline=pipeline, number=number))
    assert statuses(ports, pipeline) == [VersionStatus.INACTIVE, VersionStatus.ACTIVE]
    activate_version(ports, ActivateVersion(origin=origin(), pipeline=pipeline, number=1))
    assert statuses(ports, pipeline) == [VersionStatus.ACTIVE, VersionStatus.INACTIVE]


def test_a_draft_is_changed_and_what_was_active_is_locked_for_ever(ports: Ports) -> None:
    pipeline = a_pipeline(ports).id
    change = SaveVersion(origin=origin(), pipeline=pipeline, number=1, definition=a_definition(ports, "again"))
    assert create_or_update_version(ports, change).definition.stages[0].steps[0].name == "again"
    activate_version(ports, ActivateVersion(origin=origin(), pipeline=pipeline, number=1))
    locked = SaveVersion(origin=origin(), pipeline=pipeline, number=1, definition=a_definition(ports, "late"))
    with pytest.raises(Conflict, match="version 1 of pipeline standard was active: it is locked for ever"):
        create_or_update_version(ports, locked)


def test_a_repeated_request_makes_one_version(ports: Ports) -> None:
    pipeline = a_pipeline(ports).id
    twice = SaveVersion(origin=origin(seed="once"), pipeline=pipeline, definition=a_definition(ports))
    assert [create_or_update_version(ports, twice).version.number for _ in range(2)] == [2, 2]


def test_bad_definitions_are_refused_and_leave_nothing(ports: Ports) -> None:
    bad = a_document(a_stage(a_step("DEPLOY", projectId=77), environment=78))
    with pytest.raises(Invalid) as refused:
        create_pipeline(ports, CreatePipeline(origin=origin(), title="bad", definition=bad))
    assert {defect.path for defect in refused.value.defects} == {
        "stages[0].environmentId",
        "stages[0].steps[0].projectId",
    }
    assert list_pipelines(ports, PipelineQuery(origin=origin())) == []


def test_owners_of_every_project_alone_change_pipelines(ports: Ports) -> None:
    pipeline = a_pipeline(ports).id
    with pytest.raises(Forbidden):
        create_pipeline(ports, CreatePipeline(origin=origin(OWNER), title="mine"))
    with pytest.raises(Forbidden):
        activate_version(ports, ActivateVersion(origin=origin(OWNER), pipeline=pipeline, number=1))
    with pytest.raises(NotFound):
        activate_version(ports, ActivateVersion(origin=origin(), pipeline=pipeline, number=9))
