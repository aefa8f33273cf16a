"""What a removed project leaves behind."""

from collections.abc import Iterator

import pytest

from tests.crash.house import CrashHouse
from tests.crash.near import Near
from tests.crash.picture import picture
from tests.crash.stories.inventory import STORIES as INVENTORY
from tests.crash.stories.removal import STORIES
from tests.crash.tell import teller_of


@pytest.fixture
def house() -> Iterator[CrashHouse]:
    near = Near()
    before = near.state()
    yield CrashHouse.built(near)
    near.restore(before)


def test_a_removed_project_leaves_the_audit_log_its_events_and_nothing_else(house: CrashHouse) -> None:
    left = teller_of(house, house.moment(), STORIES["remove a project"]).told()

    # What occurred can be read for a week, by whoever may read a project of that name.
    rest = [line for line in left if not line.startswith(("audit", "runs feed"))]
    # The names that are kept from others, who was there, without their roles, and the platform's own namespace.
    kept = ("access idempotency#removed/", "access user#bob", "access group#ops", "inventory namespace#_ ")
    assert [line for line in rest if not line.startswith(kept)] == []
    assert not [line for line in rest if "project:web" in line]
    assert "logs" not in {line.split(" ")[0] for line in picture(house)}


def test_a_removed_environment_takes_nothing_of_another_place(house: CrashHouse) -> None:
    left = teller_of(house, house.moment(), STORIES["remove an environment"]).told()

    told = [line for line in left if not line.startswith(("audit", "inventory", "runs feed"))]
    assert not [line for line in told if "staging" in line.replace("'environment': 'staging'", "")]
    assert [line.split(" ")[2] for line in told if line.startswith("projects")] == [
        "definition#pipeline##release:",
        "environment#production:",
        "project:",
        "repository#app:",
    ]


def test_a_removed_namespace_leaves_files_of_packages_its_events_and_nothing_else(house: CrashHouse) -> None:
    left = teller_of(house, house.moment(), INVENTORY["remove a namespace"]).told()

    aside = ("audit", "called", "projects", "runs feed", "access idempotency#removed/namespace/demo")
    told = [line for line in left if not line.startswith(aside)]
    assert len(told) == 1
    assert told[0].startswith("object packages/demo/app/v1.0/")
