"""What the ports of the catalog promise, asked of the fakes and of the store alike."""

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from os import urandom

import pytest

from chalicelib.aws.calls import Answer, Aws, AwsRequest, Send
from chalicelib.kernel.definitions.definition import build_ref, pipeline_ref, ref_of
from chalicelib.kernel.definitions.handles import ending_handle, webhook_handle
from chalicelib.kernel.definitions.pipeline import PipelineStep, PipelineTrigger, StepType
from chalicelib.kernel.faults import Conflict, NotFound, Stale
from chalicelib.kernel.plans.work import DefinitionKind, JobKind
from chalicelib.kernel.projects.deployment import Change, Deployment, DeploymentStage, DeploymentState, StageState
from chalicelib.kernel.projects.project import Environment, Project, Repository
from chalicelib.store.dynamo.records import Recent
from chalicelib.store.dynamo.remembered import WhileUnchanged
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.feed.writer import FeedWriter
from chalicelib.store.projects import keys
from chalicelib.store.projects.definitions import StoredDefinitions
from chalicelib.store.projects.deployments import StoredDeployments
from chalicelib.store.projects.projects import StoredProjects
from chalicelib.use_cases.ports.projects import Definitions, Deployments, Projects, place_of_change
from chalicelib.use_cases.ports.runs import Page
from infra import resources
from tests.builders import NOON, an_entry, later
from tests.conftest import aws_at
from tests.fakes.definitions import FakeDefinitions
from tests.fakes.deployments import FakeDeployments
from tests.fakes.projects import FakeProjects
from tests.kernel.definitions.given import a_build, a_job, a_phase, a_pipeline


@dataclass(frozen=True)
class Catalog:
    projects: Projects
    definitions: Definitions
    deployments: Deployments


@pytest.fixture(params=["fake", "store"])
def catalog(request: pytest.FixtureRequest) -> Catalog:
    if request.param == "fake":
        projects = FakeProjects()
        return Catalog(projects, FakeDefinitions(projects=projects), FakeDeployments(projects=projects))
    tables: Tables = request.getfixturevalue("tables")
    # As on one machine: what is read anew each time is read so too.
    deployments = StoredDeployments(tables=tables, feed=FeedWriter(tables=tables), known=WhileUnchanged(9, len))
    return Catalog(StoredProjects(tables=tables), StoredDefinitions(tables=tables), deployments)


@pytest.fixture
def furnished(catalog: Catalog) -> Catalog:
    """A project with two environments."""
    catalog.projects.create(a_project(), an_entry())
    for name in ("staging", "production"):
        catalog.projects.create_environment(catalog.projects.project("web"), an_environment(name), an_entry())
    return catalog


def a_project(name: str = "web") -> Project:
    return Project(name=name, description="d", groups=("ops",), created_at=NOON)


def an_environment(name: str = "staging") -> Environment:
    return Environment(project="web", name=name, inputs={"region": "eu"}, created_at=NOON)


def a_state(version: str) -> DeploymentState:
    return DeploymentState(name="demo/app", stages={DeploymentStage.DEPLOY: StageState(version=version)})


def a_change(change_id: str, version: str, seconds: float = 0, action: JobKind | None = JobKind.DEPLOY) -> Change:
    return Change(id=change_id, at=later(seconds), by="ada", action=action, state=a_state(version))


UNKNOWN = Deployment(project="web", environment="staging", name="demo/app", state=None, changed_at=NOON)


def test_a_project_is_kept_as_it_was_made(catalog: Catalog) -> None:
    catalog.projects.create(a_project(), an_entry())
    assert catalog.projects.project("web") == a_project()
    assert catalog.projects.find_project("web") == a_project()
    assert catalog.projects.find_project("other") is None
    with pytest.raises(NotFound):
        catalog.projects.project("other")


def test_a_project_can_be_made_once(catalog: Catalog) -> None:
    catalog.projects.create(a_project(), an_entry())
    with pytest.raises(Conflict):
        catalog.projects.create(a_project(), an_entry())


def test_projects_are_listed_by_name_page_by_page(catalog: Catalog) -> None:
    for name in ("b", "a", "c"):
        catalog.projects.create(a_project(name), an_entry())
    assert [one.name for one in catalog.projects.projects(Page(size=2))] == ["a", "b"]
    assert [one.name for one in catalog.projects.projects(Page(size=2, after="b"))] == ["c"]


def test_a_page_of_projects_is_full_however_much_they_weigh(catalog: Catalog) -> None:
    names = [f"p{number}" for number in range(9)]
    for name in names:
        catalog.projects.create(replace(a_project(name), logo=urandom(130_000).hex()), an_entry())
    assert [one.name for one in catalog.projects.projects(Page(size=9))] == names


