"""FlexDeploy's API says our words in its clients' way, and what people wrote as they wrote it."""

from typing import Any

import pytest

from tests.dialects.flexdeploy.walk import V2
from tests.dialects.matrix.callers import ADMIN
from tests.dialects.matrix.world import World, peopled

WRITTEN = "train application"


@pytest.fixture
def world() -> World:
    """A folder."""
    made = peopled()
    made.things["folder"] = str(made.done("POST", f"{V2}/folder", {"folderName": "Shops"})["folderId"])
    return made


def twice(world: World, path: str, body: dict[str, Any]) -> str:
    """What is said of a thing that is there already."""
    world.done("POST", path, body)
    said: str = world.ask("POST", path, body, by=ADMIN).json["message"]
    return said


def test_what_people_wrote_stays_in_refusals(world: World) -> None:
    project = {"folderId": "$folder", "projectName": WRITTEN}
    folder = {"folderName": WRITTEN}

    assert twice(world, f"{V2}/project", project) == f"project {WRITTEN} exists already"
    assert WRITTEN in twice(world, f"{V2}/folder", folder)
