"""What is no state file is refused with all that is wrong with it, and leaves nothing behind."""

from datetime import timedelta
from typing import Any

import pytest

from tests.dialects.state.site import Site
from tests.dialects.state.walk_projects import DEPLOYED, LOCAL_STATE, WEB

TARGET = f"{WEB}/import-environments"
TERRAFORM = {"version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "x", "outputs": {}, "resources": []}


@pytest.fixture
def site() -> Site:
    return Site()


def names(site: Site) -> list[str]:
    order: list[str] = site.get(f"{WEB}/")["environment_order"]
    return order


def test_every_defect_is_named_and_nothing_is_stored(site: Site) -> None:
    stages = {"deploy": {"status": {"status": "fine"}}, "test": {}}
    app = {"name": "other", "stages": stages}
    body = {
        "environments": {
            "Dev": {"deployments": {"9": {"stages": stages}, "app": app}},
            "qa": {"name": "up", "inputs": 5},
        }
    }

    status, places = site.refused("POST", TARGET, body)

    assert status == 400
    assert set(places) == {
        "environments.Dev",
        "environments.Dev.deployments.9",
        "environments.Dev.deployments.9.stages.deploy.status.status",
        "environments.Dev.deployments.9.stages.test",
        "environments.Dev.deployments.app.name",
        "environments.Dev.deployments.app.stages.deploy.status.status",
        "environments.Dev.deployments.app.stages.test",
        "environments.qa.inputs",
        "environments.qa.name",
    }
    assert names(site) == ["staging", "production"]


def test_things_that_say_another_name_than_they_are_found_under_are_named(site: Site) -> None:
    body = {"environments": {"dev": {"name": "qa", "deployments": {"app": {"name": "other"}}}}}
    assert site.refused("POST", TARGET, body) == (
        400,
        ["environments.dev.name", "environments.dev.deployments.app.name"],
    )


@pytest.mark.parametrize("body", [TERRAFORM, {"version": 3, "deployment": {}}, {}, [], "state"])
def test_the_state_of_another_tool_is_refused(site: Site, body: Any) -> None:  # noqa: ANN401 - any JSON
    assert site.ask("POST", TARGET, body).status == 400
    assert names(site) == ["staging", "production"]


def test_an_import_that_is_asked_for_again_changes_nothing(site: Site) -> None:
    site.done("POST", TARGET, LOCAL_STATE)
    site.house.world.move(timedelta(seconds=60))
    site.done("POST", TARGET, LOCAL_STATE)
    deployment = site.house.ports.deployments.find_deployment("web", "dev", "demo/app")
    assert deployment is not None
    assert deployment.version == 1


def test_of_environments_with_deployments_of_their_own_none_is_touched(site: Site) -> None:
    site.done("POST", TARGET, LOCAL_STATE)
    other = {"app": {"stages": {"deploy": DEPLOYED}}}
    answered = site.ask("POST", TARGET, {"environments": {"fresh": {}, "dev": {"deployments": other}}})
    assert answered.status == 409
    assert "dev" in answered.json["message"]
    assert "fresh" not in names(site)


def test_what_was_overwritten_stays_in_the_history(site: Site) -> None:
    site.done("POST", TARGET, LOCAL_STATE)
    then = site.house.world.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    site.house.world.move(timedelta(seconds=60))
    site.done("POST", f"{TARGET}?overwrite=true", {"environments": {"dev": {}}})
    seen = site.get(f"{WEB}/environments/dev/?full=true")
    assert seen == {"name": "dev"}
    assert site.get(f"{WEB}/environments/dev/?full=true&at={then}")["deployments"].keys() == {"demo/app"}


def test_a_file_without_inputs_leaves_those_that_are_there(site: Site) -> None:
    site.done("PUT", f"{WEB}/environments/staging/", {"inputs": {"region": "eu"}})
    site.done("POST", TARGET, LOCAL_STATE)
    assert site.get(f"{WEB}/environments/staging/")["inputs"] == {"region": "eu"}


def test_a_reader_imports_nothing(site: Site) -> None:
    assert site.refused("POST", TARGET, LOCAL_STATE, by="bob")[0] == 403
    assert site.refused("POST", TARGET, LOCAL_STATE, by="sam")[0] == 404


def test_a_deployment_that_fits_nowhere_keeps_the_others_out_too(site: Site) -> None:
    noise = "x" * (5 * 1024**2 + 1)
    deployments = {"small": {}, "large": {"inputs": {"noise": noise}}}
    answered = site.ask("POST", TARGET, {"environments": {"dev": {"deployments": deployments}}})
    assert answered.status == 413
    assert "large in dev" in answered.json["message"]
    assert names(site) == ["staging", "production"]