def test_of_two_that_change_a_project_the_slower_is_told(catalog: Catalog) -> None:
    catalog.projects.create(a_project(), an_entry())
    saved = catalog.projects.save(replace(a_project(), description="new"), an_entry())
    assert catalog.projects.project("web") == saved
    with pytest.raises(Stale):
        catalog.projects.save(replace(a_project(), description="late"), an_entry())


def test_a_new_environment_is_last_in_the_order(catalog: Catalog) -> None:
    catalog.projects.create(a_project(), an_entry())
    for name in ("staging", "production"):
        catalog.projects.create_environment(catalog.projects.project("web"), an_environment(name), an_entry())
    assert catalog.projects.project("web").environments == ("staging", "production")
    assert [one.name for one in catalog.projects.environments("web")] == ["production", "staging"]
    with pytest.raises(Conflict):
        catalog.projects.create_environment(catalog.projects.project("web"), an_environment(), an_entry())


def test_an_environment_is_not_made_in_a_project_that_changed(catalog: Catalog) -> None:
    catalog.projects.create(a_project(), an_entry())
    catalog.projects.create_environment(a_project(), an_environment(), an_entry())
    with pytest.raises(Stale):
        catalog.projects.create_environment(a_project(), an_environment("production"), an_entry())
    with pytest.raises(NotFound):
        catalog.projects.environment("web", "production")


def test_an_environment_and_a_repository_can_be_changed(catalog: Catalog) -> None:
    catalog.projects.create(a_project(), an_entry())
    catalog.projects.create_environment(a_project(), an_environment(), an_entry())
    environment = catalog.projects.save_environment(replace(an_environment(), description="new"), an_entry())
    assert catalog.projects.environment("web", "staging") == environment
    with pytest.raises(Stale):
        catalog.projects.save_environment(an_environment(), an_entry())
    repository = Repository(project="web", name="code", url="file:///x")
    catalog.projects.create_repository(repository, an_entry())
    saved = catalog.projects.save_repository(replace(repository, branch="main"), an_entry())
    assert catalog.projects.repositories("web") == [saved]
    assert catalog.projects.find_repository("web", "code") == saved
    assert catalog.projects.find_repository("web", "other") is None
    catalog.projects.remove_repository(saved, an_entry())
    with pytest.raises(NotFound):
        catalog.projects.repository("web", "code")


def test_a_definition_is_kept_as_it_was_made(furnished: Catalog) -> None:
    for definition in (a_build(), a_job(), a_pipeline()):
        furnished.definitions.create(definition, an_entry())
        assert furnished.definitions.definition(ref_of(definition)) == definition
        with pytest.raises(Conflict):
            furnished.definitions.create(replace(definition, disabled=True), an_entry())


def test_definitions_are_listed_by_kind_and_environment(furnished: Catalog) -> None:
    jobs = [a_job("production"), a_job("staging", "a"), a_job("staging", "a/b")]
    for job in reversed(jobs):
        furnished.definitions.create(job, an_entry())
    furnished.definitions.create(a_build(), an_entry())
    assert furnished.definitions.of_project("web", DefinitionKind.DEPLOYMENT_JOB) == jobs
    assert furnished.definitions.of_project("web", DefinitionKind.DEPLOYMENT_JOB, "staging") == jobs[1:]
    assert furnished.definitions.of_project("other", DefinitionKind.DEPLOYMENT_JOB) == []


def test_names_of_definitions_are_listed_without_what_they_hold(furnished: Catalog) -> None:
    for name in ("b#c%", "a"):
        furnished.definitions.create(a_pipeline(name=name), an_entry())
    furnished.definitions.create(a_build(), an_entry())

    assert furnished.definitions.recent_names("web", DefinitionKind.PIPELINE) == ("a", "b#c%")
    assert tuple(furnished.definitions.recent_names("other", DefinitionKind.PIPELINE)) == ()


def test_names_are_remembered_for_half_a_minute_and_own_changes_are_seen_at_once(tables: Tables) -> None:
    now = [NOON]
    plain = StoredProjects(tables=tables)
    plain.create(a_project(), an_entry())
    elsewhere = StoredDefinitions(tables=tables)
    here = StoredDefinitions(tables=tables, recent=Recent(lambda: now[0], kept=timedelta(seconds=30)))
    here.create(a_pipeline(name="a"), an_entry())
    assert here.recent_names("web", DefinitionKind.PIPELINE) == ("a",)

    elsewhere.create(a_pipeline(name="b"), an_entry())
    assert here.recent_names("web", DefinitionKind.PIPELINE) == ("a",)
    now[0] += timedelta(seconds=31)
    assert here.recent_names("web", DefinitionKind.PIPELINE) == ("a", "b")
    here.remove(pipeline_ref("web", "a"), an_entry())
    assert here.recent_names("web", DefinitionKind.PIPELINE) == ("b",)


