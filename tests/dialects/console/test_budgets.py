"""What pages may cost: the budgets of the console that fail the build. Times are the bench's."""

from collections import Counter
from collections.abc import Callable

import pytest

from chalicelib.dialects.console.frame.assets import files
from tests.dialects.console.measured import elements_of, packed, reads_of
from tests.dialects.console.scenes import KILOBYTES, SCENES, Scene
from tests.dialects.matrix.world import World

FIRST_VIEW, SCRIPTS = 60 * KILOBYTES, 35 * KILOBYTES
MOST_LOADS = 6
RAIL = ("runs.recent_open", "projects.recent_projects")
"""What is read for the count of the inbox beside every page: of each project once in some seconds, whoever looks."""

RAIL_READS = 3
"""Of an admin where there are two projects; of who may read one project, it is one."""


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_page_keeps_its_budget(scene: Scene, world_of: Callable[[str], World]) -> None:
    world = world_of(scene.world)

    with reads_of(world) as calls:
        page = world.ask("GET", scene.path, by=scene.by)

    assert page.status == scene.status
    assert packed(page.text) <= scene.bytes
    assert elements_of(page.text).count <= scene.elements
    beside = [call for call in calls if call in RAIL]
    assert len(beside) <= RAIL_READS
    assert len(calls) - len(beside) <= scene.reads, calls


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_no_two_elements_of_a_page_have_one_name(scene: Scene, world_of: Callable[[str], World]) -> None:
    ids = elements_of(world_of(scene.world).ask("GET", scene.path, by=scene.by).text).ids

    assert [name for name, count in Counter(ids).items() if count > 1] == []


def test_a_first_view_is_small_and_asks_for_few_files(world_of: Callable[[str], World]) -> None:
    page = world_of("full").ask("GET", "/runs/$waiting", by="owner").text
    loaded = {name: packed(file.content) for name, file in files().items() if name in page or name.endswith(".js")}

    assert len(elements_of(page).loads) <= MOST_LOADS
    assert sum(size for name, size in loaded.items() if name.endswith(".js")) <= SCRIPTS
    assert packed(page) + sum(loaded.values()) <= FIRST_VIEW
