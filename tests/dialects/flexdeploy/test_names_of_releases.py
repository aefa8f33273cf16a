"""A release's name is its own among those of its first project, also after it was renamed."""

import pytest

from tests.dialects.flexdeploy.walk import RELEASES, V1, V2
from tests.dialects.matrix.callers import ADMIN
from tests.dialects.matrix.world import World, peopled


@pytest.fixture
def world() -> World:
    """Two releases of one project."""
    made = peopled()
    coded = {"environmentCode": "LIVE", "environmentName": "Live"}
    place = made.done("POST", f"{V2}/topology/environment", coded)["environmentId"]
    made.things["cart"] = str(made.done("POST", f"{V2}/project", {"projectName": "cart", "folderId": 99})["projectId"])
    definition = {"stages": [{"environmentId": place}]}
    new = {"pipelineName": "careful", "definition": definition}
    made.things["pipeline"] = str(made.done("POST", f"{V1}/pipelines", new)["pipelineId"])
    for name in ("spring", "summer"):
        made.things[name] = str(made.done("POST", RELEASES, planned(name), Idempotency_Key=name)["releaseId"])
    return made


def planned(name: str) -> dict[str, object]:
    return {"releaseName": name, "pipelineId": "#$pipeline", "projects": [{"projectId": "#$cart"}]}


@pytest.mark.parametrize("name", ["spring", "Spring", " spring "])
def test_a_name_that_another_has_is_refused(world: World, name: str) -> None:
    assert world.ask("POST", RELEASES, planned(name), by=ADMIN).status == 409
    assert world.ask("PATCH", f"{RELEASES}/$summer", {"releaseName": name}, by=ADMIN).status == 409
    assert world.done("GET", f"{RELEASES}/$summer")["releaseName"] == "summer"


def test_a_name_that_another_was_given_later_is_refused_too(world: World) -> None:
    world.done("PATCH", f"{RELEASES}/$spring", {"releaseName": "early"})

    assert world.ask("POST", RELEASES, planned("early"), by=ADMIN).status == 409
    assert world.ask("PATCH", f"{RELEASES}/$summer", {"releaseName": "EARLY"}, by=ADMIN).status == 409
    assert len(world.done("GET", f"{RELEASES}?releaseName=early")) == 1


def test_its_own_name_may_be_said_again(world: World) -> None:
    shown = world.done("PATCH", f"{RELEASES}/$spring", {"releaseName": "Spring", "description": "again"})

    assert (shown["releaseName"], shown["description"]) == ("Spring", "again")
    assert world.done("POST", RELEASES, planned("summer"), Idempotency_Key="summer")["releaseId"] == int(
        world.things["summer"]
    )