def test_all_projects_are_listed_as_they_were_of_late(catalog: Catalog) -> None:
    for name in ("web", "shop"):
        catalog.projects.create(a_project(name), an_entry())

    assert [one.name for one in catalog.projects.recent_projects()] == ["shop", "web"]


def test_a_build_is_found_by_its_webhook(furnished: Catalog) -> None:
    furnished.definitions.create(a_build(), an_entry())
    assert furnished.definitions.found_by(webhook_handle("token-app")) == [build_ref("web", "staging", "app")]
    assert furnished.definitions.found_by(webhook_handle("wrong")) == []


def test_what_finds_a_pipeline_follows_its_changes(furnished: Catalog) -> None:
    step = PipelineStep(type=StepType.BUILD, build="app", trigger_pipeline_on_build=True)
    before = replace(a_pipeline(a_phase(step)), triggers=(PipelineTrigger(id="t", token="old"),))
    furnished.definitions.create(before, an_entry())
    ending = ending_handle(build_ref("web", "staging", "app"))
    assert furnished.definitions.found_by(ending) == [pipeline_ref("web", "release")]
    furnished.definitions.save(replace(a_pipeline(), triggers=(PipelineTrigger(id="t", token="new"),)), an_entry())
    assert furnished.definitions.found_by(ending) == []
    assert furnished.definitions.found_by(webhook_handle("old")) == []
    assert furnished.definitions.found_by(webhook_handle("new")) == [pipeline_ref("web", "release")]


def test_of_two_that_change_a_definition_the_slower_is_told(furnished: Catalog) -> None:
    furnished.definitions.create(a_job(), an_entry())
    furnished.definitions.save(replace(a_job(), disabled=True), an_entry())
    with pytest.raises(Stale):
        furnished.definitions.save(a_job(), an_entry())


def test_a_removed_definition_is_found_no_more(furnished: Catalog) -> None:
    furnished.definitions.create(a_build(), an_entry())
    assert furnished.definitions.find_definition(ref_of(a_build())) == a_build()
    furnished.definitions.remove(ref_of(a_build()), an_entry())
    assert furnished.definitions.find_definition(ref_of(a_build())) is None
    assert furnished.definitions.found_by(webhook_handle("token-app")) == []
    with pytest.raises(NotFound):
        furnished.definitions.remove(ref_of(a_build()), an_entry())


def test_the_state_of_a_deployment_is_kept_with_what_made_it(furnished: Catalog) -> None:
    assert furnished.deployments.find_deployment("web", "staging", "demo/app") is None
    saved = furnished.deployments.commit(UNKNOWN, a_change("job1", "1.0"), None)
    assert saved == Deployment(
        project="web",
        environment="staging",
        name="demo/app",
        state=a_state("1.0"),
        changed_at=NOON,
        version=1,
    )
    assert furnished.deployments.find_deployment("web", "staging", "demo/app") == saved
    assert furnished.deployments.in_environment("web", "staging") == [saved]
    assert furnished.deployments.in_environment("web", "production") == []


def test_what_a_job_changed_is_recorded_once(furnished: Catalog) -> None:
    saved = furnished.deployments.commit(UNKNOWN, a_change("job1", "1.0"), None)
    assert furnished.deployments.commit(saved, a_change("job1", "1.0", seconds=5), None) == saved
    assert len(furnished.deployments.history(saved, Page())) == 1


def test_of_two_that_change_a_deployment_the_slower_is_told(furnished: Catalog) -> None:
    furnished.deployments.commit(UNKNOWN, a_change("job1", "1.0"), None)
    with pytest.raises(Stale):
        furnished.deployments.commit(UNKNOWN, a_change("job2", "2.0"), None)


def test_the_past_answers_what_was_there(furnished: Catalog) -> None:
    first = furnished.deployments.commit(UNKNOWN, a_change("job1", "1.0"), None)
    second = furnished.deployments.commit(first, a_change("job2", "2.0", seconds=60), None)
    gone = furnished.deployments.commit(second, replace(a_change("x", "", seconds=90, action=None), state=None), None)

    def version_at(seconds: float) -> str | None:
        change = furnished.deployments.as_of(gone, later(seconds))
        return (
            change.state.stages[DeploymentStage.DEPLOY].version
            if change is not None and change.state is not None
            else None
        )

    assert [version_at(seconds) for seconds in (-1, 0, 59, 60, 90)] == [None, "1.0", "1.0", "2.0", None]


