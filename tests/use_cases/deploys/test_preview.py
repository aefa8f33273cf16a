"""What a deploy would change and do, told before; and a rollback with what it does not undo."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.definitions.definition import DeploymentJob, job_ref
from chalicelib.kernel.definitions.pipeline import PipelineStep, StepType
from chalicelib.kernel.faults import Conflict, Invalid, NotFound
from chalicelib.kernel.plans.freezes import Freeze, Freezes, Interval
from chalicelib.kernel.plans.work import DefinitionKind, Job, JobKind
from chalicelib.kernel.projects.deployment import Change
from chalicelib.use_cases.deploys.preview import DeployPreview, PreviewDeploy, preview_deploy
from chalicelib.use_cases.deploys.rollback import (
    PreviewRollback,
    RollBack,
    RollbackPreview,
    preview_rollback,
    roll_back,
)
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.projects.record_deployment import deployment_or_new
from slipway_formats.release import Dependency, ReleaseStage
from tests.builders import NOON, an_entry
from tests.kernel.definitions.given import a_phase, a_pipeline
from tests.use_cases.catalog_ports import READER, WRITER, CatalogHouse, an_origin
from tests.use_cases.changes.given import a_house, deployed


def told(house: CatalogHouse, version: str = "", inputs: Mapping[str, object] | None = None) -> DeployPreview:
    query = PreviewDeploy(by=READER, project="web", environment="staging", deployment="app")
    return preview_deploy(house.ports, replace(query, version=version, inputs=inputs or {}))


def back(house: CatalogHouse) -> RollbackPreview:
    query = PreviewRollback(by=READER, project="web", environment="staging", deployment="app")
    return preview_rollback(house.ports, query)


def changed(
    house: CatalogHouse, action: JobKind | None, release: str, *, went_well: bool = True, run: str = ""
) -> None:
    """Record that something was done to the deployment, an hour later."""
    house.world.move(timedelta(hours=1))
    before = deployment_or_new(house.ports, "web", "staging", "app")
    change = Change(
        id=f"{action} {release} {house.world.now()}",
        at=house.world.now(),
        by="eve",
        action=action,
        release=release,
        went_well=went_well,
        run=run,
        state=before.state,
    )
    house.ports.deployments.commit(before, change, None)


@pytest.fixture
def house() -> CatalogHouse:
    return a_house()


def test_a_deploy_is_told_with_its_changes_and_nothing_is_started(house: CatalogHouse) -> None:
    seen = told(house)
    (change,) = seen.changes.deployments
    assert (seen.release, change.old, change.new) == ("demo/app-v2.0", "1.0", "2.0")
    assert change.between is not None
    assert [commit.version for commit in change.between.commits] == ["2.0", "1.1"]
    assert seen.digest == told(house).digest
    assert list(house.ports.runs.of_project("web", DefinitionKind.DEPLOYMENT_JOB, Page())) == []


def test_inputs_that_are_given_count_and_secrets_among_them_are_not_shown(house: CatalogHouse) -> None:
    seen = told(house, "1.1", {"colour": "green", "password": {"secret": "hush"}})
    assert [(one.name, one.new, one.is_secret) for one in seen.changes.deployments[0].inputs] == [
        ("colour", "green", False),
        ("password", None, True),
    ]
    assert "hush" not in str(seen)


def test_what_cannot_be_deployed_is_refused_as_a_deploy_would_be(house: CatalogHouse) -> None:
    with pytest.raises(NotFound, match="no version 9"):
        told(house, "9.9")
    with pytest.raises(Invalid, match="inputs"):
        told(house, inputs={"": 1})
    job = house.ports.definitions.definition(job_ref("web", "staging", "app"))
    assert isinstance(job, DeploymentJob)
    house.ports.definitions.save(replace(job, disabled=True), an_entry())
    with pytest.raises(Conflict, match="disabled"):
        told(house)


def test_what_it_does_besides_is_told(house: CatalogHouse) -> None:
    house.inventory.stages = {"pre_deploy": ReleaseStage(inline="true"), "post_deploy": ReleaseStage()}
    house.inventory.depends = (Dependency(release_id="demo/db-v1.0"), Dependency(release_id="x", scopes=("build",)))
    step = PipelineStep(type=StepType.DEPLOY, deployment="app", trigger_pipeline_on_deploy=True)
    house.ports.definitions.create(a_pipeline(a_phase(step)), an_entry())
    during = Interval(begins=NOON, ends=NOON + timedelta(hours=2))
    freeze = Freeze(id="f1", during=during, reason="winter", by="ada", at=NOON, project="web")
    house.ports.freezes.save(Freezes(all=(freeze,)), an_entry())
    house.inventory.yanked.add("2.0")

    assert [(one.kind, one.what.partition(";")[0]) for one in told(house, "2.0").effects] == [
        ("warning", "the release was yanked by ada: it leaks"),
        ("warning", "the release has no package yet, and cannot be deployed without"),
        ("script", "a runner performs pre_deploy"),
        ("dependency", "demo/db-v1.0 is deployed with it"),
        ("pipeline", "pipeline release in web starts when it has succeeded"),
        ("hold", "every environment of web is frozen by ada: winter"),
    ]


def test_one_goes_back_to_the_last_that_was_deployed_well(house: CatalogHouse) -> None:
    deployed(house, "1.1", {"port": 80, "colour": "red"})
    changed(house, JobKind.DEPLOY, "demo/app-v2.0", went_well=False)
    seen = back(house)
    assert (seen.to.release, seen.deploy.release) == ("demo/app-v1.1", "demo/app-v1.1")
    deployed(house, "2.0", {})
    assert back(house).to.release == "demo/app-v1.1"


def test_what_a_rollback_does_not_undo_is_told(house: CatalogHouse) -> None:
    house.inventory.stages = {"deploy": ReleaseStage(script="migrate.sh")}
    changed(house, None, "", run="run7")
    changed(house, JobKind.DEPLOY, "demo/app-v1.1", run="run7")
    changed(house, JobKind.SMOKE, "demo/app-v1.1")
    changed(house, JobKind.ERRAND, "demo/app-v1.1")
    changed(house, None, "")
    assert list(back(house).kept) == [
        "demo/app-v1.1 was deployed at 2026-06-01T14:00:00+00:00 by eve: "
        "what its deploy did outside of the state stays",
        "an errand of demo/app-v1.1 was run at 2026-06-01T16:00:00+00:00 by eve",
        "the state was written at 2026-06-01T17:00:00+00:00 by eve",
        "inputs stay as the job gives them now, which is not as they were then: colour",
    ]


def test_where_nothing_else_was_deployed_well_there_is_no_way_back(house: CatalogHouse) -> None:
    with pytest.raises(Conflict, match="no other release was deployed well as app before"):
        back(house)
    changed(house, JobKind.DEPLOY, "demo/app-v1.0")
    with pytest.raises(Conflict, match="no other release"):
        back(house)
    changed(house, JobKind.DEPLOY, "demo/app-v1.1")
    changed(house, JobKind.DEPLOY, "other/it-v1.0")
    assert back(house).to.release == "demo/app-v1.1"
    with pytest.raises(NotFound, match="no deployment nothing"):
        preview_rollback(
            house.ports, PreviewRollback(by=READER, project="web", environment="staging", deployment="nothing")
        )


def test_a_release_of_another_application_is_no_way_back(house: CatalogHouse) -> None:
    changed(house, JobKind.DEPLOY, "other/it-v1.0")
    changed(house, JobKind.DEPLOY, "demo/app-v1.1")
    with pytest.raises(Conflict, match=r"other/it-v1\.0 is of another application"):
        back(house)


def test_a_way_back_is_found_beyond_a_page_of_changes(house: CatalogHouse) -> None:
    for _ in range(120):
        changed(house, None, "")
    changed(house, JobKind.DEPLOY, "demo/app-v1.1")
    assert back(house).to.release == "demo/app-v1.0"


def test_a_rollback_deploys_the_release_before_and_is_bound_to_what_was_shown(house: CatalogHouse) -> None:
    deployed(house, "1.1", {})
    command = RollBack(origin=an_origin(WRITER), project="web", environment="staging", deployment="app")
    digest = back(house).deploy.digest
    with pytest.raises(Conflict, match=r"no longer what was shown: it goes to demo/app-v1\.0"):
        roll_back(house.ports, replace(command, digest="0" * 64))

    run = roll_back(house.ports, replace(command, digest=digest))

    work = house.ports.runs.plan(run.plan).stages[0].steps[0].work
    assert isinstance(work, Job)
    assert (work.kind, work.ask["release"]) == (JobKind.DEPLOY, "demo/app-v1.0")