def test_a_clock_that_goes_backwards_turns_no_history_around(furnished: Catalog) -> None:
    first = furnished.deployments.commit(UNKNOWN, a_change("job1", "1.0", seconds=60), None)
    second = furnished.deployments.commit(first, a_change("job2", "2.0", seconds=10), None)
    assert [change.version for change in furnished.deployments.history(second, Page())] == [2, 1]
    assert second.changed_at == later(60)


def test_history_pages_from_the_newest_on(furnished: Catalog) -> None:
    saved = UNKNOWN
    for number in range(1, 4):
        saved = furnished.deployments.commit(saved, a_change(f"job{number}", f"{number}.0", seconds=number), None)
    page = furnished.deployments.history(saved, Page(size=2))
    assert [change.id for change in page] == ["job3", "job2"]
    rest = furnished.deployments.history(saved, Page(size=2, after=place_of_change(page[-1])))
    assert [change.id for change in rest] == ["job1"]


def cells(catalog: Catalog) -> list[tuple[str, str, str, str]]:
    found = catalog.deployments.cells("web", ("staging", "production"))
    return [(one.environment, one.deployment, one.version, one.phase) for one in found]


def test_a_deployment_has_one_cell_that_changes_with_it(furnished: Catalog) -> None:
    assert cells(furnished) == []
    first = furnished.deployments.commit(UNKNOWN, a_change("one", "1.0"), None)
    live = replace(UNKNOWN, environment="production")
    furnished.deployments.commit(live, a_change("two", "1.0", 5), None)
    second = furnished.deployments.commit(first, a_change("three", "1.1", 10), None)

    assert sorted(cells(furnished)) == [
        ("production", "demo/app", "1.0", "ok"),
        ("staging", "demo/app", "1.1", "ok"),
    ]
    gone = replace(a_change("four", "1.1", 20), state=None)
    furnished.deployments.forget(furnished.deployments.commit(second, gone, an_entry()))
    assert cells(furnished) == [("production", "demo/app", "1.0", "ok")]


def test_a_change_that_no_cell_shows_leaves_it_as_it_is(furnished: Catalog) -> None:
    first = furnished.deployments.commit(UNKNOWN, a_change("one", "1.0"), None)
    (before,) = furnished.deployments.cells("web", ("staging",))
    furnished.deployments.commit(first, a_change("two", "1.0", 10), None)

    assert list(furnished.deployments.cells("web", ("staging",))) == [before]
    assert (before.since, before.by) == (NOON, "ada")


def test_deployments_of_earlier_versions_get_their_cells(tables: Tables) -> None:
    projects, deployments = (
        StoredProjects(tables=tables),
        StoredDeployments(tables=tables, feed=FeedWriter(tables=tables)),
    )
    projects.create(a_project(), an_entry())
    projects.create_environment(projects.project("web"), an_environment(), an_entry())
    deployments.commit(UNKNOWN, a_change("one", "1.0"), None)
    tables.of(keys.PROJECTS).delete(keys.cell_key("web", "staging", "demo/app"))

    found = [cell for _ in range(2) for cell in deployments.cells("web", ("staging",))]
    assert [(cell.version, cell.since) for cell in found] == [("1.0", NOON)] * 2
    assert found[0] is found[1], "what is as it was is decoded once"


def test_on_one_machine_cells_are_asked_for_once_until_one_changes(aws: Aws, cloud: str, prefix: str) -> None:
    resources.create_tables(aws, prefix)
    asked = list[str]()

    def noting(request: AwsRequest, send: Send) -> Answer:
        asked.append(request.operation)
        return send(request)

    with closing(aws_at(cloud, noting)) as noted:
        tables = Tables(aws=noted, prefix=prefix)
        StoredProjects(tables=tables).create(a_project(), an_entry())
        StoredProjects(tables=tables).create_environment(a_project(), an_environment(), an_entry())
        stored = StoredDeployments(tables=tables, feed=FeedWriter(tables=tables), known=WhileUnchanged(9, len))
        first = stored.commit(UNKNOWN, a_change("one", "1.0"), None)
        stored.cells("web", ("staging",))
        asked.clear()
        assert [one.version for one in stored.cells("web", ("staging",))] == ["1.0"]
        assert asked == []
        stored.commit(first, a_change("two", "1.1", 10), None)
        asked.clear()
        assert [one.version for _ in range(2) for one in stored.cells("web", ("staging",))] == ["1.1"] * 2
    assert asked == ["Query"]
